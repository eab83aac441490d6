"""Does a file say no more to anybody than the API would say to them at the same moment?"""

from datetime import datetime

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.campaigns.states import CampaignState, ResultsVisibility
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.formats import EXPORTED, ExportContent, FileFormat
from api.domain.exchange.jobs import ExportTerms
from api.domain.people.identity import Role, Voter
from api.domain.review.panel import Panel
from api.domain.review.terms import PanelTerms
from api.domain.voting.ballots import Draft
from api.services.exchange.permissions import may_export
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from tests.campaigns import CLOSES, DURING, OPENS, SLUG, a_campaign, at, project_ids
from tests.job_worlds import JobWorld

AFTER = at("2017-04-02 00:00")
VIEWER = "a" * 26
BALLOTS, RESULTS = ExportContent.BALLOTS, ExportContent.RESULTS
LIVE, AFTER_CLOSE = ResultsVisibility.LIVE, ResultsVisibility.AFTER_CLOSE
AFTER_CASTING, PUBLISHED = ResultsVisibility.AFTER_CASTING, ResultsVisibility.AFTER_PUBLICATION
ANYBODY, STAFF = "anybody", "staff alone"
HIDDEN, FORBIDDEN, PHASE = ErrorCode.RESULTS_HIDDEN, ErrorCode.FORBIDDEN, ProblemCode.WRONG_PHASE


def a_world(now: datetime, **changes: object) -> JobWorld:
    world = JobWorld(Database(Dialect.SQLITE, None), a_campaign(**changes))  # type: ignore[arg-type]
    world.now = now
    return world


async def ruling(world: JobWorld, roles: tuple[Role, ...], content: ExportContent, format: FileFormat) -> object:
    """Who may have it as far as this viewer may; else the code of what is wrong."""
    view = await world.views.of_viewer(await world.viewer(VIEWER, *roles))
    campaign = view.campaign(SLUG)
    if campaign is None:
        return ErrorCode.NOT_FOUND
    try:
        return STAFF if await may_export(view, world.reports, campaign, ExportTerms(content, format)) else ANYBODY
    except ApiError as error:
        return error.code
    except ActFailed as failed:
        return failed.problems[0].code


@pytest.mark.parametrize(
    ("content", "visibility", "now", "roles", "expected"),
    [
        (RESULTS, LIVE, DURING, (), ANYBODY),
        (RESULTS, AFTER_CLOSE, DURING, (), HIDDEN),
        (RESULTS, AFTER_CLOSE, DURING, (Role.ORGANIZER, Role.AUDITOR), HIDDEN),
        (RESULTS, AFTER_CASTING, DURING, (), HIDDEN),
        (RESULTS, AFTER_CLOSE, AFTER, (), ANYBODY),
        (RESULTS, PUBLISHED, AFTER, (Role.AUDITOR,), HIDDEN),
        (BALLOTS, LIVE, DURING, (Role.ORGANIZER,), PHASE),
        (BALLOTS, AFTER_CLOSE, DURING, (Role.ORGANIZER,), HIDDEN),
        (BALLOTS, LIVE, AFTER, (), ANYBODY),
        (BALLOTS, AFTER_CASTING, AFTER, (), ANYBODY),
        (BALLOTS, PUBLISHED, AFTER, (), HIDDEN),
        (BALLOTS, PUBLISHED, AFTER, (Role.EXPERT,), HIDDEN),
        (BALLOTS, PUBLISHED, AFTER, (Role.AUDITOR,), STAFF),
        (ExportContent.TRAIL, LIVE, DURING, (), FORBIDDEN),
        (ExportContent.TRAIL, LIVE, DURING, (Role.EXPERT,), FORBIDDEN),
        (ExportContent.TRAIL, LIVE, DURING, (Role.AUDITOR,), STAFF),
        (ExportContent.REVIEWS, LIVE, AFTER, (), FORBIDDEN),
        (ExportContent.REVIEWS, LIVE, AFTER, (Role.ORGANIZER,), ProblemCode.NO_PANEL),
        (ExportContent.TURNOUT, PUBLISHED, DURING, (), ANYBODY),
        (ExportContent.PROJECTS, PUBLISHED, DURING, (), ANYBODY),
        (ExportContent.CAMPAIGN, PUBLISHED, DURING, (), ANYBODY),
    ],
)
async def test_each_content_is_for_those_who_see_it(
    content: ExportContent, visibility: ResultsVisibility, now: datetime, roles: tuple[Role, ...], expected: object
) -> None:
    world = a_world(now, visibility=visibility)
    assert await ruling(world, roles, content, FileFormat.JSON_LINES) is expected


@pytest.mark.parametrize(
    ("visibility", "now", "roles", "expected"),
    [
        (LIVE, DURING, (Role.ORGANIZER,), PHASE),
        (LIVE, AFTER, (), FORBIDDEN),
        (LIVE, AFTER, (Role.AUDITOR,), STAFF),
        (PUBLISHED, AFTER, (Role.AUDITOR,), HIDDEN),
        (PUBLISHED, AFTER, (), FORBIDDEN),
    ],
)
async def test_the_report_is_for_those_who_have_it_on_the_page(
    visibility: ResultsVisibility, now: datetime, roles: tuple[Role, ...], expected: object
) -> None:
    assert await ruling(a_world(now, visibility=visibility), roles, RESULTS, FileFormat.REPORT) is expected


async def test_whoever_has_cast_a_ballot_has_the_results_that_they_see() -> None:
    world = a_world(DURING, visibility=AFTER_CASTING)
    draft = Draft(project_ids(*range(1, 13)))
    await world.views.casting.cast(world.campaign, Voter(VIEWER), draft, DURING, None)
    assert await ruling(world, (), RESULTS, FileFormat.CSV) is ANYBODY
    assert await ruling(world, (), BALLOTS, FileFormat.CSV) is HIDDEN


@pytest.mark.parametrize("content", list(ExportContent))
async def test_nothing_of_a_draft_is_for_anybody_but_staff(content: ExportContent) -> None:
    format = next(each for each, contents in EXPORTED.items() if content in contents and each is not FileFormat.REPORT)
    world = a_world(DURING, state=CampaignState.DRAFT)
    assert await ruling(world, (), content, format) is ErrorCode.NOT_FOUND
    assert await ruling(world, (Role.ORGANIZER,), content, format) is not ErrorCode.NOT_FOUND


async def test_nobody_has_anything_without_signing_in() -> None:
    world = a_world(AFTER)
    view = await world.views.of_viewer(await world.stranger())
    for format, contents in EXPORTED.items():
        for content in contents:
            with pytest.raises(ApiError) as refusal:
                await may_export(view, world.reports, a_campaign(), ExportTerms(content, format))
            assert refusal.value.code is ErrorCode.UNAUTHENTICATED


@pytest.mark.parametrize(("now", "expected"), [(DURING, ProblemCode.TOO_EARLY), (AFTER, STAFF)])
async def test_reviews_are_for_staff_after_the_deadline(now: datetime, expected: object) -> None:
    world = a_world(now, panel=PanelTerms(OPENS, CLOSES))

    async def panel(campaign: Campaign, viewer: str | None = None) -> Panel:
        return Panel(campaign, PanelTerms(OPENS, CLOSES), (), (), is_assigned=False)

    world.panels.panel = panel  # type: ignore[method-assign]
    assert await ruling(world, (Role.AUDITOR,), ExportContent.REVIEWS, FileFormat.CSV) is expected
    assert await ruling(world, (), ExportContent.REVIEWS, FileFormat.CSV) is FORBIDDEN
