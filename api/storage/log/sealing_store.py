"""What sealing and publishing ask of a database."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types

from api.domain.log.merkle import EMPTY_ROOT
from api.ports.log import Head, Log, OvertakenError, Waiting
from api.storage.campaigns import lock
from api.storage.database.connection import Database
from api.storage.database.outages import DatabaseOutage
from api.storage.database.urls import Dialect
from api.storage.log.requeue import requeue
from api.storage.log.rows import COLUMNS, log_of
from api.storage.log.sealing import LOG, CountSignIns, SqlSealing, create_log

WAITING = """
    select campaign_id, cast(sum(case when ruling is null then length(ballots) / 26 else 0 end) as bigint) as ballots,
        min(id) as oldest
    from log_queue where not exists (select 1 from campaigns where slug = campaign_id and importing is not null)
    group by campaign_id
"""
LOGS = f"""
    select {COLUMNS} from logs
    where not exists (
        select 1 from logs as later where later.campaign_id = logs.campaign_id and later.generation > logs.generation
    )
"""  # noqa: S608 - columns only
GENERATIONS = f"select {COLUMNS} from logs order by campaign_id, generation"  # noqa: S608 - columns only
LOCK = "select pg_try_advisory_xact_lock($1) as is_locked"
PUBLISH = """
    update logs set published_size = $2, published_at = $3, note = $4
    where id = $1 and size >= $2 and (published_size < $2 or note is null or note = $5)
"""
TILES = "select n, hashes from log_tiles where log_id = $1 and level = $2 and n >= $3 and n < $4"
BUNDLES = "select n, entries from log_bundles where log_id = $1 and n >= $2 and n < $3"


class SqlSealingStore:
    """ports.log.SealingStore on a database. count_sign_ins: of a day, within a transaction."""

    def __init__(self, database: Database, count_sign_ins: CountSignIns) -> None:
        self._database = database
        self._count_sign_ins = count_sign_ins

    @asynccontextmanager
    async def sealing(self, campaign: str) -> AsyncIterator[SqlSealing | None]:
        """Seal in a campaign while the block runs; None while another process does."""
        if self._database.dialect is Dialect.SQLITE:
            yield SqlSealing(self._database, campaign, self._count_sign_ins)
            return
        with _conflicts_reported():
            async with self._database.repeatable() as transaction:
                [row] = await transaction.rows(LOCK, lock_key(campaign))
                yield SqlSealing(transaction, campaign, self._count_sign_ins) if row["is_locked"] else None

    async def waiting(self) -> Mapping[str, Waiting]:
        """What waits, by campaign."""
        rows = await self._database.rows(WAITING)
        return {row["campaign_id"]: Waiting(row["ballots"], row["oldest"]) for row in rows}

    async def log(self, campaign: str) -> Log | None:
        """The newest generation of a campaign's log."""
        return next(iter(map(log_of, await self._database.rows(LOG, campaign))), None)

    async def logs(self) -> Mapping[str, Log]:
        """The newest generation of every campaign's log."""
        return {log.campaign: log for log in map(log_of, await self._database.rows(LOGS))}

    async def generations(self) -> Sequence[Log]:
        """Every generation of every campaign's log."""
        return [log_of(row) for row in await self._database.rows(GENERATIONS)]

    async def tiles(self, log: int, level: int, start: int, end: int) -> Mapping[int, bytes]:
        """The hashes of the tiles of a level from start to before end."""
        return {row["n"]: bytes(row["hashes"]) for row in await self._database.rows(TILES, log, level, start, end)}

    async def bundles(self, log: int, start: int, end: int) -> Mapping[int, bytes]:
        """The entries of the bundles from start to before end."""
        return {row["n"]: bytes(row["entries"]) for row in await self._database.rows(BUNDLES, log, start, end)}

    async def publish(self, log: Log, note: str, now: datetime) -> None:
        """Store the note under which the log is published, unless a larger one is published already."""
        await self._database.rows(PUBLISH, log.id, log.size, now, note, log.note)

    async def begin_generation(self, before: Log, origin: str, continues: Head) -> Log:
        """Add the next generation, and queue everything of the campaign for it anew."""
        async with lock(self._database, before.campaign) as transaction:
            log = Log(0, before.campaign, before.generation + 1, origin, 0, EMPTY_ROOT)
            head = {"origin": continues.origin, "size": continues.size, "root": continues.root.hex()}
            log = await create_log(transaction, replace(log, continues=head))
            await requeue(transaction, before.campaign)
        return log


def lock_key(campaign: str) -> int:
    """The key of the advisory lock under which a campaign is sealed."""
    return int.from_bytes(sha256(f"pingxuan/sealing/{campaign}".encode()).digest()[:8], signed=True)


@contextmanager
def _conflicts_reported() -> Iterator[None]:
    """Raise OvertakenError where another process has changed the same since the transaction began."""
    try:
        yield
    except DatabaseOutage as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, asyncpg.SerializationError):
                raise OvertakenError from error
            cause = cause.__cause__ or cause.__context__
        raise
