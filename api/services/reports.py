"""Gather what a campaign's report shows, and have it written."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.domain.campaigns.campaign import Campaign
from api.domain.results.ranking import Standings
from api.domain.results.report import Recounted, Report, StageReport, is_final
from api.domain.results.tallies import Counts
from api.domain.results.visibility import CLOSED, results_visible
from api.domain.selection.terms import InputSource
from api.domain.selection.versions import StageSelection
from api.ports import BallotRecords, PanelStore, Selections
from api.services.panel_scores import PanelScores

Oversees = Callable[[Campaign], bool]  # whether the reader is an organizer or an auditor of a campaign
RECOUNT_AFTER = timedelta(minutes=10)  # for as long a recount is shown of ballots that are the same by their counts


@dataclass(frozen=True, slots=True)
class _Ballots:
    """What was read of a campaign's ballots, when, and the counts that there were then."""

    counts: Counts
    at: datetime
    minutes: Mapping[datetime, int]
    recounted: Recounted


@dataclass(frozen=True, slots=True)
class _Page:
    """A report, and what it is of."""

    revision: int
    counts: Counts
    at: datetime
    html: str

    def holds_for(self, standings: Standings, longest: timedelta) -> bool:
        """Whether it may be shown of these standings, if it is no older than this."""
        same = self.revision == standings.campaign.revision and self.counts == standings.counts
        return same and timedelta(0) <= standings.as_of - self.at <= longest


class CampaignReports:
    """Writes reports, one at a time, and keeps the last one of each campaign for its staff and for everybody."""

    def __init__(
        self, records: BallotRecords, panels: PanelStore, selections: Selections, render: Callable[[Report], str]
    ) -> None:
        self._records = records
        self._scores = PanelScores(panels)
        self._selections = selections
        self._render = render
        self._read: dict[str, _Ballots] = {}
        self._pages: dict[tuple[str, bool], _Page] = {}
        self._lock = asyncio.Lock()

    async def visible(
        self, standings: Callable[[], Standings], campaign: Campaign, now: datetime, oversees: Oversees
    ) -> str | None:
        """Return the page as far as a reader may see it: nothing before the close, and before all is final only for staff.

        Where the standings are still hidden from everybody, staff have it once a stage is decided, for which they saw them.
        """
        for_staff = await self.audience(campaign, now, oversees)
        return None if for_staff is None else await self.write(standings(), for_staff=for_staff)

    async def audience(self, campaign: Campaign, now: datetime, oversees: Oversees) -> bool | None:
        """Return whether a reader has the page as staff, or as everybody (False); None where they have none."""
        if campaign.phase(now) not in CLOSED:
            return None
        if is_final(campaign, now):
            return False
        if not oversees(campaign):
            return None
        is_open = results_visible(campaign, now, has_cast=False) or await self._selections.stages(campaign.slug)
        return True if is_open else None

    async def write(self, standings: Standings, *, for_staff: bool) -> str:
        """Return the page. standings: of the campaign as its reader may see it.

        for_staff: whether it shows what is decided and not announced yet, and what the experts' scores come to as soon as the
        panel has closed.
        """
        key = standings.campaign.slug, for_staff
        async with self._lock:
            known = self._pages.get(key)
            if known is None or not known.holds_for(standings, timedelta(0) if for_staff else RECOUNT_AFTER):
                report = await self.gather(standings, for_staff=for_staff)
                page = await asyncio.to_thread(self._render, report)  # others are served meanwhile
                self._pages[key] = known = _Page(standings.campaign.revision, standings.counts, standings.as_of, page)
        return known.html

    async def gather(self, standings: Standings, *, for_staff: bool) -> Report:
        """Return what the report shows."""
        campaign = standings.campaign
        ballots = await self._ballots(standings)
        hours = Counter[str]()
        for minute, count in ballots.minutes.items():
            hours[campaign.calendar.hour_of(minute)] += count
        stages = [each for each in [await self._stage(campaign, s.code, for_staff) for s in campaign.stages] if each]
        is_shown = for_staff or any(each.values(InputSource.EXPERT_SCORES) for each in stages)
        scores = await self._scores.of(campaign, standings.as_of) if is_shown else None
        return Report(
            standings=standings,
            hours=hours,
            recounted=ballots.recounted,
            electors=await self._records.electors(campaign.slug),
            stages=tuple(stages),
            scores=None if scores is None else scores.by_project,
            agreement=scores.agreement if scores is not None and scores.by_project else None,
        )

    async def _ballots(self, standings: Standings) -> _Ballots:
        slug, known = standings.campaign.slug, self._read.get(standings.campaign.slug)
        is_old = known is None or standings.as_of - known.at >= RECOUNT_AFTER
        if known is None or is_old or known.counts != standings.counts:
            minutes, recounted = await self._records.minutes(slug), await self._records.recount(standings.campaign)
            self._read[slug] = known = _Ballots(standings.counts, standings.as_of, minutes, recounted)
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
