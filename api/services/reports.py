"""Gather what a campaign's report shows, and have it written."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.results.ranking import Standings
from api.domain.results.report import Recounted, Report, StageReport
from api.domain.review.acts import PanelPhase, phase
from api.domain.review.aggregation import totals
from api.domain.review.agreement import agreement
from api.domain.review.panel import Panel
from api.domain.review.rubric import weights
from api.domain.review.statistics import statistics
from api.domain.selection.terms import InputSource
from api.domain.selection.versions import StageSelection
from api.ports import BallotRecords, PanelStore, Selections


@dataclass(frozen=True, slots=True)
class _Ballots:
    """What was read of a campaign's ballots; version: that of the counts it belongs to."""

    version: str
    minutes: Mapping[datetime, int]
    recounted: Recounted


class CampaignReports:
    """Writes reports. What was read of the ballots is kept for as long as the counts are the same."""

    def __init__(
        self, records: BallotRecords, panels: PanelStore, selections: Selections, render: Callable[[Report], str]
    ) -> None:
        self._records = records
        self._panels = panels
        self._selections = selections
        self._render = render
        self._read: dict[str, _Ballots] = {}

    async def write(self, standings: Standings, version: str, *, for_staff: bool) -> str:
        """Return the page. standings: of the campaign as its reader may see it; version: a text that changes with the counts.

        for_staff: whether it shows what is decided and not announced yet, and what the experts' scores come to as soon as the
        panel has closed.
        """
        return self._render(await self.gather(standings, version, for_staff=for_staff))

    async def gather(self, standings: Standings, version: str, *, for_staff: bool) -> Report:
        """Return what the report shows."""
        campaign = standings.campaign
        ballots = await self._ballots(campaign, version)
        hours = Counter[str]()
        for minute, count in ballots.minutes.items():
            hours[campaign.calendar.hour_of(minute)] += count
        stages = [each for each in [await self._stage(campaign, s.code, for_staff) for s in campaign.stages] if each]
        is_shown = for_staff or any(each.values(InputSource.EXPERT_SCORES) for each in stages)
        panel = await self._closed_panel(campaign, standings.as_of) if is_shown else None
        terms = None if panel is None else panel.terms.aggregation
        scored = () if panel is None else panel.scored
        return Report(
            standings=standings,
            hours=hours,
            recounted=ballots.recounted,
            electors=await self._records.electors(campaign.slug),
            stages=tuple(stages),
            scores=None if terms is None else statistics(scored, campaign.criteria, terms),
            agreement=agreement(totals(scored, weights(campaign.criteria))) if scored else None,
        )

    async def _ballots(self, campaign: Campaign, version: str) -> _Ballots:
        known = self._read.get(campaign.slug)
        if known is None or known.version != version:
            minutes, recounted = await self._records.minutes(campaign.slug), await self._records.recount(campaign)
            self._read[campaign.slug] = known = _Ballots(version, minutes, recounted)
        return known

    async def _stage(self, campaign: Campaign, code: str, for_staff: bool) -> StageReport | None:
        selection = campaign.selection(code)
        if for_staff:
            selection = selection or await self._unannounced(campaign, code)
        if selection is None:
            return None
        texts = await self._selections.texts(campaign.slug, code, selection.current.version)
        stage = next(each for each in campaign.stages if each.code == code)
        announcement = next((each for each in campaign.announcements if each.stage == code), None)
        return StageReport(stage, selection, "" if texts is None else texts.trace, announcement)

    async def _unannounced(self, campaign: Campaign, code: str) -> StageSelection | None:
        versions = await self._selections.versions(campaign.slug, code)
        return StageSelection(code, versions[-1:]) if versions else None

    async def _closed_panel(self, campaign: Campaign, now: datetime) -> Panel | None:
        """Read the panel if it has closed, by the dates that are stored with the reviews."""
        panel = await self._panels.panel(campaign) if campaign.panel is not None else None
        return None if panel is None or phase(panel.terms, now) is not PanelPhase.CLOSED else panel
