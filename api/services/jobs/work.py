"""What a kind of job has to do, and what it is given for it."""

from collections.abc import AsyncIterator
from typing import Protocol

from api.domain.exchange.jobs import Job
from api.ports.jobs import JobEnd


class JobCancelled(Exception):
    """Raised where a job shall be cancelled. What has been done is undone by the handler's `undo`, not here."""


class JobTooLong(Exception):
    """Raised where a job has taken longer than the server allows."""


class JobWork(Protocol):
    """One attempt at a job. Everything raises JobCancelled, JobTooLong or LeaseLost, which a handler lets pass."""

    @property
    def job(self) -> Job:
        """The job, with the progress that was made in this attempt."""
        ...

    def pieces(self) -> AsyncIterator[bytes]:
        """The uploaded file, from its first byte on, as often as it is asked for."""
        ...

    async def progress(
        self, done: int, total: int | None = None, checkpoint: str | None = None, campaign: str | None = None
    ) -> None:
        """Tell how far it is. Cheap: written at most once a second, or at once where a checkpoint is given.

        total, checkpoint, campaign: None leaves what was told before.
        """
        ...

    async def write(self, piece: bytes) -> None:
        """Append to an export's file, which is empty when an attempt begins."""
        ...


class JobHandler(Protocol):
    """Does the jobs of one kind and content. One handler serves all of a process's jobs, two of them at once."""

    async def run(self, work: JobWork) -> JobEnd:
        """Do the job, or go on from its checkpoint. Raises FileRefused, ActFailed or ApiError where it cannot be done.

        It may be cut off at any await: then the job is undone, or taken up again, here or in another process. What computes for
        long goes into a thread. Where it returns that the job waits for an approval, it leaves nothing that has to be undone.
        """
        ...

    async def undo(self, work: JobWork) -> JobEnd | None:
        """Leave nothing behind of a job that was cancelled, has failed or is given up. It may be called more than once.

        Where the job had been done when it was cut off, and everybody may have seen what it made, return how it ends instead.
        """
        ...
