"""May each viewer start, approve and cancel what they may, and is it recorded with what they do?"""

from dataclasses import replace

import pytest

from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.jobs import ExportTerms, ImportTerms, JobKind, JobState
from api.domain.people.identity import Role
from api.domain.texts import Language
from api.limits import Limits
from api.services.authorization import Viewer
from tests.campaigns import SLUG, a_campaign, at
from tests.job_worlds import JobWorld
from tests.jobs import BALLOTS, OTHER, REQUESTER, an_export, an_import, key_of

KEY = key_of(1)
TOML = ImportTerms(ImportContent.CAMPAIGN, FileFormat.TOML, r"C:\files\new.toml")
BY_CONTENT = [
    (content, format)
    for content, format in (
        (ExportContent.CAMPAIGN, FileFormat.TOML),
        (ExportContent.PROJECTS, FileFormat.CSV),
        (ExportContent.TURNOUT, FileFormat.JSON_LINES),
    )
]


async def code_of(doing: object) -> ProblemCode | ErrorCode:
    """With what this is refused."""
    try:
        await doing  # type: ignore[misc]
    except ActFailed as failed:
        return failed.problems[0].code
    except ApiError as error:
        return error.code
    raise AssertionError("it was not refused")


def export(
    world: JobWorld, viewer: Viewer | None, content: ExportContent, format: FileFormat = FileFormat.CSV
) -> object:
    return world.jobs.start_export(viewer, a_campaign(), content, format, Language.ZH, world.now)


@pytest.mark.parametrize(("content", "format"), BY_CONTENT)
async def test_an_export_is_next_in_line_at_once(world: JobWorld, content: ExportContent, format: FileFormat) -> None:
    viewer = await world.viewer(REQUESTER)
    job = await world.jobs.start_export(viewer, a_campaign(), content, format, Language.EN, world.now)
    assert await world.job(job.id) == job
    assert (job.kind, job.state, job.terms) == (JobKind.EXPORT, JobState.RUNNING, ExportTerms(content, format))
    assert (job.campaign, job.requested_by, job.language) == (SLUG, REQUESTER, Language.EN)
    assert (job.created_at, job.session_roles) == (world.time(), (Role.VOTER,))
    assert await world.trail() == []


async def test_ids_of_jobs_cannot_be_guessed(world: JobWorld) -> None:
    viewer = await world.viewer(REQUESTER)
    ids = {(await world.jobs.start_import(viewer, None, None, TOML, None, Language.ZH)).id for _ in range(20)}
    assert len(ids) == 20
    assert all(len(each) == 26 for each in ids)
    assert all(len({each[place] for each in ids}) > 3 for place in range(26))


async def test_an_export_that_staff_alone_may_have_is_recorded_with_the_job(world: JobWorld) -> None:
    auditor = await world.viewer(REQUESTER, Role.AUDITOR)
    await export(world, auditor, ExportContent.TRAIL)  # type: ignore[misc]
    assert await world.trail() == ["FILE_EXPORTED"]


@pytest.mark.parametrize(
    ("content", "format", "refused"),
    [
        (ExportContent.TRAIL, FileFormat.CSV, ErrorCode.FORBIDDEN),
        (ExportContent.REVIEWS, FileFormat.CSV, ErrorCode.FORBIDDEN),
        (ExportContent.BALLOTS, FileFormat.PABULIB, ProblemCode.WRONG_PHASE),
        (ExportContent.TRAIL, FileFormat.PABULIB, ProblemCode.UNSUPPORTED_FORMAT),
        (ExportContent.RESULTS, FileFormat.TOML, ProblemCode.UNSUPPORTED_FORMAT),
    ],
)
async def test_what_cannot_be_exported_is_no_job(
    world: JobWorld, content: ExportContent, format: FileFormat, refused: object
) -> None:
    assert await code_of(export(world, await world.viewer(REQUESTER), content, format)) is refused
    assert await world.store.listed(None, None, (), 9) == ()


async def test_only_whoever_has_signed_in_exports_or_imports(world: JobWorld) -> None:
    stranger = await world.stranger()
    assert await code_of(export(world, stranger, ExportContent.PROJECTS)) is ErrorCode.UNAUTHENTICATED
    importing = world.jobs.start_import(stranger, None, None, TOML, None, Language.ZH)
    assert await code_of(importing) is ErrorCode.UNAUTHENTICATED


async def test_a_viewer_has_so_many_jobs_that_are_not_over_and_others_have_theirs(world: JobWorld) -> None:
    world.jobs = replace(world.jobs, limits=Limits(jobs=2))
    viewer, other = await world.viewer(REQUESTER), await world.viewer(OTHER)
    for _ in range(2):
        job = await world.jobs.start_import(viewer, None, None, TOML, None, Language.ZH)
    assert await code_of(export(world, viewer, ExportContent.PROJECTS)) is ProblemCode.TOO_MANY_JOBS
    await export(world, other, ExportContent.PROJECTS)  # type: ignore[misc]
    await world.jobs.cancel(viewer, job.id)
    await export(world, viewer, ExportContent.PROJECTS)  # type: ignore[misc]


async def test_of_what_a_viewer_has_exported_only_the_newest_is_kept(world: JobWorld) -> None:
    world.jobs = replace(world.jobs, limits=Limits(jobs=2))
    viewer = await world.viewer(REQUESTER)
    made = []
    for _ in range(4):
        job = await world.jobs.start_export(
            viewer, a_campaign(), ExportContent.PROJECTS, FileFormat.CSV, Language.ZH, world.now
        )
        await world.runner.look_once()
        made.append(job.id)
    await world.runner.tidy()
    assert [await world.store.find(key) is not None for key in made] == [False, True, True, True]


async def test_an_import_waits_for_its_file(world: JobWorld) -> None:
    organizer = await world.viewer(REQUESTER, Role.ORGANIZER)
    made = await world.jobs.start_import(organizer, None, "new-one", TOML, 100, Language.ZH)
    brought = await world.jobs.start_import(organizer, a_campaign(), None, BALLOTS, None, Language.ZH)
    assert (made.state, made.campaign, made.size) == (JobState.WAITING_FOR_FILE, "new-one", 100)
    assert made.terms == replace(TOML, file_name="new.toml", slug_chosen=True)
    assert (brought.campaign, brought.terms, brought.size) == (SLUG, BALLOTS, None)
    assert [await world.job(job.id) for job in (made, brought)] == [made, brought]
    with pytest.raises(ActFailed):
        await world.jobs.start_import(organizer, None, None, replace(TOML, file_name=""), None, Language.ZH)
    assert len(await world.store.listed(None, None, (), 9)) == 2


async def test_an_operator_may_do_everything_and_is_nobody(world: JobWorld) -> None:
    world.now = at("2017-04-02 00:00")
    job = await world.jobs.start_export(None, a_campaign(), ExportContent.TRAIL, FileFormat.CSV, Language.ZH, world.now)
    assert job.requested_by is None
    for _ in range(30):
        await world.jobs.start_import(None, None, None, TOML, None, Language.ZH)
    assert (await world.jobs.cancel(None, job.id)).cancel_requested


@pytest.mark.parametrize("state", [JobState.WAITING_FOR_FILE, JobState.WAITING_FOR_APPROVAL])
async def test_a_job_that_waits_is_cancelled_at_once_with_its_file(world: JobWorld, state: JobState) -> None:
    await world.store.add(an_import())
    await world.store.append(KEY, 0, b"x")
    await world.database.rows("update jobs set state = $1", state.name)
    job = await world.jobs.cancel(await world.viewer(REQUESTER), KEY)
    assert (job.state, job.cancelled_by) == (JobState.CANCELLED, REQUESTER)
    assert await world.content(KEY) == b""
    assert await world.trail() == ["JOB_CANCELLED"]


async def test_a_job_that_runs_is_cancelled_by_its_requester_and_by_organizers(world: JobWorld) -> None:
    await world.store.add(an_export(terms=ExportTerms(ExportContent.TRAIL, FileFormat.CSV)))
    assert await code_of(world.jobs.cancel(await world.viewer(OTHER), KEY)) is ErrorCode.NOT_FOUND
    assert await code_of(world.jobs.cancel(await world.viewer(OTHER, Role.AUDITOR), KEY)) is ErrorCode.FORBIDDEN
    organizer = await world.viewer(OTHER, Role.ORGANIZER)
    job = await world.jobs.cancel(organizer, KEY)
    assert (job.state, job.cancel_requested, job.cancelled_by) == (JobState.RUNNING, True, OTHER)
    await world.runner.look_once()
    assert await world.state(KEY) is JobState.CANCELLED
    assert await code_of(world.jobs.cancel(organizer, KEY)) is ProblemCode.WRONG_STATE


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
async def test_a_job_that_is_over_stays_as_it_is(world: JobWorld, state: JobState) -> None:
    await world.store.add(an_export(state=state))
    viewer = await world.viewer(REQUESTER)
    assert await code_of(world.jobs.cancel(viewer, KEY)) is ProblemCode.WRONG_STATE
    assert not world.jobs.may_cancel(viewer, await world.job(KEY))


async def test_ballots_that_are_being_counted_cannot_be_cancelled(world: JobWorld) -> None:
    await world.store.add(an_import(state=JobState.RUNNING, approved_by=OTHER, approved_at=world.time()))
    viewer = await world.viewer(REQUESTER, Role.ORGANIZER)
    assert await code_of(world.jobs.cancel(viewer, KEY)) is ProblemCode.WRONG_STATE
    assert not world.jobs.may_cancel(viewer, await world.job(KEY))


async def test_ballots_are_approved_by_another_organizer(world: JobWorld) -> None:
    await world.store.add(an_import(state=JobState.WAITING_FOR_APPROVAL, checkpoint=f"{'0' * 64} 2017-03-25"))
    own, auditor = await world.viewer(REQUESTER, Role.ORGANIZER), await world.viewer("c" * 26, Role.AUDITOR)
    organizer = await world.viewer(OTHER, Role.ORGANIZER)
    job = await world.job(KEY)
    assert [world.jobs.may_approve(each, job) for each in (own, auditor, organizer)] == [False, False, True]
    assert await code_of(world.jobs.approve(own, KEY)) is ProblemCode.SECOND_ORGANIZER
    assert await code_of(world.jobs.approve(auditor, KEY)) is ErrorCode.FORBIDDEN
    assert await code_of(world.jobs.approve(await world.viewer("d" * 26), KEY)) is ErrorCode.NOT_FOUND
    assert await code_of(world.jobs.approve(await world.stranger(), KEY)) is ErrorCode.UNAUTHENTICATED


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.WAITING_FOR_APPROVAL])
async def test_only_what_waits_for_it_is_approved(world: JobWorld, state: JobState) -> None:
    await world.store.add(an_import(state=state))
    organizer = await world.viewer(OTHER, Role.ORGANIZER)
    assert await code_of(world.jobs.approve(organizer, KEY)) is ProblemCode.WRONG_STATE
    assert await world.state(KEY) is state
