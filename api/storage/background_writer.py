"""Write rows in the background: whoever adds one never waits for the database, and a flood never fills the memory.

Items wait in a queue and are written together, at most once a second. A process that is killed loses what waits, about a
second's items; one that is stopped writes it first.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from contextvars import Context
from itertools import islice
from typing import Generic, Protocol, TypeVar

from api.storage.database.outages import is_transient

WRITE_INTERVAL = 1.0  # seconds between two rounds of writing
MAX_BATCH = 1_000  # items in one call of write
DRAIN_TIMEOUT = 5.0  # seconds that a stopping process gives the database to take what waits
Item = TypeVar("Item")
log = logging.getLogger("pingxuan.background_writer")


class QueuePolicy(Protocol[Item]):
    """Which items may wait, and how those that may not are made known."""

    def admits(self, item: Item, waiting: int) -> bool:
        """Whether this item may be queued behind so many others; if not, it is counted as left out."""
        ...

    @property
    def has_unreported(self) -> bool:
        """Whether items were left out that no report has counted."""
        ...

    def report(self, *, closing: bool) -> Sequence[Item]:
        """Make known what was left out, if it is time to; return items that say so. closing: there is no later time."""
        ...


class BackgroundWriter(Generic[Item]):
    """A queue of items and the task that writes them. write stores a batch, in order; label is their name in the log."""

    def __init__(
        self, label: str, write: Callable[[Sequence[Item]], Awaitable[None]], policy: QueuePolicy[Item]
    ) -> None:
        self._label = label
        self._write = write
        self._policy = policy
        self._queue: deque[Item] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many items wait to be written."""
        return len(self._queue)

    def add(self, items: Sequence[Item]) -> None:
        """Have items written within about a second, as far as the policy admits them."""
        for item in items:
            if self._policy.admits(item, len(self._queue)):
                self._queue.append(item)
        if self._task is None:
            # In a context of its own: it writes for many requests, not for the one that happened to be first.
            self._task = asyncio.create_task(self._run(), context=Context())

    async def drain(self) -> None:
        """Write what waits, at once; what the database does not take in time is lost, and the log says so."""
        self._closing.set()
        if self._task is not None:
            _, unfinished = await asyncio.wait([self._task], timeout=DRAIN_TIMEOUT)
            for task in unfinished:  # not waited for: it may hang at a database that is silent
                task.cancel()
        if self._queue:
            log.error("%d %s are lost: the database did not take them", len(self._queue), self._label)

    async def _run(self) -> None:
        """Write once a second until nothing waits and everything that was left out is reported."""
        try:
            while self._queue or self._policy.has_unreported:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), WRITE_INTERVAL)
                self._queue.extend(self._policy.report(closing=self._closing.is_set()))
                await self._write_queue()
        finally:
            self._task = None

    async def _write_queue(self) -> None:
        """Write all that waits, and drop what can never be written; stop, and keep the rest, while the database is away."""
        while batch := list(islice(self._queue, MAX_BATCH)):
            try:
                await self._write(batch)
            except Exception as error:
                if is_transient(error):
                    log.warning("the database is lost with %d %s waiting: %s", len(self._queue), self._label, error)
                    await asyncio.sleep(WRITE_INTERVAL)
                    return
                log.exception("%d %s could not be written", len(batch), self._label)
            for _ in batch:
                self._queue.popleft()


class BoundedQueue(Generic[Item]):
    """The policy of a queue in which so many items may wait; the others are dropped and counted in the log, by this label."""

    def __init__(self, label: str, max_waiting: int) -> None:
        self._label = label
        self._max_waiting = max_waiting
        self._dropped = 0

    def admits(self, item: Item, waiting: int) -> bool:
        """Whether there is room."""
        admitted = waiting < self._max_waiting
        self._dropped += not admitted
        return admitted

    @property
    def has_unreported(self) -> bool:
        """Whether items were dropped that the log does not know of."""
        return self._dropped > 0

    def report(self, *, closing: bool) -> tuple[()]:
        """Log how many items were dropped since the last time."""
        if self._dropped:
            log.warning("%d %s were dropped: too many waited", self._dropped, self._label)
            self._dropped = 0
        return ()
