"""How do signals get from the ballots' path into the database without a ballot waiting for them?

They wait in memory and are written together, at most once a second, outside every ballot's transaction. A flood cannot
grow them beyond MOST_WAITING: what does not fit is dropped and counted in the log. A process that is killed loses what
waits, at most a second's; one that is stopped writes it first.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

from api.clock import Clock
from api.domain.integrity.rulings import RulingKind
from api.domain.integrity.signals import Signal
from api.domain.integrity.suspicions import DetectionConfig, Suspicion, SuspicionKind
from api.storage.database.connection import Database, is_transient
from api.storage.signals import forget, members, read, suspect, write

WRITE_INTERVAL = 1.0  # seconds between two rounds of writing
CLEANUP_INTERVAL = 60.0  # seconds between two looks for what is no longer to be kept
MAX_QUEUE = 20_000  # signals; a ballot has four at most
MAX_BATCH = 1_000  # signals in one transaction
log = logging.getLogger("pingxuan.signals")


class SqlSignals:
    """The signals on a database; see ports.Signals. Nothing is written and nothing deleted before start is called."""

    def __init__(self, database: Database, clock: Clock, detection: DetectionConfig) -> None:
        self._database = database
        self._clock = clock
        self._vigilance = detection
        self._waiting: deque[Signal] = deque()
        self._dropped = 0
        self._noted, self._closing = asyncio.Event(), asyncio.Event()
        self._working: asyncio.Task[None] | None = None

    def start(self) -> None:
        """From now on write what is noted, and delete what is no longer to be kept."""
        self._working = asyncio.create_task(self._work())

    def note(self, signals: Sequence[Signal]) -> None:
        """Have signals written within about a second; drop them when too many wait."""
        if len(self._waiting) >= MAX_QUEUE:
            self._dropped += len(signals)
            return
        self._waiting.extend(signals)
        self._noted.set()

    async def suspicions(
        self, campaign: str, kinds: Sequence[SuspicionKind], limit: int, before: int | None = None
    ) -> tuple[Suspicion, ...]:
        """The newest suspicions; those of the last second may be missing."""
        earlier = "" if before is None else f" and number < {before:d}"
        return await read(self._database, _wanted(kinds) + earlier, [campaign], limit)

    async def count(self, campaign: str, kinds: Sequence[SuspicionKind]) -> int:
        """How many suspicions there are."""
        sql = f"select count(*) as total from suspicions where {_wanted(kinds)}"  # noqa: S608 - names of our own enum
        return int((await self._database.rows(sql, campaign))[0]["total"])

    async def suspicion(self, campaign: str, key: str) -> Suspicion | None:
        """The suspicion with this key."""
        return next(iter(await read(self._database, "campaign_id = $1 and key = $2", [campaign, key], 1)), None)

    async def ballot_ids(self, suspicion: Suspicion, ruling: RulingKind | None, limit: int) -> tuple[str, ...]:
        """The first of its ballots by time that are open to a ruling."""
        return await members(self._database, suspicion, ruling, limit)

    async def drain(self) -> None:
        """Write what waits and stop; what the database does not take is lost, and the log says so."""
        self._closing.set()
        self._noted.set()
        if self._working is not None:
            await self._working

    async def _work(self) -> None:
        """Write once a second while something waits, and tidy once a minute, until told to stop."""
        clock, tidied, untidy = asyncio.get_running_loop().time, 0.0, True
        while not self._closing.is_set():
            if not self._waiting and not untidy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._noted.wait(), CLEANUP_INTERVAL)
            self._noted.clear()
            await self._write_all()
            if untidy or clock() - tidied >= CLEANUP_INTERVAL:
                untidy, tidied = await self._tidy(), clock()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), WRITE_INTERVAL)
        await self._write_all()
        if self._waiting:
            log.error("%d signals are lost: the database did not take them", len(self._waiting))

    async def _write_all(self) -> None:
        while self._waiting and await self._written(list(islice(self._waiting, MAX_BATCH))):
            pass
        if self._dropped:
            log.warning("%d signals were dropped: too many waited", self._dropped)
            self._dropped = 0

    async def _written(self, batch: list[Signal]) -> bool:
        """Whether a batch is done with: written, or given up because it never can be. It waits while the database is away."""
        try:
            await write(self._database, batch)
            await suspect(self._database, batch, self._vigilance.thresholds)
        except Exception as error:
            if is_transient(error):
                log.warning("the database is lost with %d signals waiting: %s", len(self._waiting), error)
                return False
            log.exception("%d signals could not be written", len(batch))
        for _ in batch:
            self._waiting.popleft()
        return True

    async def _tidy(self) -> bool:
        """Delete what is no longer to be kept; whether there may be more of it."""
        try:
            return await forget(self._database, self._clock(), self._vigilance.kept)
        except Exception:
            log.exception("signals that are no longer to be kept could not be deleted")
            return False


def _wanted(kinds: Sequence[SuspicionKind]) -> str:
    names = ", ".join(f"'{kind.name}'" for kind in kinds or SuspicionKind)
    return f"campaign_id = $1 and kind in ({names})"
