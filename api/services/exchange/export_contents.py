"""What is exported: each content as rows, read as they are written."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ProblemCode, refused
from api.domain.exchange.export_tables import THRESHOLD
from api.domain.exchange.formats import ExportContent
from api.domain.exchange.tables import Row
from api.domain.exchange.turnout import turnout_cells
from api.domain.results.ranking import Standings
from api.domain.review.acts import PanelPhase, phase
from api.domain.review.panel import Panel
from api.domain.rfc3339 import format_datetime
from api.domain.texts import Language, Text
from api.ports import CampaignForms, Campaigns, PanelStore
from api.ports.exchange import ExportedBallot
from api.ports.exports import ExportSource, ShuffledBallots
from api.services.exchange import export_rows

ROWS_AT_ONCE = 500
Progress = Callable[[int, int | None], Awaitable[None]]  # rows that are written, and how many there are


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as those see it for whom it is exported, with its standings, as of a moment.

    for_staff: whether the file is for staff alone. until: before when a ballot had to be cast to be in these standings, where
    they are not those of this very moment.
    """

    standings: Standings
    now: datetime
    language: Language = Language.ZH
    for_staff: bool = False
    until: datetime | None = None

    @property
    def campaign(self) -> Campaign:
        return self.standings.campaign


@dataclass(frozen=True, slots=True)
class Content:
    """The rows of a content, in lists; how many there are, if that is known; and what goes for all of them, as JSON has it."""

    chunks: AsyncIterator[Sequence[Row]]
    total: int | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportContents:
    """Reads what is exported."""

    source: ExportSource
    campaigns: Campaigns
    panels: PanelStore
    forms: CampaignForms

    @asynccontextmanager
    async def opened(self, content: ExportContent, view: CampaignView, progress: Progress) -> AsyncIterator[Content]:
        """A content, while it is written. Raises ActFailed where there is none yet."""
        campaign, standings = view.campaign, view.standings
        match content:
            case ExportContent.CAMPAIGN:
                yield _listed(list(export_rows.campaign_rows(await self.tree(view))))
            case ExportContent.PROJECTS:
                yield _listed(map(export_rows.project_row, campaign.projects), len(campaign.projects))
            case ExportContent.BALLOTS:
                async with self.shuffled(view, progress) as found:
                    yield Content(_as_rows(found.chunks(), campaign), found.count, {"ballots": found.count})
            case ExportContent.RESULTS:
                rows = export_rows.result_rows(standings)
                yield _listed(rows, len(standings.ranked), _counts(standings))
            case ExportContent.TURNOUT:
                minutes = await self.source.turnout(campaign.slug, view.until)
                cells = await asyncio.to_thread(turnout_cells, campaign.calendar, minutes)
                facts: dict[str, Any] = {"threshold": THRESHOLD, "as_of": format_datetime(standings.as_of)}
                yield _listed(map(export_rows.turnout_row, cells), len(cells), facts)
            case ExportContent.REVIEWS:
                panel = await self._closed_panel(view)
                yield _listed(map(partial(export_rows.review_row, panel), panel.reviews), len(panel.reviews))
            case ExportContent.TRAIL:
                yield Content(self._trail(campaign), None)

    def shuffled(self, view: CampaignView, progress: Progress) -> AbstractAsyncContextManager[ShuffledBallots]:
        """The ballots that count, in random order."""

        async def report(_: int) -> None:
            await progress(0, view.standings.ballots)  # none is written yet, but so many are to be expected

        return self.source.shuffled(view.campaign, view.until, report)

    async def tree(self, view: CampaignView) -> dict[str, Any]:
        """The tree that the campaign could be made from, wherever that is. Only a file for staff has the list of voters."""
        campaign = view.campaign
        is_listed = campaign.eligibility is not None and campaign.eligibility.listed
        listed = await self.campaigns.electors(campaign.slug) if is_listed and view.for_staff else ()
        tree = self.forms.tree(campaign, tuple(sorted(listed)))
        projects, own = tree.pop("projects"), tree.pop("own_districts", _named_districts(campaign))
        return {**tree, **({"own_districts": own} if own else {}), "projects": projects}

    async def _closed_panel(self, view: CampaignView) -> Panel:
        """The panel, whose terms are read with the reviews that they hide until the deadline."""
        panel = await self.panels.panel(view.campaign)
        if panel is None:
            raise refused(ProblemCode.NO_PANEL, Text("本次评选没有专家评审。", "The campaign has no panel."), "content")
        if phase(panel.terms, view.now) is not PanelPhase.CLOSED:
            closes = format_datetime(view.campaign.calendar.local(panel.terms.closes_at))
            raise refused(
                ProblemCode.TOO_EARLY,
                Text(
                    "评审截止（{closes}）之前，评审意见只有专家本人可见。",
                    "Before the deadline of the panel, {closes}, nobody but its expert sees a review.",
                    closes=closes,
                ),
                "content",
            )
        return panel

    async def _trail(self, campaign: Campaign) -> AsyncIterator[Sequence[Row]]:
        async for events in self.source.trail(campaign.slug):
            yield [export_rows.trail_row(each, campaign) for each in events]


def _named_districts(campaign: Campaign) -> list[dict[str, Any]]:
    """Those of the shared gazetteer that it names, to be its own: no other file need be there where it is loaded."""
    named = [(each.code, each.name.translations) for each in campaign.districts]
    return [
        {"code": code, "name": {tag: text for tag, text in name if tag in campaign.languages}} for code, name in named
    ]


def _counts(standings: Standings) -> dict[str, Any]:
    counts = {"ballots": standings.ballots, "held": standings.held, "voided": standings.voided}
    return {"as_of": format_datetime(standings.as_of), **counts}


def _listed(rows: Iterable[Row], total: int | None = None, facts: Mapping[str, Any] | None = None) -> Content:
    return Content(_in_lists(rows), len(rows) if isinstance(rows, list) else total, facts or {})


async def _in_lists(rows: Iterable[Row]) -> AsyncIterator[Sequence[Row]]:
    remaining = iter(rows)
    while some := list(islice(remaining, ROWS_AT_ONCE)):
        yield some


async def _as_rows(chunks: AsyncIterator[Sequence[ExportedBallot]], campaign: Campaign) -> AsyncIterator[Sequence[Row]]:
    numbers = {position: project.number for position, project in campaign.by_position.items()}
    async for ballots in chunks:
        yield export_rows.ballot_rows(ballots, numbers)
