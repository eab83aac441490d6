"""Work at jobs in a server process, or at one in a command: claim them, and look after the attempts at them."""

import asyncio
import logging
import os
import secrets
import socket
from contextlib import suppress
from datetime import datetime, timedelta

from api.clock import Clock
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.jobs import Job, JobState
from api.ports.jobs import JobEnd, JobStore
from api.services.jobs.attempt import LEASE, Attempt, Show, show_nobody
from api.services.jobs.endings import Endings

AT_ONCE = 2  # jobs of a process
POLL = 1.0  # seconds between two looks for work
TIDY_EVERY = timedelta(minutes=1)
TIDY_AT_ONCE = 20  # jobs
STOP_TIMEOUT = 5.0  # seconds that attempts may take to give their leases back
log = logging.getLogger("pingxuan.jobs")


class JobRunner:
    """Works at jobs in this process. longest: seconds for a job; 0: as long as it takes. time: that of the machine."""

    def __init__(self, store: JobStore, endings: Endings, time: Clock, longest: int) -> None:
        self._store = store
        self._endings = endings
        self._time = time
        self._longest = longest
        self._woken = asyncio.Event()
        self._tidied_at: datetime | None = None
        self._attempts: dict[asyncio.Task[None], Attempt] = {}
        self._is_stopped = False
        self.waiting = 0  # jobs that nobody works at, as of the last look

    @property
    def running(self) -> int:
        """How many jobs this process works at."""
        return len(self._attempts)

    async def keep_running(self) -> None:
        """Work at jobs until cancelled or stopped; then give back what is not done."""
        try:
            while not self._is_stopped:
                await self._look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._woken.wait()
                self._woken.clear()
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Cut off what is under way, and give the leases back, so that other processes go on at once."""
        self._is_stopped = True
        self._woken.set()
        await asyncio.sleep(
            0
        )  # a task that is cancelled before it has begun could not give back what was claimed for it
        attempts = list(self._attempts)
        for task in attempts:
            task.cancel()
        if attempts:
            await asyncio.wait(attempts, timeout=STOP_TIMEOUT)

    def wake(self) -> None:
        """Look for work now: a job was started, or one is to be cancelled."""
        self._woken.set()
        for attempt in self._attempts.values():
            attempt.nudge()

    async def run_now(self, key: str, show: Show = show_nobody) -> Job:
        """Run this job here until it is over, or waits; return what has become of it. show: called with each progress.

        While another process works at it, it is watched, and taken up if that one dies. Without a limit on time.
        """
        while True:
            job = await self._store.find(key)
            if job is None:
                raise LookupError(f"There is no job {key}.")
            if job.state is not JobState.RUNNING:
                return job
            show(job)
            if (attempt := await self._claim(key, show)) is not None:
                await self._endings.see_to_the_end(attempt)
            elif (gone := await self._store.worker_of(key)) and is_gone(gone):
                await self._store.release(key, gone, spent=True)
            else:
                await asyncio.sleep(POLL)

    async def look_once(self) -> Job | None:
        """Claim one job, work at it, and return it as it was claimed; None where there was none."""
        attempt = await self._claim()
        if attempt is None:
            return None
        claimed = attempt.job
        await self._endings.see_to_the_end(attempt)
        return claimed

    async def tidy(self) -> bool:
        """Delete jobs that are over and have expired, with their files; cancel those that have waited for too long.

        Return whether that were all of them.
        """
        expired = await self._store.expired(self._time(), TIDY_AT_ONCE)
        for job in expired:
            if job.state.is_final:
                await self._store.delete(job.id)
            else:
                event = await self._endings.recorder.cancelled(job, None)
                end = JobEnd(JobState.CANCELLED, job.result, job.problems, job.problem_count, [event])
                if await self._store.give_up(job.id, job.state, end):
                    await self._store.delete_file(job.id)
        return len(expired) < TIDY_AT_ONCE

    async def _look(self) -> None:
        """Take up as many jobs as may be worked at, and tidy up now and then. Whatever goes wrong, the next look comes."""
        try:
            await self._take_up()
            now = self._time()
            if self._tidied_at is None or abs(now - self._tidied_at) >= TIDY_EVERY:
                self._tidied_at = now if await self.tidy() else None
        except Exception as error:
            if isinstance(error, ApiError) and error.code is ErrorCode.OVERLOADED:
                log.warning("jobs wait for the database: %s", error)
            else:
                log.exception("jobs could not be looked for")

    async def _take_up(self) -> None:
        """Look before a claim, which writes."""
        while (waiting := await self._store.waiting(self._time())) and self._has_room():
            attempt = await self._claim()
            if attempt is None:
                break  # another process was faster
            if self._is_stopped:
                await self._store.release(attempt.job.id, attempt.worker)
                break
            task = asyncio.create_task(self._endings.see_to_the_end(attempt))
            self._attempts[task] = attempt
            task.add_done_callback(self._forget)
        self.waiting = waiting

    def _has_room(self) -> bool:
        return len(self._attempts) < AT_ONCE and not self._is_stopped

    def _forget(self, task: asyncio.Task[None]) -> None:
        attempt = self._attempts.pop(task)
        self._woken.set()  # there is room for another
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error(
                "job %s was dropped, and is taken up again once its lease is over", attempt.job.id, exc_info=error
            )

    async def _claim(self, key: str | None = None, show: Show = show_nobody) -> Attempt | None:
        now, worker = self._time(), worker_name()
        job = await self._store.claim(worker, now, now + LEASE, key)
        if job is None:
            return None
        attempt = Attempt(self._store, job, worker, self._time)
        attempt.show = show
        if key is None and self._longest > 0 and not job.is_approved:
            attempt.ends_at = now + timedelta(seconds=self._longest)
        return attempt


def worker_name() -> str:
    """A name that one attempt alone has: of this machine, of this process, and its own."""
    return f"{socket.gethostname()[:36]}:{os.getpid()}:{secrets.token_hex(8)}"


def is_gone(worker: str) -> bool:
    """Whether the process of an attempt was one of this machine, and is no more."""
    host, pid, _ = worker.rsplit(":", 2)
    if host != socket.gethostname()[:36]:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # it is somebody else's process
    return False
