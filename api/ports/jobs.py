"""What the services ask of storage about jobs and their files."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from api.domain.audit_trail import AuditEvent
from api.domain.exchange.jobs import ImportResult, Job, JobState
from api.domain.exchange.problems import FileProblem


class Progress(NamedTuple):
    """How far a job is. checkpoint: for whoever takes the job up; None leaves the last one. campaign: the one it makes."""

    done: int
    total: int | None = None
    checkpoint: str | None = None
    campaign: str | None = None


class JobEnd(NamedTuple):
    """What has become of a job, or of this part of it where it waits for an approval next.

    events: for the audit trail. counted_at: when the last ballot of a batch of a polling place was in the box, by the clock of
    the campaigns; None of all other jobs. done, total: rows, where more of them are known than the last progress told.
    """

    state: JobState
    result: ImportResult | None = None
    problems: Sequence[FileProblem] = ()
    problem_count: int = 0
    events: Sequence[AuditEvent] = ()
    counted_at: datetime | None = None
    done: int | None = None
    total: int | None = None


class WrittenFile(NamedTuple):
    """A file that is whole: how many bytes it has, and their digest."""

    size: int
    sha256: str


class LeaseLost(Exception):
    """Raised where another process works at the job by now. Stop, and change nothing more."""


class JobStore(Protocol):
    """Jobs and their files. worker: names whoever works at a job; times are of the machines' clock."""

    async def add(self, job: Job, events: Sequence[AuditEvent] = ()) -> None:
        """Store a new job, with entries of the trail."""
        ...

    async def find(self, key: str) -> Job | None:
        """The job with this id."""
        ...

    async def listed(
        self,
        requested_by: str | None,
        campaign: str | None,
        states: Collection[JobState],
        limit: int,
        before: int | None = None,
    ) -> tuple[tuple[int, Job], ...]:
        """At most so many jobs with their numbers, the newest first: those requested by a viewer.

        Where a campaign is named, those of this campaign that a viewer requested or all its staff see.

        Each comes without its problems, of which a thousand may be kept. None, and no states, are no condition. before: only
        with numbers below.
        """
        ...

    async def count(self, requested_by: str | None, campaign: str | None, states: Collection[JobState]) -> int:
        """How many jobs `listed` has in all."""
        ...

    async def known_import(self, sha256: str, requested_by: str | None) -> Job | None:
        """The newest import of a file with this digest that was requested by the same, and neither failed nor was cancelled."""
        ...

    async def waiting(self, now: datetime) -> int:
        """How many RUNNING jobs nobody works at."""
        ...

    async def claim(self, worker: str, now: datetime, until: datetime, key: str | None = None) -> Job | None:
        """Take up a RUNNING job that nobody works at, the oldest first, or this one; None where there is none.

        It is one attempt more. worker: a name that this attempt alone has.
        """
        ...

    async def worker_of(self, key: str) -> str | None:
        """Who works at a job, or did last without giving the lease back."""
        ...

    async def advance(self, key: str, worker: str, until: datetime, progress: Progress | None = None) -> bool:
        """Keep the lease until then and record progress; return whether the job shall be cancelled. Raises LeaseLost.

        A new checkpoint makes the attempt the first one from there.
        """
        ...

    async def end(
        self, key: str, worker: str, end: JobEnd, expires_at: datetime, file: WrittenFile | None = None
    ) -> bool:
        """Record what has become of a job, with its entries of the trail, and give the lease back. Raises LeaseLost.

        False, and nothing is changed, where the job would not be over and shall be cancelled. file: what an export has written.
        """
        ...

    async def release(self, key: str, worker: str, again_at: datetime | None = None, *, spent: bool = False) -> None:
        """Give the lease back, if it is still held, so that another process takes the job up at once, or from a moment on.

        spent: whether it was an attempt that counts.
        """
        ...

    async def give_up(self, key: str, before: JobState, end: JobEnd, by: str | None = None) -> bool:
        """End a job that waits, and that nobody works at; False where it was not in this state. by: who has cancelled it."""
        ...

    async def request_cancel(self, key: str, by: str | None) -> bool:
        """Have whoever works at a RUNNING job, or takes it up next, cancel it.

        False where it is not RUNNING, or approved, or what it made is seen already.
        """
        ...

    async def append(self, key: str, start: int, piece: bytes, worker: str | None = None) -> bool:
        """Append to a job's file; False where so much of it has not arrived, or more has, or it waits for none.

        worker: who writes an export, while they hold its lease.
        """
        ...

    async def complete(self, key: str, file: WrittenFile) -> bool:
        """Have a job whose file is whole run; False where it was not waiting for it, or so many bytes have not arrived."""
        ...

    def pieces(self, key: str, start: int = 0) -> AsyncIterator[bytes]:
        """The bytes of a job's file from this one on, in pieces of at most a megabyte."""
        ...

    async def restart_file(self, key: str, worker: str) -> None:
        """Delete what was written of an export's file. Raises LeaseLost."""
        ...

    async def delete_file(self, key: str) -> None:
        """Delete the file of a job that is over and needs none."""
        ...

    async def expired(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """Jobs that have expired and are not RUNNING, at most so many."""
        ...

    async def expire_others(self, requested_by: str, newest: int, now: datetime) -> None:
        """Have all exports of a viewer that are DONE, but so many of the newest, expire now."""
        ...

    async def delete(self, key: str) -> None:
        """Delete a job that is over, with its file."""
        ...
