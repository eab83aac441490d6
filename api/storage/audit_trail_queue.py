"""How is what happens while serving put on record without slowing anybody down, and without a flood filling the disk?

Entries wait in memory and are committed together, at most once a second. Of each kind a process writes BURST at once and
one a second on average; what is beyond is counted, and the count written as one entry a minute. A process that is killed
loses what waits: at most a second's entries. One that is stopped writes them first.
"""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime

from api.clock import Clock
from api.domain.audit_trail import AuditEvent, RecordedEvent, TrailFilter, TrailKind
from api.storage.audit_trail import count, read, write
from api.storage.database.connection import Database, is_transient

WRITE_INTERVAL = 1.0  # seconds between two commits
MAX_BURST = 500  # entries of a kind at once
SUMMARY_INTERVAL = 60.0  # seconds between two summaries of one kind
DRAIN_TIMEOUT = 10.0  # seconds that a stopping process gives the database to take what waits
log = logging.getLogger("pingxuan.trail")


@dataclass
class _EventBudget:
    """How much of one kind may still be written, and how much was not since the last summary."""

    filled: datetime
    left: float = MAX_BURST
    omitted: int = 0
    summarised: datetime | None = None

    def admits(self, now: datetime) -> bool:
        """Whether one more may be written; else it is counted."""
        self.left = min(MAX_BURST, self.left + max(0.0, (now - self.filled).total_seconds()))
        self.filled = now
        admitted = self.left >= 1
        self.left -= admitted
        self.omitted += not admitted
        return admitted

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to tell how many were left out."""
        told = self.summarised
        return self.omitted > 0 and (told is None or (now - told).total_seconds() >= SUMMARY_INTERVAL)

    def told(self, now: datetime) -> int:
        """How many were left out; from now on they are counted anew."""
        omitted, self.omitted, self.summarised = self.omitted, 0, now
        return omitted


class SqlAuditTrail:
    """The trail on a database; see ports.Trail."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: deque[AuditEvent] = deque()
        self._measures: dict[TrailKind, _EventBudget] = {}
        self._writing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def note(self, entry: AuditEvent) -> None:
        """Have an entry written within about a second. No more wait than BURST of each kind, the database away or not."""
        now = self._clock()
        if self._measures.setdefault(entry.kind, _EventBudget(now)).admits(now):
            self._waiting.append(entry)
        if self._writing is None:
            # In a context of its own: it is for many requests, not for the one that happened to be first.
            self._writing = asyncio.create_task(self._write(), context=Context())

    async def entries(self, wanted: TrailFilter, limit: int, before: int | None = None) -> tuple[RecordedEvent, ...]:
        """The newest entries; those of the last second may be missing."""
        return await read(self._database, wanted, limit, before)

    async def count(self, wanted: TrailFilter) -> int:
        """How many entries there are."""
        return await count(self._database, wanted)

    async def drain(self) -> None:
        """Write what waits, at once; what the database does not take in time is lost, and the log says so."""
        self._closing.set()
        if self._writing is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._writing, DRAIN_TIMEOUT)
        if self._waiting:
            log.error("%d entries of the trail are lost: the database did not take them", len(self._waiting))

    async def _write(self) -> None:
        """Commit once a second until nothing waits and nothing that was left out is untold."""
        try:
            while self._waiting or any(measure.omitted for measure in self._measures.values()):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), WRITE_INTERVAL)
                await self._commit()
        finally:
            self._writing = None

    async def _commit(self) -> None:
        now = self._clock()
        for kind, measure in self._measures.items():
            if measure.is_due(now) or (measure.omitted and self._closing.is_set()):
                self._waiting.append(AuditEvent(now, kind, details={"omitted": measure.told(now)}))
        batch = list(self._waiting)
        if batch and await self._written(batch):
            for _ in batch:
                self._waiting.popleft()

    async def _written(self, batch: list[AuditEvent]) -> bool:
        """Whether the batch is done with; it is kept while the database is away."""
        try:
            await write(self._database, batch)
        except Exception as error:
            if is_transient(error):
                log.warning("the database is lost with %d entries of the trail waiting: %s", len(batch), error)
                await asyncio.sleep(WRITE_INTERVAL)
                return False
            log.exception("%d entries of the trail could not be written", len(batch))
        return True
