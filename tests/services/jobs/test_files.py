"""Does a file arrive whole however it comes, and does it leave to those alone who may have it at that very moment?"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.campaigns.states import ResultsVisibility
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.formats import ExportContent, FileFormat
from api.domain.exchange.jobs import ExportTerms, Job, JobState
from api.domain.people.access import AccessGrants
from api.domain.people.identity import Role
from api.limits import Limits
from api.services.authorization import Viewer
from api.services.jobs.management import WrongOffset
from tests.campaigns import a_campaign, at
from tests.job_worlds import JobWorld
from tests.jobs import OTHER, REQUESTER, an_export, an_import, key_of

KEY = key_of(1)
FILE = b"a small file"


async def sent(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def broken(*pieces: bytes) -> AsyncIterator[bytes]:
    """A connection that breaks after these."""
    for piece in pieces:
        yield piece
    raise ConnectionError("gone")


@pytest.fixture
async def sender(world: JobWorld) -> Viewer:
    """Whoever is to send the file of the first job."""
    await world.store.add(an_import())
    return await world.viewer(REQUESTER, Role.ORGANIZER)


async def test_a_file_that_comes_in_one_go_runs_at_once(world: JobWorld, sender: Viewer) -> None:
    assert await world.jobs.receive(sender, KEY, 0, sent(FILE[:5], b"", FILE[5:]), len(FILE)) == len(FILE)
    job = await world.job(KEY)
    assert (job.state, job.size) == (JobState.RUNNING, len(FILE))
    assert job.sha256 == hashlib.sha256(FILE).hexdigest()
    assert await world.content(KEY) == FILE


async def test_a_file_that_breaks_off_goes_on_where_it_was_and_is_the_same(world: JobWorld, sender: Viewer) -> None:
    received = 0
    for cut in (3, 4, 9):
        with pytest.raises(ConnectionError):
            await world.jobs.receive(sender, KEY, received, broken(FILE[received:cut]), len(FILE))
        received = cut
        assert (await world.job(KEY)).received == received
        assert await world.state(KEY) is JobState.WAITING_FOR_FILE
    await world.jobs.receive(sender, KEY, received, sent(FILE[received:]), len(FILE))
    assert (await world.job(KEY)).sha256 == hashlib.sha256(FILE).hexdigest()
    assert await world.content(KEY) == FILE


async def test_a_file_whose_end_is_known_last_runs_then(world: JobWorld, sender: Viewer) -> None:
    assert await world.jobs.receive(sender, KEY, 0, sent(FILE), None) == len(FILE)
    assert await world.state(KEY) is JobState.WAITING_FOR_FILE
    assert await world.jobs.receive(sender, KEY, len(FILE), sent(), len(FILE)) == len(FILE)
    assert await world.state(KEY) is JobState.RUNNING


async def test_an_empty_file_is_a_file(world: JobWorld, sender: Viewer) -> None:
    await world.jobs.receive(sender, KEY, 0, sent(), 0)
    assert (await world.job(KEY)).sha256 == hashlib.sha256(b"").hexdigest()
    assert await world.state(KEY) is JobState.RUNNING


@pytest.mark.parametrize("start", [0, 4, 6])
async def test_another_byte_than_the_next_is_refused_with_the_right_one(
    world: JobWorld, sender: Viewer, start: int
) -> None:
    await world.jobs.receive(sender, KEY, 0, sent(FILE[:5]), len(FILE))
    with pytest.raises(WrongOffset) as wrong:
        await world.jobs.receive(sender, KEY, start, sent(b"x"), len(FILE))
    assert wrong.value.received == 5


async def test_whoever_is_slower_is_told_how_much_has_arrived(world: JobWorld, sender: Viewer) -> None:
    async def overtaken() -> AsyncIterator[bytes]:
        yield FILE[:3]
        await world.jobs.receive(sender, KEY, 3, sent(FILE[3:7]), len(FILE))
        yield FILE[3:5]

    with pytest.raises(WrongOffset) as wrong:
        await world.jobs.receive(sender, KEY, 0, overtaken(), len(FILE))
    assert wrong.value.received == 7


async def test_a_job_that_is_cancelled_while_its_file_arrives_takes_no_more_of_it(
    world: JobWorld, sender: Viewer
) -> None:
    async def cancelled() -> AsyncIterator[bytes]:
        yield FILE[:3]
        await world.jobs.cancel(sender, KEY)
        yield FILE[3:]

    with pytest.raises(ActFailed) as refused:
        await world.jobs.receive(sender, KEY, 0, cancelled(), len(FILE))
    assert refused.value.problems[0].code is ProblemCode.WRONG_STATE
    assert await world.content(KEY) == b""


@pytest.mark.parametrize("whole", [None, 6, 100])
async def test_a_file_that_is_too_large_fails_the_job(world: JobWorld, sender: Viewer, whole: int | None) -> None:
    jobs = replace(world.jobs, limits=Limits(file=5))
    assert await jobs.receive(sender, KEY, 0, sent(FILE[:5]), whole) == 5
    with pytest.raises(ActFailed) as refused:
        await jobs.receive(sender, KEY, 5, sent(FILE[5:6]), whole)
    assert refused.value.problems[0].code is ProblemCode.FILE_TOO_LARGE
    job = await world.job(KEY)
    assert (job.state, job.problems[0].code) == (JobState.FAILED, ProblemCode.FILE_TOO_LARGE)
    assert await world.content(KEY) == b""


@pytest.mark.parametrize(("announced", "whole"), [(12, 13), (13, 12), (5, None)])
async def test_a_file_of_another_size_than_was_said_is_refused_and_the_job_still_waits(
    world: JobWorld, announced: int, whole: int | None
) -> None:
    await world.store.add(an_import(size=announced))
    sender = await world.viewer(REQUESTER, Role.ORGANIZER)
    with pytest.raises(ActFailed) as refused:
        await world.jobs.receive(sender, KEY, 0, sent(FILE), whole)
    assert refused.value.problems[0].code is ProblemCode.INVALID_INPUT
    assert await world.state(KEY) is JobState.WAITING_FOR_FILE


async def test_a_file_is_taken_of_its_requester_alone_and_only_with_the_role(world: JobWorld, sender: Viewer) -> None:
    others = [
        (await world.viewer(OTHER, Role.ORGANIZER), KEY, ErrorCode.NOT_FOUND),
        (await world.viewer("c" * 26), KEY, ErrorCode.NOT_FOUND),
        (await world.stranger(), KEY, ErrorCode.UNAUTHENTICATED),
        (sender, key_of(2), ErrorCode.NOT_FOUND),
        (await world.viewer(REQUESTER), KEY, ErrorCode.FORBIDDEN),  # no organizer any more
    ]
    for viewer, key, code in others:
        with pytest.raises(ApiError) as refusal:
            await world.jobs.receive(viewer, key, 0, sent(FILE), len(FILE))
        assert refusal.value.code is code
    assert (await world.job(KEY)).received == 0


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.WAITING_FOR_FILE])
async def test_a_job_that_waits_for_no_file_takes_none(world: JobWorld, state: JobState) -> None:
    await world.store.add(an_import(state=state))
    with pytest.raises(ActFailed) as refused:
        await world.jobs.receive(await world.viewer(REQUESTER, Role.ORGANIZER), KEY, 0, sent(FILE), None)
    assert refused.value.problems[0].code is ProblemCode.WRONG_STATE


async def exported(world: JobWorld, **changes: Any) -> Job:
    """An export of ballots that is done, after the close."""
    world.now = at("2017-04-02 00:00")
    job = an_export(**{"size": len(FILE), "received": len(FILE), **changes})
    await world.store.add(job)
    await world.store.claim("one", world.time(), world.time() + timedelta(seconds=30))
    await world.store.restart_file(KEY, "one")
    await world.store.append(KEY, 0, FILE, "one")
    await world.database.rows("update jobs set state = 'DONE', received = $1", len(FILE))
    return await world.job(KEY)


async def fetched(world: JobWorld, viewer: Viewer | None, link: str | None, start: int = 0) -> bytes:
    _, pieces = await world.jobs.open_file(viewer, KEY, link, start)
    return b"".join([piece async for piece in pieces])


async def refusals(world: JobWorld, asked: Sequence[tuple[Viewer, str | None]]) -> list[object]:
    codes: list[object] = []
    for viewer, link in asked:
        with pytest.raises((ApiError, ActFailed)) as refusal:
            await world.jobs.open_file(viewer, KEY, link)
        value = refusal.value
        codes.append(value.code if isinstance(value, ApiError) else value.problems[0].code)
    return codes


async def test_an_export_is_fetched_by_its_requester_and_by_whoever_has_the_link(world: JobWorld) -> None:
    job = await exported(world)
    requester, other, stranger = await world.viewer(REQUESTER), await world.viewer(OTHER), await world.stranger()
    link = world.jobs.link_key(job)
    assert await fetched(world, requester, None) == FILE
    assert await fetched(world, other, link) == await fetched(world, stranger, link, 0) == FILE
    assert [await fetched(world, None, None, start) for start in (3, 12, 13)] == [FILE[3:], b"", b""]
    wrong = [(other, None), (stranger, None), (stranger, link[:-1]), (other, "é"), (other, "")]
    assert await refusals(world, wrong) == [ErrorCode.NOT_FOUND] * len(wrong)


async def test_a_link_ends_with_the_job_and_opens_no_other(world: JobWorld) -> None:
    job = await exported(world)
    link = world.jobs.link_key(job)
    assert link != world.jobs.link_key(replace(job, id=key_of(2)))
    assert link != world.jobs.link_key(replace(job, expires_at=job.expires_at + timedelta(seconds=1)))
    assert link != replace(world.jobs, secret=b"another").link_key(job)
    assert world.jobs.is_kept(job)
    world.time.move(hours=24)
    assert not world.jobs.is_kept(job)
    asked = [(await world.viewer(REQUESTER), None), (await world.stranger(), link)]
    assert await refusals(world, asked) == [ErrorCode.NOT_FOUND] * 2


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.DONE])
async def test_a_job_that_is_not_done_has_no_file_to_fetch(world: JobWorld, state: JobState) -> None:
    await world.store.add(an_export(state=state))
    link = world.jobs.link_key(await world.job(KEY))
    assert await refusals(world, [(await world.viewer(REQUESTER), link)]) == [ErrorCode.NOT_FOUND]


async def test_what_was_uploaded_is_not_fetched_again(world: JobWorld) -> None:
    await world.store.add(an_import(state=JobState.DONE))
    link = world.jobs.link_key(await world.job(KEY))
    assert await refusals(world, [(await world.viewer(REQUESTER), link)]) == [ErrorCode.NOT_FOUND]


async def test_a_role_that_was_withdrawn_opens_nothing_any_more(world: JobWorld) -> None:
    job = await exported(world, terms=ExportTerms(ExportContent.TRAIL, FileFormat.CSV), session_roles=(Role.VOTER,))
    auditor = await world.viewer(REQUESTER, Role.AUDITOR)
    link, stranger = world.jobs.link_key(job), await world.stranger()
    assert await fetched(world, auditor, None) == await fetched(world, stranger, link) == FILE
    former = await world.viewer(REQUESTER)
    assert await refusals(world, [(former, None), (stranger, link)]) == [ErrorCode.FORBIDDEN] * 2


async def test_a_role_of_the_session_holds_for_its_link_until_the_session_is_revoked(world: JobWorld) -> None:
    job = await exported(world, terms=ExportTerms(ExportContent.TRAIL, FileFormat.CSV))
    link, stranger = world.jobs.link_key(job), await world.stranger()
    assert await fetched(world, stranger, link) == FILE
    world.access.known = AccessGrants(revoked={REQUESTER: job.session_version + 1})
    assert await refusals(world, [(stranger, link)]) == [ErrorCode.UNAUTHENTICATED]


async def test_results_that_are_hidden_since_are_not_in_a_file_either(world: JobWorld) -> None:
    job = await exported(world, terms=ExportTerms(ExportContent.RESULTS, FileFormat.CSV))
    requester = await world.viewer(REQUESTER)
    assert await fetched(world, requester, None) == FILE
    hidden = a_campaign(visibility=ResultsVisibility.AFTER_PUBLICATION, revision=9)
    world.campaigns.campaigns[hidden.slug] = hidden
    link = world.jobs.link_key(job)
    assert await refusals(world, [(requester, None), (await world.stranger(), link)]) == [ErrorCode.RESULTS_HIDDEN] * 2
    del world.campaigns.campaigns[hidden.slug]
    assert await refusals(world, [(requester, None)]) == [ErrorCode.NOT_FOUND]


async def test_half_a_file_does_not_pass_for_the_whole(world: JobWorld) -> None:
    await exported(world)
    _, pieces = await world.jobs.open_file(None, KEY, None)
    await world.store.delete_file(KEY)
    with pytest.raises(LookupError):
        _ = [piece async for piece in pieces]
