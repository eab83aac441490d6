"""One attempt at a job: it keeps the lease while a handler works, and cuts the handler off where it has to stop."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from api.clock import Clock
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.jobs import Job
from api.ports.jobs import JobStore, LeaseLost, Progress, WrittenFile
from api.services.jobs.work import JobCancelled, JobTooLong

T = TypeVar("T")
LEASE = timedelta(seconds=30)
BEAT = 5.0  # seconds between two renewals of the lease
STEP = timedelta(seconds=1)  # between two records of progress
PIECE = 512 * 1024  # bytes
Show = Callable[[Job], None]
log = logging.getLogger("pingxuan.jobs")


def show_nobody(_job: Job) -> None:
    """Show progress to nobody: it is read from storage."""


class Attempt:
    """work.JobWork, of one worker.

    ends_at: when the job has taken too long; None for never. show: called with each progress.
    """

    def __init__(self, store: JobStore, job: Job, worker: str, time: Clock) -> None:
        self.job = job
        self.worker = worker
        self.ends_at: datetime | None = None
        self.show: Show = show_nobody
        self._store = store
        self._time = time
        self._recorded_at = time()
        self._lock = asyncio.Lock()  # so that no older progress is recorded after a newer one
        self._nudged = asyncio.Event()
        self._is_undoing = False
        self._unwritten = bytearray()
        self._written, self._digest = 0, hashlib.sha256()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The uploaded file, piece by piece."""
        async for piece in self._store.pieces(self.job.id):
            yield piece

    async def progress(
        self, done: int, total: int | None = None, checkpoint: str | None = None, campaign: str | None = None
    ) -> None:
        """Tell how far it is; what has to be known at once is recorded at once."""
        job = self.job
        self.job = replace(
            job,
            done=done,
            total=job.total if total is None else total,
            checkpoint=checkpoint or job.checkpoint,
            campaign=campaign or job.campaign,
        )
        self.show(self.job)
        is_urgent = (job.checkpoint, job.campaign) != (self.job.checkpoint, self.job.campaign)
        if is_urgent or not timedelta(0) <= self._time() - self._recorded_at < STEP:
            await self.record()

    async def record(self) -> None:
        """Record the progress and renew the lease. Raises LeaseLost, JobCancelled and JobTooLong."""
        async with self._lock:
            now, job = self._time(), self.job
            progress = Progress(job.done, job.total, job.checkpoint, job.campaign)
            cancel = await self._store.advance(job.id, self.worker, now + LEASE, progress)
            self._recorded_at = now
        if self._is_undoing:
            return
        if cancel:
            raise JobCancelled(self.job.id)
        if self.ends_at is not None and now >= self.ends_at:
            raise JobTooLong(self.job.id)

    async def write(self, piece: bytes) -> None:
        """Append to the file, in pieces that are neither small nor large."""
        self._unwritten += piece
        while len(self._unwritten) >= PIECE:
            await self._append(bytes(self._unwritten[:PIECE]))
            del self._unwritten[:PIECE]

    async def written(self) -> WrittenFile:
        """Write what is left, and seal the file. Raises LeaseLost."""
        if self._unwritten:
            await self._append(bytes(self._unwritten))
            self._unwritten.clear()
        return WrittenFile(self._written, self._digest.hexdigest())

    async def _append(self, piece: bytes) -> None:
        if not await self._store.append(self.job.id, self._written, piece, self.worker):
            raise LeaseLost(self.job.id)
        self._written += len(piece)
        self._digest.update(piece)

    def nudge(self) -> None:
        """Look at once whether the job shall be cancelled."""
        self._nudged.set()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this while the lease is kept, and cut it off where the lease is lost, or the job cancelled or too long."""
        doing, beating = asyncio.create_task(work), asyncio.create_task(self._beat())
        try:
            await asyncio.wait([doing, beating], return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                return doing.result()
        finally:
            for task in (doing, beating):
                task.cancel()
            await asyncio.wait([doing, beating])
        if not doing.cancelled() and doing.exception() is None:
            return doing.result()  # it was done when it was to be cut off
        beating.result()
        raise AssertionError("beats go on until an exception ends them")

    async def undo(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this while the lease is kept, however long it takes. Raises LeaseLost."""
        self._is_undoing = True
        return await self.run(work)

    async def _beat(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):
                    await self._nudged.wait()
            self._nudged.clear()
            try:
                await self.record()
            except ApiError as error:
                if error.code is not ErrorCode.OVERLOADED:
                    raise
                log.warning("the lease of job %s cannot be renewed: %s", self.job.id, error)
