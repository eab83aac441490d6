"""Is each job done by one worker at a time, and is its file what was sent, on either database, whatever dies when?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from api.domain.audit_trail import AuditEvent, TrailFilter, TrailKind
from api.domain.campaigns.problems import ProblemCode
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.jobs import ExportTerms, ImportResult, ImportTerms, Job, JobState
from api.domain.exchange.problems import FileProblem
from api.domain.texts import Text
from api.domain.voting.channels import Channel
from api.ports.exchange import PaperBatch
from api.ports.jobs import JobEnd, LeaseLost, Progress, WrittenFile
from api.storage.audit_trail import read
from api.storage.campaigns import store
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import migrate
from api.storage.job_files import MAX_PIECE
from api.storage.jobs import SqlJobs
from api.storage.paper_batches import SqlPaperBatches
from tests.campaigns import DAYS, DURING, SLUG, a_campaign
from tests.databases import in_processes
from tests.jobs import LEASE, OTHER, REQUESTER, START, an_export, an_import, key_of

ONE, TWO = "machine:1:one", "machine:2:two"
UNTIL = START + LEASE
CANCELLED = AuditEvent(DURING, TrailKind.JOB_CANCELLED, SLUG, None, {"job": key_of(1)})
DONE = JobEnd(JobState.DONE)
CANCEL = JobEnd(JobState.CANCELLED, events=[CANCELLED])
PROBLEM = FileProblem(
    ProblemCode.BALLOT_REFUSED, Text("坏\x00字", "bad \ud800 half"), ("input",), 7, 3, ("UNKNOWN_PROJECTS",)
)
RESULT = ImportResult(3, 10, {"TOO_FEW_CHOICES": 2}, {"A": 5}, {"A": 4})


@pytest.fixture
def jobs(database: Database) -> SqlJobs:
    return SqlJobs(database)


async def content_of(jobs: SqlJobs, start: int = 0) -> bytes:
    return b"".join([piece async for piece in jobs.pieces(key_of(1), start)])


async def stored(jobs: SqlJobs, number: int = 1) -> Job:
    job = await jobs.find(key_of(number))
    assert job is not None
    return job


async def claimed(jobs: SqlJobs, worker: str = ONE) -> Job:
    """The job that this worker has taken up at the start."""
    job = await jobs.claim(worker, START, UNTIL)
    assert job is not None
    return job


async def test_a_job_is_read_as_it_was_stored(jobs: SqlJobs) -> None:
    export = an_export(1, received=3, size=4, sha256="0" * 64, done=5, total=6, checkpoint="row 5")
    brought = an_import(2, problems=(replace(PROBLEM, message=Text("坏", "bad")),), problem_count=9, result=RESULT)
    over = an_import(3, approved_by=OTHER, approved_at=START, cancelled_by=OTHER, campaign=None, requested_by=None)
    for job in (export, brought, over):
        await jobs.add(job)
        assert await jobs.find(job.id) == job
    assert await jobs.find(key_of(4)) is None


async def test_what_a_file_says_is_stored_whatever_it_is(jobs: SqlJobs) -> None:
    await jobs.add(an_import(problems=(PROBLEM,)))
    assert (await stored(jobs)).problems[0].message == Text("坏\ufffd字", "bad ? half")


async def test_an_event_is_stored_with_its_job_or_not_at_all(jobs: SqlJobs, database: Database) -> None:
    await jobs.add(an_export(), [CANCELLED])
    with pytest.raises(Exception, match=r"(?i)unique"):
        await jobs.add(an_export(), [CANCELLED])
    assert len(await read(database, TrailFilter(), None)) == 1


async def test_jobs_are_listed_by_whose_they_are_the_newest_first(jobs: SqlJobs) -> None:
    for number, changes in enumerate(
        ({}, {"requested_by": OTHER}, {"campaign": "another"}, {"state": JobState.DONE}), 1
    ):
        await jobs.add(an_export(number, **changes))

    async def numbers(*asked: object, limit: int = 9, before: int | None = None) -> list[int]:
        found = await jobs.listed(*asked, limit, before)  # type: ignore[arg-type]
        return [next(n for n in range(1, 5) if key_of(n) == job.id) for _, job in found]

    assert await numbers(REQUESTER, None, ()) == [4, 3, 1]
    assert await numbers(None, SLUG, ()) == [4, 2, 1]
    assert await numbers(None, SLUG, {JobState.DONE}) == [4]
    assert await numbers(REQUESTER, "another", {JobState.RUNNING, JobState.DONE}) == [3]
    [(number, _), *_] = await jobs.listed(None, None, (), 9)
    assert await numbers(None, None, (), limit=2, before=number) == [3, 2]
    assert (await jobs.count(REQUESTER, None, ()), await jobs.count(None, SLUG, {JobState.RUNNING})) == (3, 2)


async def test_an_import_of_a_campaign_is_listed_with_it_once_it_is_made(jobs: SqlJobs) -> None:
    making = ImportTerms(ImportContent.CAMPAIGN, FileFormat.TOML, "a.toml")
    await jobs.add(an_import(1, terms=making))
    await jobs.add(an_import(2, terms=making, state=JobState.DONE))
    await jobs.add(an_export(3, terms=ExportTerms(ExportContent.CAMPAIGN, FileFormat.TOML)))
    assert {job.id for _, job in await jobs.listed(OTHER, SLUG, (), 9)} == {key_of(2)}
    assert (await jobs.count(OTHER, SLUG, ()), await jobs.count(REQUESTER, SLUG, ())) == (1, 3)


async def test_jobs_are_listed_without_their_problems(jobs: SqlJobs) -> None:
    await jobs.add(an_import(problems=(PROBLEM,), problem_count=1))
    [(_, job)] = await jobs.listed(REQUESTER, None, (), 9)
    assert (job.problems, job.problem_count) == ((), 1)


async def test_a_known_import_is_the_newest_of_the_same_person_that_came_to_something(jobs: SqlJobs) -> None:
    digest = "5" * 64
    for number, state in enumerate((JobState.DONE, JobState.RUNNING, JobState.FAILED, JobState.CANCELLED), 1):
        await jobs.add(an_import(number, sha256=digest, state=state))
    await jobs.add(an_import(5, sha256=digest, requested_by=None, state=JobState.DONE))
    known, operators = await jobs.known_import(digest, REQUESTER), await jobs.known_import(digest, None)
    assert known is not None
    assert known.id == key_of(2)
    assert operators is not None
    assert operators.id == key_of(5)
    assert await jobs.known_import(digest, OTHER) is None


async def test_fifty_workers_claim_a_hundred_jobs_and_none_of_them_twice(jobs: SqlJobs) -> None:
    for number in range(100):
        await jobs.add(an_export(number))

    async def work(worker: int) -> list[str]:
        found = []
        while (job := await jobs.claim(f"machine:{worker}:{len(found)}", START, UNTIL)) is not None:
            found.append(job.id)
        return found

    done = [key for found in await asyncio.gather(*map(work, range(50))) for key in found]
    assert len(done) == 100
    assert set(done) == {key_of(number) for number in range(100)}


def test_processes_claim_jobs_and_none_of_them_twice(database_url: str) -> None:
    asyncio.run(store_jobs(database_url, 40))
    found = [key for keys in in_processes(4, claim_all, database_url) for key in keys]
    assert sorted(found) == sorted(key_of(number) for number in range(40))


async def store_jobs(url: str, number: int) -> None:
    async with opened(url) as jobs:
        for each in range(number):
            await jobs.add(an_export(each))


def claim_all(url: str) -> list[str]:
    async def claim() -> list[str]:
        async with opened(url) as jobs:
            found = []
            while (job := await jobs.claim(f"{len(found)}", START, UNTIL)) is not None:
                found.append(job.id)
            return found

    return asyncio.run(claim())


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[SqlJobs]:
    async with open_database(url) as database:
        await migrate(database)
        yield SqlJobs(database)


async def test_only_jobs_that_run_are_claimed_the_oldest_first_or_the_one_asked_for(jobs: SqlJobs) -> None:
    for number, state in enumerate(JobState):
        await jobs.add(an_import(number, state=state))
    await jobs.add(an_export(8))
    await jobs.add(an_export(9))
    assert await jobs.waiting(START) == 3
    asked = await jobs.claim(ONE, START, UNTIL, key_of(9))
    assert asked is not None
    assert asked.id == key_of(9)
    assert await jobs.claim(TWO, START, UNTIL, key_of(9)) is None
    assert (await claimed(jobs)).state is JobState.RUNNING
    assert (await claimed(jobs)).id == key_of(8)
    assert await jobs.claim(TWO, START, UNTIL) is None
    assert await jobs.waiting(START) == 0


async def test_what_is_approved_is_taken_up_first_then_imports_then_exports(jobs: SqlJobs) -> None:
    running = JobState.RUNNING
    for job in (an_export(1), an_import(2, state=running), an_import(3, state=running, approved_by=OTHER)):
        await jobs.add(job)
    assert [(await claimed(jobs, str(n))).id for n in range(3)] == [key_of(3), key_of(2), key_of(1)]


async def test_a_lease_that_is_renewed_holds_and_one_that_is_over_is_another_worker_s(jobs: SqlJobs) -> None:
    await jobs.add(an_export())
    await claimed(jobs)
    assert await jobs.advance(key_of(1), ONE, UNTIL + LEASE) is False
    assert await jobs.claim(TWO, UNTIL, UNTIL + LEASE) is None
    assert await jobs.worker_of(key_of(1)) == ONE
    late = UNTIL + LEASE
    again = await jobs.claim(TWO, late, late + LEASE)
    assert again is not None
    assert again.attempts == 2
    assert await jobs.worker_of(key_of(1)) == TWO


async def test_whoever_has_lost_the_lease_changes_nothing_more(jobs: SqlJobs) -> None:
    await jobs.add(an_export())
    await claimed(jobs)
    await jobs.append(key_of(1), 0, b"old", ONE)
    assert await jobs.claim(TWO, UNTIL, UNTIL + LEASE) is not None
    await jobs.restart_file(key_of(1), TWO)
    await jobs.append(key_of(1), 0, b"new", TWO)
    before = await stored(jobs)
    for act in (
        lambda: jobs.advance(key_of(1), ONE, UNTIL + LEASE, Progress(99)),
        lambda: jobs.end(key_of(1), ONE, DONE, UNTIL),
        lambda: jobs.restart_file(key_of(1), ONE),
    ):
        with pytest.raises(LeaseLost):
            await act()
    assert not await jobs.append(key_of(1), 3, b"er", ONE)
    await jobs.release(key_of(1), ONE)
    assert await stored(jobs) == before
    assert await content_of(jobs) == b"new"
    assert await jobs.claim("three", UNTIL, UNTIL + LEASE) is None


async def test_progress_is_recorded_and_a_new_checkpoint_makes_the_attempt_the_first_one(jobs: SqlJobs) -> None:
    await jobs.add(an_export())
    for _ in range(3):
        await claimed(jobs)
        await jobs.release(key_of(1), ONE, spent=True)
    await claimed(jobs)
    await jobs.advance(key_of(1), ONE, UNTIL, Progress(10, 100, None, "made"))
    job = await stored(jobs)
    assert (job.done, job.total, job.checkpoint, job.campaign, job.attempts) == (10, 100, None, "made", 4)
    await jobs.advance(key_of(1), ONE, UNTIL, Progress(20, None, "row 20"))
    job = await stored(jobs)
    assert (job.done, job.total, job.checkpoint, job.campaign, job.attempts) == (20, 100, "row 20", "made", 1)
    await jobs.release(key_of(1), ONE, spent=True)
    await claimed(jobs)
    await jobs.advance(key_of(1), ONE, UNTIL, Progress(20, None, "row 20"))
    assert (await stored(jobs)).attempts == 2


async def test_a_job_that_is_given_back_is_taken_up_at_once_or_from_a_moment_on(jobs: SqlJobs) -> None:
    await jobs.add(an_export())
    await claimed(jobs)
    await jobs.release(key_of(1), ONE)
    assert (await claimed(jobs, TWO)).attempts == 1
    await jobs.release(key_of(1), TWO, START + timedelta(seconds=5), spent=True)
    assert await jobs.claim(ONE, START + timedelta(seconds=4), UNTIL) is None
    again = await jobs.claim(ONE, START + timedelta(seconds=5), UNTIL)
    assert again is not None
    assert again.attempts == 2


async def test_an_end_is_recorded_with_what_came_of_the_job(jobs: SqlJobs, database: Database) -> None:
    await jobs.add(an_import(state=JobState.RUNNING))
    await claimed(jobs)
    later = START + timedelta(hours=30)
    end = JobEnd(JobState.DONE, RESULT, [replace(PROBLEM, message=Text("坏", "bad"))], 5000, [CANCELLED])
    assert await jobs.end(key_of(1), ONE, end, later, WrittenFile(3, "f" * 64))
    job = await stored(jobs)
    assert (job.state, job.result, job.problem_count, job.expires_at) == (JobState.DONE, RESULT, 5000, later)
    assert (job.size, job.sha256, job.problems[0].violations) == (3, "f" * 64, ("UNKNOWN_PROJECTS",))
    assert [entry.event for entry in await read(database, TrailFilter(), None)] == [CANCELLED]
    assert await jobs.claim(TWO, later, later) is None


async def test_a_job_that_shall_be_cancelled_does_not_wait_next_but_may_be_done(jobs: SqlJobs) -> None:
    for number in (1, 2):
        await jobs.add(an_import(number, state=JobState.RUNNING))
        await claimed(jobs)
        assert await jobs.request_cancel(key_of(number), OTHER)
        assert await jobs.advance(key_of(number), ONE, UNTIL) is True
    assert not await jobs.end(key_of(1), ONE, JobEnd(JobState.WAITING_FOR_APPROVAL), UNTIL)
    assert (await stored(jobs)).state is JobState.RUNNING
    assert await jobs.end(key_of(1), ONE, CANCEL, UNTIL)
    assert await jobs.end(key_of(2), ONE, DONE, UNTIL)
    assert [(await stored(jobs, number)).state for number in (1, 2)] == [JobState.CANCELLED, JobState.DONE]
    assert (await stored(jobs)).cancelled_by == OTHER


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.RUNNING])
async def test_only_a_job_that_runs_is_asked_to_cancel(jobs: SqlJobs, state: JobState) -> None:
    await jobs.add(an_import(state=state))
    assert not await jobs.request_cancel(key_of(1), OTHER)
    assert not (await stored(jobs)).cancel_requested


@pytest.mark.parametrize("state", [JobState.WAITING_FOR_FILE, JobState.WAITING_FOR_APPROVAL])
async def test_a_job_that_waits_is_cancelled_once_and_for_good(
    jobs: SqlJobs, database: Database, state: JobState
) -> None:
    await jobs.add(an_import(state=state))
    assert await jobs.give_up(key_of(1), state, CANCEL, OTHER)
    assert not await jobs.give_up(key_of(1), state, CANCEL, OTHER)
    job = await stored(jobs)
    assert (job.state, job.cancelled_by, job.approved_by) == (JobState.CANCELLED, OTHER, None)
    assert len(await read(database, TrailFilter(), None)) == 1
    assert not await jobs.append(key_of(1), 0, b"late")
    assert not await jobs.complete(key_of(1), WrittenFile(0, "0" * 64))


async def test_of_many_who_approve_and_cancel_at_once_one_succeeds(jobs: SqlJobs, database: Database) -> None:
    await store(a_campaign(), a_campaign().districts)
    await jobs.add(an_import(state=JobState.WAITING_FOR_APPROVAL))
    batch = PaperBatch(SLUG, "0" * 64, "五里桥", DAYS[0], Channel.PAPER, key_of(1), OTHER, DURING, 9)

    async def approve() -> bool:
        async with database.transaction() as transaction:
            return await SqlPaperBatches(transaction).approve(batch, START)

    async def cancel() -> bool:
        return await jobs.give_up(key_of(1), JobState.WAITING_FOR_APPROVAL, CANCEL, OTHER)

    done = await asyncio.gather(*(act() for _ in range(10) for act in (approve, cancel)))
    assert done.count(True) == 1
    job, events = await stored(jobs), await read(database, TrailFilter(), None)
    if done.index(True) % 2:
        assert (job.state, job.approved_by, job.cancelled_by, len(events)) == (JobState.CANCELLED, None, OTHER, 1)
        assert await SqlPaperBatches(database).of_job(SLUG, key_of(1)) is None
    else:
        assert (job.state, job.approved_by, job.approved_at, events) == (JobState.RUNNING, OTHER, START, ())
        assert not await jobs.request_cancel(key_of(1), OTHER)


async def test_a_batch_is_counted_in_the_moment_in_which_its_job_ends(jobs: SqlJobs, database: Database) -> None:
    """Else a stage could be decided between the two, and whoever takes the job up could never end it."""
    await store(a_campaign(), a_campaign().districts)
    await jobs.add(an_import(state=JobState.WAITING_FOR_APPROVAL))
    batch = PaperBatch(SLUG, "0" * 64, "五里桥", DAYS[0], Channel.PAPER, key_of(1), OTHER, DURING, 9)
    assert await SqlPaperBatches(database).approve(batch, START)
    assert await jobs.claim("one", START, START + LEASE)
    end = JobEnd(JobState.DONE, counted_at=DURING)
    with pytest.raises(LeaseLost):
        await jobs.end(key_of(1), "another", end, START)
    assert await SqlPaperBatches(database).uncounted(SLUG) == (batch,)
    assert await jobs.end(key_of(1), "one", end._replace(done=8, total=9), START)
    assert ((await stored(jobs)).done, (await stored(jobs)).total) == (8, 9)
    assert await SqlPaperBatches(database).of_job(SLUG, key_of(1)) == batch._replace(counted_at=DURING)


FILE = b"0123456789abcdef"


async def test_an_upload_is_resumed_at_every_byte_and_at_no_other(jobs: SqlJobs) -> None:
    for cut in range(len(FILE) + 1):
        await jobs.add(an_import())
        assert await jobs.append(key_of(1), 0, FILE[:cut])
        for wrong in (cut - 1, cut + 1):
            assert not await jobs.append(key_of(1), wrong, b"x")
        assert not await jobs.complete(key_of(1), WrittenFile(cut + 1, "0" * 64))
        assert await jobs.append(key_of(1), cut, FILE[cut:])
        assert await content_of(jobs) == FILE
        assert await jobs.complete(key_of(1), WrittenFile(len(FILE), "0" * 64))
        job = await stored(jobs)
        assert (job.state, job.received, job.size) == (JobState.RUNNING, len(FILE), len(FILE))
        assert not await jobs.append(key_of(1), len(FILE), b"x")
        await claimed(jobs)
        await jobs.end(key_of(1), ONE, DONE, START)
        await jobs.delete(key_of(1))


async def test_of_two_who_upload_the_same_bytes_at_once_one_appends_them(jobs: SqlJobs) -> None:
    await jobs.add(an_import())
    for place, byte in enumerate(FILE):
        done = await asyncio.gather(*(jobs.append(key_of(1), place, bytes([byte])) for _ in range(4)))
        assert done.count(True) == 1
    assert await content_of(jobs) == FILE


async def test_a_file_is_read_from_any_byte_on(jobs: SqlJobs) -> None:
    await jobs.add(an_import())
    for start in range(0, len(FILE), 5):
        await jobs.append(key_of(1), start, FILE[start : start + 5])
    for start in range(len(FILE) + 2):
        assert await content_of(jobs, start) == FILE[start:]


async def test_no_piece_is_larger_than_a_megabyte_and_none_is_in_anybody_s_way(
    jobs: SqlJobs, database: Database
) -> None:
    await jobs.add(an_import())
    whole = bytes(range(256)) * (3 * MAX_PIECE // 256) + b"end"
    await jobs.append(key_of(1), 0, whole)
    reader = jobs.pieces(key_of(1))
    first = await anext(reader)
    await jobs.add(an_import(2))  # a reader holds nothing while it is slow
    rest = [piece async for piece in reader]
    assert first + b"".join(rest) == whole
    assert max(map(len, rest)) <= MAX_PIECE


async def test_a_file_is_deleted_with_its_job_which_has_to_be_over(jobs: SqlJobs, database: Database) -> None:
    await jobs.add(an_import(state=JobState.WAITING_FOR_FILE))
    for start in range(70):
        await jobs.append(key_of(1), start, b"x")
    assert await jobs.give_up(key_of(1), JobState.WAITING_FOR_FILE, CANCEL)
    await jobs.delete(key_of(1))
    assert await jobs.find(key_of(1)) is None
    assert await database.rows("select id from job_pieces") == []
    await jobs.add(an_export(2))
    await jobs.delete(key_of(2))
    assert await jobs.find(key_of(2)) is not None


async def test_what_has_expired_is_found_unless_it_runs(jobs: SqlJobs) -> None:
    for number, state in enumerate(JobState):
        await jobs.add(an_import(number, state=state, expires_at=START + timedelta(hours=number)))
    late = START + timedelta(hours=4)
    expired = {job.state for job in await jobs.expired(late, 9)}
    assert expired == {*JobState} - {JobState.RUNNING, JobState.CANCELLED}
    assert len(await jobs.expired(late, 2)) == 2


async def test_of_the_exports_of_a_viewer_that_are_done_the_newest_are_kept(jobs: SqlJobs) -> None:
    for number in range(6):
        await jobs.add(an_export(number, state=JobState.DONE))
    await jobs.add(an_export(6, state=JobState.DONE, requested_by=OTHER))
    await jobs.add(an_export(7))
    await jobs.expire_others(REQUESTER, 4, START)
    assert {job.id for job in await jobs.expired(START, 9)} == {key_of(0), key_of(1)}


async def test_nothing_is_lost_of_a_file_whose_process_was_killed(fresh_url: Callable[[], str]) -> None:
    """What append has said yes to is there for another process."""
    url = fresh_url()
    async with opened(url) as jobs:
        await jobs.add(an_import())
        await jobs.append(key_of(1), 0, FILE[:7])
    async with opened(url) as jobs:
        assert (await stored(jobs)).received == 7
        assert await jobs.append(key_of(1), 7, FILE[7:])
        assert await content_of(jobs) == FILE
