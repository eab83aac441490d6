"""Are jobs worked at by whichever process is there, and brought to an end whatever happens to it?"""

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode, refused
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.jobs import Job, JobState
from api.domain.texts import Text
from api.ports.jobs import JobEnd, WrittenFile
from api.services.jobs import runner
from api.services.jobs.runner import is_gone, worker_name
from api.services.jobs.work import JobWork
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from tests.job_worlds import Gate, JobWorld, ScriptedHandler, do_nothing, until
from tests.jobs import LEASE, OTHER, an_export, an_import, key_of

KEY = key_of(1)
OUTAGE = ApiError(ErrorCode.OVERLOADED, Text("不在", "away"))


async def test_an_export_is_written_and_sealed(world: JobWorld) -> None:
    async def write(work: JobWork) -> JobEnd:
        for number in range(1, 4):
            await work.write(b"a line\r\n")
            await work.progress(number, 3)
        return JobEnd(JobState.DONE)

    world.handler.script = [write]
    await world.store.add(an_export())
    world.time.move(hours=3)
    assert await world.runner.look_once() is not None
    job = await world.job(KEY)
    assert (job.state, job.size, job.received) == (JobState.DONE, 24, 24)
    assert job.sha256 == sha256(b"a line\r\n" * 3).hexdigest()
    assert job.expires_at == world.time() + timedelta(hours=24)
    assert await world.content(KEY) == b"a line\r\n" * 3
    assert await world.runner.look_once() is None


async def test_what_a_dead_attempt_has_written_is_not_in_the_file_of_the_next(world: JobWorld) -> None:
    async def half(work: JobWork) -> JobEnd:
        await work.write(b"x" * 600_000)
        raise OUTAGE

    async def whole(work: JobWork) -> JobEnd:
        await work.write(b"whole")
        return JobEnd(JobState.DONE)

    world.handler.script = [half, whole]
    await world.store.add(an_export())
    await world.runner.look_once()
    assert await world.content(KEY)
    world.time.move(minutes=1)
    await world.runner.look_once()
    assert await world.content(KEY) == b"whole"


async def test_a_refused_job_is_undone_and_keeps_its_problems_and_no_file(world: JobWorld) -> None:
    async def refuse(work: JobWork) -> JobEnd:
        raise refused(ProblemCode.UNREADABLE_FILE, Text("坏", "bad"), "input")

    world.handler.script = [refuse]
    await world.store.add(an_import(state=JobState.RUNNING, received=3))
    await world.runner.look_once()
    job = await world.job(KEY)
    assert (job.state, job.problem_count, world.handler.undone) == (JobState.FAILED, 1, [KEY])
    assert (job.problems[0].code, job.problems[0].path) == (ProblemCode.UNREADABLE_FILE, ("input",))
    assert await world.content(KEY) == b""


async def test_an_import_that_is_done_keeps_no_file(world: JobWorld) -> None:
    await world.store.add(an_import())
    await world.store.append(KEY, 0, b"x")
    await world.store.complete(KEY, WrittenFile(1, "0" * 64))
    await world.runner.look_once()
    assert (await world.state(KEY), await world.content(KEY)) == (JobState.DONE, b"")


async def test_a_cancelled_job_is_undone_however_long_that_takes(world: JobWorld) -> None:
    class SlowlyUndone(ScriptedHandler):
        async def undo(self, work: JobWork) -> None:
            for row in range(3):
                world.time.move(hours=1)
                await work.progress(row)
            await super().undo(work)

    handler = SlowlyUndone()
    await world.store.add(an_import(state=JobState.RUNNING))
    await world.store.request_cancel(KEY, OTHER)
    await world.another_runner(handler).look_once()
    assert (await world.state(KEY), handler.undone) == (JobState.CANCELLED, [KEY])


async def test_of_many_problems_the_first_are_kept_and_all_are_counted(world: JobWorld) -> None:
    many = [Problem(ProblemCode.UNREADABLE_FILE, Text("坏", f"bad {number}")) for number in range(1_500)]

    async def refuse(work: JobWork) -> JobEnd:
        raise ActFailed(many)

    world.handler.script = [refuse]
    await world.store.add(an_import(state=JobState.RUNNING))
    await world.runner.look_once()
    job = await world.job(KEY)
    assert (len(job.problems), job.problem_count, job.problems[999].message.en) == (1_000, 1_500, "bad 999")


async def test_an_error_that_nobody_expected_is_tried_again_later_and_given_up_after_three_attempts(
    world: JobWorld, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(work: JobWork) -> JobEnd:
        raise ZeroDivisionError

    world.handler.script = [fail]
    await world.store.add(an_export())
    for attempt in range(3):
        assert await world.runner.look_once() is not None
        assert await world.state(KEY) is (JobState.FAILED if attempt == 2 else JobState.RUNNING)
        assert await world.runner.look_once() is None
        world.time.move(minutes=1)
    assert [problem.code for problem in (await world.job(KEY)).problems] == [ProblemCode.JOB_FAILED]
    assert world.handler.undone == [KEY]
    assert [record.levelname for record in caplog.records if KEY in record.message] == ["ERROR"] * 3
    assert "ZeroDivisionError" in caplog.text


async def test_a_job_that_kills_its_process_again_and_again_is_given_up(world: JobWorld) -> None:
    await world.store.add(an_export())
    for _ in range(10):
        assert await world.store.claim(worker_name(), world.time(), world.time() + LEASE) is not None
        world.time.move(minutes=1)
    await world.runner.look_once()
    assert (await world.state(KEY), world.handler.begun, world.handler.undone) == (JobState.FAILED, [], [KEY])


async def test_while_the_database_is_away_no_attempt_is_counted(world: JobWorld) -> None:
    async def away(work: JobWork) -> JobEnd:
        raise OUTAGE

    world.handler.script = [away] * 20 + [do_nothing]
    await world.store.add(an_export())
    for _ in range(21):
        assert await world.runner.look_once() is not None
        world.time.move(minutes=1)
    assert (await world.state(KEY), world.handler.undone) == (JobState.DONE, [])


async def test_a_cancelled_job_that_nobody_works_at_is_undone_by_whoever_takes_it_up(world: JobWorld) -> None:
    await world.store.add(an_import(state=JobState.RUNNING))
    await world.store.request_cancel(KEY, OTHER)
    await world.runner.look_once()
    assert (await world.state(KEY), world.handler.begun, world.handler.undone) == (JobState.CANCELLED, [], [KEY])
    assert await world.trail() == ["JOB_CANCELLED"]


async def test_a_job_that_is_cancelled_in_this_process_is_cut_off_at_once(world: JobWorld) -> None:
    gate = Gate()
    world.handler.script = [gate]
    await world.store.add(an_export())
    async with world.serving():
        await gate.reached.wait()
        await world.jobs.cancel(None, KEY)
        await until(world.is_over)
        assert (await world.state(KEY), world.handler.undone) == (JobState.CANCELLED, [KEY])


async def test_a_job_that_is_cancelled_elsewhere_stops_at_its_next_progress(world: JobWorld) -> None:
    async def go_on(work: JobWork) -> JobEnd:
        await world.store.request_cancel(KEY, OTHER)
        await work.progress(1)  # written less than a second after the claim: not looked at
        world.time.move(seconds=1)
        await work.progress(2)
        raise AssertionError("it goes on")

    world.handler.script = [go_on]
    await world.store.add(an_export())
    await world.runner.look_once()
    assert (await world.state(KEY), world.handler.undone) == (JobState.CANCELLED, [KEY])
    assert (await world.job(KEY)).done == 2


async def test_a_process_that_stood_still_over_its_lease_changes_nothing_more(world: JobWorld) -> None:
    other = ScriptedHandler()
    other_runner = world.another_runner(other)

    async def stand_still(work: JobWork) -> JobEnd:
        world.time.move(minutes=5)
        await other_runner.look_once()
        await work.progress(99)
        raise AssertionError("it goes on")

    world.handler.script = [stand_still]
    await world.store.add(an_export())
    await world.runner.look_once()
    job = await world.job(KEY)
    assert (job.state, job.done, len(other.begun), world.handler.undone) == (JobState.DONE, 0, 1, [])


async def test_a_handler_that_waits_for_something_else_is_cut_off_where_its_lease_is_lost(world: JobWorld) -> None:
    gate = Gate()
    world.handler.script = [gate]
    await world.store.add(an_export())
    async with world.serving():
        await gate.reached.wait()
        world.time.move(minutes=5)
        await world.another_runner(ScriptedHandler()).look_once()
        world.runner.wake()
        await until(world.is_idle)
        assert (await world.state(KEY), world.handler.undone) == (JobState.DONE, [])


async def test_a_job_that_takes_too_long_fails(world: JobWorld) -> None:
    async def dawdle(work: JobWork) -> JobEnd:
        world.time.move(hours=1)
        await work.progress(1)
        raise AssertionError("it goes on")

    world.handler.script = [dawdle]
    await world.store.add(an_export())
    await world.runner.look_once()
    job = await world.job(KEY)
    assert (job.state, job.problems[0].code) == (JobState.FAILED, ProblemCode.JOB_TOO_LONG)
    assert world.handler.undone == [KEY]


async def test_a_server_that_stops_gives_its_jobs_back_and_another_goes_on_at_once(world: JobWorld) -> None:
    gate = Gate()

    async def reach(work: JobWork) -> JobEnd:
        await work.progress(7, 9, "row 7")
        return await gate(work)

    world.handler.script = [reach]
    await world.store.add(an_import(state=JobState.RUNNING))
    running = asyncio.create_task(world.runner.keep_running())
    await gate.reached.wait()
    await world.runner.stop()
    await running
    other = ScriptedHandler()
    assert await world.another_runner(other).look_once() is not None
    [job] = other.begun
    assert (job.checkpoint, job.done, job.total, job.attempts) == ("row 7", 7, 9, 1)
    assert (await world.state(KEY), world.handler.undone) == (JobState.DONE, [])


async def test_a_job_that_is_claimed_while_the_server_stops_is_given_back(
    world: JobWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = world.store.claim

    async def stop_meanwhile(*arguments: Any) -> Job | None:
        job = await claim(*arguments)
        await world.runner.stop()
        return job

    await world.store.add(an_export())
    monkeypatch.setattr(world.store, "claim", stop_meanwhile)
    await world.runner.keep_running()
    monkeypatch.undo()
    assert world.handler.begun == []
    assert await world.another_runner().look_once() is not None


async def test_a_server_that_has_stopped_claims_nothing_more(world: JobWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = world.store.waiting

    async def stop_meanwhile(*arguments: Any) -> int:
        await world.runner.stop()
        return await waiting(*arguments)

    claims: list[object] = []

    async def claim(*arguments: object) -> None:
        claims.append(arguments)

    await world.store.add(an_export())
    monkeypatch.setattr(world.store, "waiting", stop_meanwhile)
    monkeypatch.setattr(world.store, "claim", claim)
    await world.runner.keep_running()
    assert claims == []


async def test_two_jobs_at_once_are_enough_and_the_next_begins_when_one_is_done(world: JobWorld) -> None:
    gate = Gate()
    world.handler.script = [gate]
    for number in range(5):
        await world.store.add(an_export(number))

    async def three_wait() -> bool:
        return world.runner.waiting == 3 and len(world.handler.begun) == 2

    async def all_are_done() -> bool:
        return len(world.handler.begun) == 5 and await world.is_idle()

    async with world.serving():
        await until(three_wait)
        assert world.runner.running == 2
        gate.opened.set()
        await until(all_are_done)
        assert world.runner.waiting == 0


async def test_a_check_that_is_done_waits_for_an_approval_with_an_entry_in_the_trail(world: JobWorld) -> None:
    async def check(work: JobWork) -> JobEnd:
        return JobEnd(JobState.WAITING_FOR_APPROVAL)

    world.handler.script = [check]
    await world.store.add(an_import(state=JobState.RUNNING))
    await world.store.append(KEY, 0, b"never")
    await world.runner.look_once()
    assert (await world.state(KEY), await world.trail()) == (JobState.WAITING_FOR_APPROVAL, ["BALLOTS_UPLOADED"])


async def test_a_check_that_is_cancelled_at_the_last_moment_does_not_wait(world: JobWorld) -> None:
    async def check(work: JobWork) -> JobEnd:
        await world.store.request_cancel(KEY, OTHER)
        return JobEnd(JobState.WAITING_FOR_APPROVAL)

    world.handler.script = [check]
    await world.store.add(an_import(state=JobState.RUNNING))
    await world.runner.look_once()
    assert (await world.state(KEY), world.handler.undone) == (JobState.CANCELLED, [KEY])
    assert await world.trail() == ["JOB_CANCELLED"]


async def test_a_command_runs_its_job_and_shows_how_far_it_is(world: JobWorld) -> None:
    async def count(work: JobWork) -> JobEnd:
        for number in range(1, 4):
            await work.progress(number, 3)
        world.time.move(hours=5)  # a command has no limit on time
        await work.progress(3)
        return JobEnd(JobState.DONE)

    world.handler.script = [count]
    await world.store.add(an_export())
    shown: list[Job] = []
    job = await world.runner.run_now(KEY, shown.append)
    assert job.state is JobState.DONE
    assert [each.done for each in shown] == [0, 1, 2, 3, 3]
    assert (job.done, job.total) == (3, 3)


async def test_a_job_that_is_over_tells_all_that_was_done(world: JobWorld) -> None:
    async def count(work: JobWork) -> JobEnd:
        await work.progress(1, 2)  # within a second of each other, of which the second is not recorded by itself
        await work.progress(2)
        return JobEnd(JobState.DONE)

    world.handler.script = [count]
    await world.store.add(an_export())
    await world.runner.look_once()
    assert ((await world.job(KEY)).done, (await world.job(KEY)).total) == (2, 2)


async def test_a_command_runs_no_job_that_is_not_there(world: JobWorld) -> None:
    with pytest.raises(LookupError):
        await world.runner.run_now(key_of(9))


async def test_a_command_takes_its_job_over_from_a_process_of_this_machine_that_is_gone(world: JobWorld) -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    await world.store.add(an_export())
    name = worker_name().split(":")
    await world.store.claim(f"{name[0]}:{gone.pid}:{name[2]}", world.time(), world.time() + LEASE)
    assert (await world.runner.run_now(KEY)).state is JobState.DONE


async def test_a_command_watches_a_job_that_another_process_works_at(
    world: JobWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "POLL", 0.01)
    gate = Gate()
    world.handler.script = [gate]
    await world.store.add(an_export())
    elsewhere = asyncio.create_task(world.another_runner().look_once())
    await gate.reached.wait()
    here = asyncio.create_task(world.runner.run_now(KEY, lambda _: gate.opened.set()))
    assert (await here).state is JobState.DONE
    await elsewhere
    assert len(world.handler.begun) == 1


def test_a_worker_is_gone_only_if_its_process_was_here_and_is_no_more() -> None:
    own = worker_name()
    assert own != worker_name()
    assert not is_gone(own)
    assert not is_gone("another-machine:1:ab")
    assert not is_gone(f"{own.split(':')[0]}:1:ab")


async def test_what_has_expired_is_deleted_and_what_has_waited_too_long_is_cancelled_first(world: JobWorld) -> None:
    for number, state in enumerate(JobState):
        await world.store.add(an_import(number, state=state))
        await world.store.append(key_of(number), 0, b"x")
    world.time.move(hours=24)
    await world.runner.tidy()
    left = {each.state for _, each in await world.store.listed(None, None, (), 9)}
    assert left == {JobState.RUNNING, JobState.CANCELLED}
    assert await world.trail() == ["JOB_CANCELLED"] * 2
    await world.runner.tidy()
    [(_, job)] = await world.store.listed(None, None, (), 9)
    assert job.state is JobState.RUNNING
    assert await world.database.rows("select id from job_pieces") == []


async def test_what_is_more_than_can_be_deleted_at_once_is_deleted_next(
    world: JobWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "TIDY_AT_ONCE", 2)
    monkeypatch.setattr(runner, "POLL", 0.01)
    for number in range(5):
        await world.store.add(an_export(number, state=JobState.DONE))
    world.time.move(hours=24)

    async def all_are_gone() -> bool:
        return await world.store.count(None, None, ()) == 0

    async with world.serving():
        await until(all_are_gone)


async def test_ballots_that_were_approved_are_counted_whatever_it_takes(world: JobWorld) -> None:
    async def fail(work: JobWork) -> JobEnd:
        world.time.move(hours=2)
        await work.progress(1)
        raise ZeroDivisionError

    world.handler.script = [fail] * 15 + [do_nothing]
    await world.store.add(an_import(state=JobState.RUNNING, approved_by=OTHER, approved_at=world.time()))
    for _ in range(16):
        assert await world.runner.look_once() is not None
        world.time.move(minutes=5)
    assert (await world.state(KEY), world.handler.undone) == (JobState.DONE, [])


async def test_whatever_goes_wrong_in_a_look_the_next_one_comes(
    world: JobWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runner, "POLL", 0.01)
    claim, errors = world.store.claim, [OUTAGE, ZeroDivisionError()]

    async def fail_twice(*arguments: object) -> Job | None:
        if errors:
            raise errors.pop()
        return await claim(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(world.store, "claim", fail_twice)
    await world.store.add(an_export())
    async with world.serving():
        await until(world.is_over)
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING]


KILLED = """
import asyncio, os, sys
sys.path.insert(0, {folder!r})
from tests.services.jobs.test_runner import work_until_killed
asyncio.run(work_until_killed({url!r}))
"""


async def work_until_killed(url: str) -> None:
    """What the process does that is killed in the middle of a job."""

    async def get_half_way(work: JobWork) -> JobEnd:
        await work.progress(5, 10, "row 5")
        sys.stdout.write("half way\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
        raise AssertionError("it goes on")

    async with open_database(url) as database:
        world = JobWorld(database)
        world.handler.script = [get_half_way]
        await world.runner.keep_running()


async def test_a_job_whose_process_is_killed_is_taken_up_by_another_where_it_was(
    fresh_url: Callable[[], str],
) -> None:
    url = fresh_url()
    async with open_database(url) as database:
        await migrate(database)
        world = JobWorld(database)
        await world.store.add(an_import(state=JobState.RUNNING))
        await asyncio.to_thread(kill_half_way, url)
        assert await world.runner.look_once() is None
        world.time.move(seconds=31)
        assert await world.runner.look_once() is not None
        [job] = world.handler.begun
        assert (job.checkpoint, job.done, job.total) == ("row 5", 5, 10)
        assert await world.state(KEY) is JobState.DONE


def kill_half_way(url: str) -> None:
    """Have a process work at the job, and kill it in the middle."""
    script = KILLED.format(folder=os.getcwd(), url=url)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        process.send_signal(signal.SIGKILL)
