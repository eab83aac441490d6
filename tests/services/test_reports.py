"""Does a report show staff what is not announced yet, everybody else what is, and nobody the scores of a panel that reviews?"""

import asyncio
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from html import unescape

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Announcement
from api.domain.campaigns.states import ResultsVisibility
from api.domain.results.ranking import Standings
from api.domain.results.ranking import standings as standings_at
from api.domain.results.report import Recounted, Report, StageReport
from api.domain.review.panel import Expert, Panel, Review
from api.domain.review.terms import PanelTerms, ReviewState
from api.domain.selection.versions import SelectionTexts, SelectionVersion, StageSelection
from api.formats.report import render_report
from api.services.reports import CampaignReports
from api.services.stage_acts import StageAct
from api.storage.ballot_records import SqlBallotRecords
from api.storage.database.connection import Database
from api.storage.reviews import SqlPanels
from api.storage.selections import SqlSelections
from api.storage.tallies import SqlTallies
from tests import selecting
from tests.campaigns import CLOSES, OPENS, SLUG
from tests.reports import (
    ANNOUNCED,
    AS_OF,
    DIGESTS,
    NEED,
    TRACE,
    UNTIL,
    a_reported_campaign,
    a_stage,
    an_outcome,
    standings_of,
)
from tests.selecting import ONE, THREE, Selector, prepared, selected_campaign

TERMS = PanelTerms(OPENS, CLOSES)
UNCONFIRMED = Announcement("FINALIST", ANNOUNCED, UNTIL)
EXPERTS = tuple(Expert(n, f"Expert {n}", None, OPENS, CLOSES, accepted_at=OPENS) for n in (1, 2))
REVIEWS = tuple(
    Review(expert, project, ReviewState.SUBMITTED, scores={"need": Decimal(10 * expert + project)})
    for expert in (1, 2)
    for project in (1, 2, 3)
)


class Records:
    """Ballots that say the same every time; reads: how often they were asked."""

    def __init__(self) -> None:
        self.reads = 0

    async def minutes(self, slug: str) -> Mapping[datetime, int]:
        self.reads += 1
        return {datetime(2017, 3, 22, 1, minute, tzinfo=UTC): 2 for minute in (0, 59)}

    async def electors(self, slug: str) -> int | None:
        return 1_000

    async def recount(self, campaign: Campaign) -> Recounted:
        return Recounted(4, 0, 0, ())


class Panels:
    """One panel, with dates of its own."""

    def __init__(self, terms: PanelTerms) -> None:
        self._terms = terms

    async def panel(self, campaign: Campaign, viewer: str | None = None) -> Panel | None:
        return Panel(campaign, self._terms, EXPERTS, REVIEWS, is_assigned=False)

    async def revision(self, slug: str) -> int:
        return 1


class Selections:
    """Versions of the winners that were not announced."""

    def __init__(self, stages: frozenset[str] = frozenset({"WINNER"})) -> None:
        self._stages = stages

    async def stages(self, campaign: str) -> frozenset[str]:
        return self._stages

    async def versions(self, campaign: str, stage: str) -> tuple[SelectionVersion, ...]:
        outcome = an_outcome(a_reported_campaign(), 10)
        versions = (SelectionVersion(stage, n, AS_OF, outcome, DIGESTS[n - 1]) for n in (1, 2))
        return tuple(versions) if stage == "WINNER" else ()

    async def texts(self, campaign: str, stage: str, version: int) -> SelectionTexts | None:
        return SelectionTexts("{}", f"{TRACE}{stage} {version}\n")


def reports(
    records: Records | None = None,
    terms: PanelTerms = TERMS,
    selections: Selections | None = None,
    render: Callable[[Report], str] = lambda report: f"{report.campaign.slug} {len(report.stages)}",
) -> CampaignReports:
    return CampaignReports(
        records or Records(),
        Panels(terms),  # type: ignore[arg-type]
        selections or Selections(),  # type: ignore[arg-type]
        render,
    )


def campaign_of(selections: tuple[StageSelection, ...] = ()) -> Campaign:
    campaign = a_reported_campaign()
    announcements = tuple(each for each in campaign.announcements if each.stage in {s.stage for s in selections})
    return replace(campaign, panel=TERMS, criteria=(NEED,), selections=selections, announcements=announcements)


def announced() -> tuple[StageSelection, ...]:
    return (a_stage(a_reported_campaign(), "FINALIST").selection,)


async def gather(campaign: Campaign, *, for_staff: bool, terms: PanelTerms = TERMS) -> Report:
    return await reports(terms=terms).gather(standings_of(campaign), for_staff=for_staff)


def shown(stages: tuple[StageReport, ...]) -> list[tuple[str, int, bool]]:
    return [(each.stage.code, each.selection.current.version, each.announcement is not None) for each in stages]


async def test_what_is_not_announced_is_for_staff_alone() -> None:
    campaign = campaign_of(announced())
    staff, public = [await gather(campaign, for_staff=each) for each in (True, False)]
    assert shown(staff.stages) == [("FINALIST", 1, True), ("WINNER", 2, False)]
    assert shown(public.stages) == [("FINALIST", 1, True)]
    assert staff.stages[1].trace == f"{TRACE}WINNER 2\n"
    assert not staff.official


async def test_scores_are_shown_once_a_stage_that_uses_them_is_announced_and_to_staff_before() -> None:
    public, later = [await gather(campaign_of(own), for_staff=False) for own in ((), announced())]
    staff = await gather(campaign_of(), for_staff=True)
    assert public.scores is public.agreement is None
    for report in (later, staff):
        assert report.scores is not None
        assert [(each.project, each.reviews, each.mean) for each in report.scores.values()] == [
            (project, 2, 15 + project) for project in (1, 2, 3)
        ]
        assert report.agreement is not None
        assert report.agreement.kendalls_w == 1


@pytest.mark.parametrize("for_staff", [True, False])
async def test_nobody_sees_scores_while_the_panel_reviews(for_staff: bool) -> None:
    extended = replace(TERMS, closes_at=AS_OF + timedelta(seconds=1))
    report = await gather(campaign_of(announced()), for_staff=for_staff, terms=extended)
    assert report.scores is report.agreement is None


async def test_ballots_are_counted_by_the_hours_of_the_campaigns_clocks() -> None:
    report = await gather(campaign_of(), for_staff=True)
    assert report.hours == {"2017-03-22T09+0800": 4}
    assert (report.electors, report.recounted) == (1_000, Recounted(4, 0, 0, ()))


async def test_ballots_are_read_again_when_counts_have_changed_and_after_a_while() -> None:
    records, standings = Records(), standings_of(campaign_of())
    own = reports(records)
    held = replace(standings.counts, held={})
    for counts, later, reads in (
        (standings.counts, timedelta(0), 1),
        (standings.counts, timedelta(0), 1),
        (standings.counts, timedelta(minutes=9), 1),
        (held, timedelta(minutes=9, seconds=1), 2),
        (held, timedelta(minutes=19), 2),
        (held, timedelta(minutes=19, seconds=1), 3),
    ):
        as_seen = replace(standings, counts=counts, as_of=AS_OF + later)
        assert await own.write(as_seen, for_staff=True) == "shanghai-2017 1"
        assert records.reads == reads


@pytest.mark.parametrize(
    ("campaign", "now", "public", "staff"),
    [
        (campaign_of(), CLOSES - timedelta(seconds=1), None, None),
        (campaign_of(), CLOSES, None, "shanghai-2017 1"),
        (campaign_of(announced()), AS_OF, "shanghai-2017 1", "shanghai-2017 1"),
        (replace(campaign_of(announced()), announcements=(UNCONFIRMED,)), AS_OF, None, "shanghai-2017 2"),
    ],
)
async def test_it_is_seen_by_staff_from_the_close_on_and_by_everybody_once_all_is_final(
    campaign: Campaign, now: datetime, public: str | None, staff: str | None
) -> None:
    def standings() -> Standings:
        return standings_of(campaign)

    assert await reports().visible(standings, campaign, now, lambda _: False) == public
    assert await reports().visible(standings, campaign, now, lambda _: True) == staff


async def test_where_nobody_may_see_the_standings_staff_have_it_once_a_stage_is_decided() -> None:
    hidden = replace(campaign_of(), visibility=ResultsVisibility.AFTER_PUBLICATION, published_at=None)
    for decided, expected in ((frozenset[str](), None), (frozenset({"WINNER"}), "shanghai-2017 1")):
        own = reports(selections=Selections(decided))
        assert await own.visible(lambda: standings_of(hidden), hidden, AS_OF, lambda _: True) == expected
        assert await own.visible(lambda: standings_of(hidden), hidden, AS_OF, lambda _: False) is None


async def test_what_everybody_sees_is_written_once_for_all_until_something_changes() -> None:
    pages = iter(range(10))
    own = reports(render=lambda _: f"page {next(pages)}")
    standings = standings_of(campaign_of(announced()))
    changed = replace(standings, campaign=replace(standings.campaign, revision=1))
    for later, at, seen, staff in (
        (standings, timedelta(0), 0, 1),
        (standings, timedelta(0), 0, 1),
        (standings, timedelta(minutes=10), 0, 2),
        (standings, timedelta(minutes=10, seconds=1), 3, 4),
        (changed, timedelta(minutes=11), 5, 6),
    ):
        ranked = replace(later, as_of=AS_OF + at)
        assert await own.write(ranked, for_staff=False) == f"page {seen}"
        assert await own.write(ranked, for_staff=True) == f"page {staff}"


async def written(selector: Selector, *, for_staff: bool) -> str:
    """The page by the services, as it is served."""
    database, campaign = selector.database, await selector.campaign()
    counts = (await SqlTallies(database).counts())[campaign.slug]
    records, panels, selections = SqlBallotRecords(database), SqlPanels(database), SqlSelections(database)
    ranked = standings_at(campaign.published(selector.now), counts, selector.now)
    return await CampaignReports(records, panels, selections, render_report).write(ranked, for_staff=for_staff)


async def test_a_selection_is_reported_as_it_was_stored_from_commit_to_confirmation(database: Database) -> None:
    selector = await prepared(database, selected_campaign(), {1: 5, 2: 4, 3: 3, 4: 2})
    for stage in (THREE, ONE):
        digest = await selector.digest(stage)
        await selector.commit(stage)
        staff, public = [await written(selector, for_staff=each) for each in (True, False)]
        assert digest in staff
        assert "Not announced yet; only staff see it." in staff
        assert digest not in public
        await selector.announce(stage)
        page = await written(selector, for_staff=False)
        assert digest in page
        [*_, trace] = re.findall("<pre>(.*?)</pre>", page, re.DOTALL)
        assert sha256(unescape(trace).encode()).hexdigest() == digest
        assert "UNOFFICIAL" in page
    selector.now = selecting.UNTIL + timedelta(seconds=1)
    for stage in (THREE, ONE):
        await selector.publishing.confirm(StageAct(SLUG, stage, selecting.ORGANIZER))
    page = await written(selector, for_staff=False)
    assert "UNOFFICIAL" not in page
    assert "All 14 ballots were counted again" in page


async def test_others_are_served_while_a_report_is_written(database: Database) -> None:
    begun, served = threading.Event(), threading.Event()

    def waiting(_: Report) -> str:
        begun.set()
        assert served.wait(timeout=180), "the loop stands still"
        return "page"

    selector = await prepared(database, selected_campaign(), {1: 1})
    campaign = await selector.campaign()
    counts = (await SqlTallies(database).counts())[campaign.slug]
    parts = SqlBallotRecords(database), SqlPanels(database), SqlSelections(database)
    writing = asyncio.create_task(
        CampaignReports(*parts, waiting).write(standings_at(campaign, counts, selector.now), for_staff=False)
    )
    assert await asyncio.to_thread(begun.wait, 30)
    served.set()
    assert await writing == "page"
