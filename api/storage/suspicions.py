"""The signals on a database: written outside of every ballot's transaction, read as suspicions, deleted when they are old."""

import asyncio
import logging
from collections.abc import Sequence

from api.clock import Clock
from api.domain.integrity.rulings import RulingKind
from api.domain.integrity.signals import Signal
from api.domain.integrity.suspicions import DetectionConfig, Suspicion, SuspicionKind
from api.storage.background_writer import BackgroundWriter, BoundedQueue
from api.storage.database.connection import Database
from api.storage.signals import delete_expired, members, read, suspect, write

CLEANUP_INTERVAL = 60.0  # seconds between two deletions of what is no longer to be kept
BACKLOG_INTERVAL = 1.0  # seconds between two while there is more to delete
MAX_QUEUE = 20_000  # signals; a ballot has four at most
log = logging.getLogger("pingxuan.signals")


class SqlSignals:
    """ports.Signals on a database."""

    def __init__(self, database: Database, clock: Clock, detection: DetectionConfig) -> None:
        self._database = database
        self._clock = clock
        self._detection = detection
        self._writer = BackgroundWriter("signals", self._write, BoundedQueue[Signal]("signals", MAX_QUEUE))

    def note(self, signals: Sequence[Signal]) -> None:
        """Have signals written within about a second; those for which there is no room are dropped, and the log says so."""
        self._writer.add(signals)

    async def suspicions(
        self, campaign: str, kinds: Sequence[SuspicionKind], limit: int, before: int | None = None
    ) -> tuple[Suspicion, ...]:
        """The newest suspicions; those of the last second may be missing."""
        earlier = "" if before is None else f" and number < {before:d}"
        return await read(self._database, _condition(kinds) + earlier, [campaign], limit)

    async def count(self, campaign: str, kinds: Sequence[SuspicionKind]) -> int:
        """How many suspicions of these kinds there are."""
        sql = f"select count(*) as total from suspicions where {_condition(kinds)}"  # noqa: S608 - names of our own enum
        return int((await self._database.rows(sql, campaign))[0]["total"])

    async def suspicion(self, campaign: str, key: str) -> Suspicion | None:
        """The suspicion with this key."""
        return next(iter(await read(self._database, "campaign_id = $1 and key = $2", [campaign, key], 1)), None)

    async def ballot_ids(self, suspicion: Suspicion, ruling: RulingKind | None, limit: int) -> tuple[str, ...]:
        """The first of its ballots by time that are open to a ruling."""
        return await members(self._database, suspicion, ruling, limit)

    async def keep_tidy(self) -> None:
        """Delete what is no longer to be kept: now, and once a minute for as long as this runs."""
        while True:
            more = await self._delete_expired()
            await asyncio.sleep(BACKLOG_INTERVAL if more else CLEANUP_INTERVAL)

    async def drain(self) -> None:
        """Write what waits, at once; what the database does not take in time is lost, and the log says so."""
        await self._writer.drain()

    async def _write(self, signals: Sequence[Signal]) -> None:
        await write(self._database, signals)
        await suspect(self._database, signals, self._detection.thresholds)

    async def _delete_expired(self) -> bool:
        """Whether there may be more to delete. A failure is logged; the next round tries again."""
        try:
            return await delete_expired(self._database, self._clock(), self._detection.retention)
        except Exception:
            log.exception("signals that are no longer to be kept could not be deleted")
            return False


def _condition(kinds: Sequence[SuspicionKind]) -> str:
    """The SQL for suspicions of a campaign, $1, that are of these kinds, or of any."""
    names = ", ".join(f"'{kind.name}'" for kind in kinds or SuspicionKind)
    return f"campaign_id = $1 and kind in ({names})"
