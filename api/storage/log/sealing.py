"""What waits to be sealed on a database: read at one moment, and stored as entries of the log, all or nothing.

On PostgreSQL one transaction reads and writes, and a lock keeps other processes from the same work. On SQLite, where a writing
transaction keeps everybody from casting, what is sealed is read and computed before it begins. On both the log's row is changed
only if it still is as it was read, so that whoever is late changes nothing.
"""

import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from datetime import date

from tortoise.exceptions import IntegrityError

from api.domain.campaigns.campaign import Campaign
from api.domain.log.bundles import ids_in
from api.domain.selection.versions import SelectionTexts
from api.ports.log import Growth, Log, OvertakenError, Queued, QueuedRuling
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from api.storage.log.counts import log_counts
from api.storage.log.places import places_of
from api.storage.log.rows import COLUMNS, json_of, log_of, many
from api.storage.log.waiting import oldest_rows, present_campaign, right_edge, waiting_ballots
from api.storage.selections import SqlSelections

LOG = f"select {COLUMNS} from logs where campaign_id = $1 order by generation desc limit 1"  # noqa: S608 - columns only
CREATE = """
    insert into logs (campaign_id, generation, origin, size, root, ballots, state, sealed_at, published_size, continues)
    values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9) returning id
"""
GROW = """
    update logs set size = $3, root = $4, ballots = $5, state = $6, sealed_at = $7
    where id = $1 and size = $2 and root = $8 returning id
"""
TAKE = {
    Dialect.POSTGRES: "delete from log_queue where id = any($1::bigint[]) returning id",
    Dialect.SQLITE: "delete from log_queue where id in (select value from json_each($1)) returning id",
}
TILES = """
    insert into log_tiles (log_id, level, n, hashes) {}
    on conflict (log_id, level, n) do update set hashes = excluded.hashes
"""
BUNDLES = """
    insert into log_bundles (log_id, n, entries, ballots) {}
    on conflict (log_id, n) do update set entries = excluded.entries, ballots = excluded.ballots
"""
BATCH = """
    insert into log_batches (log_id, first_place, last_place, first_cast_at, last_cast_at) values ($1, $2, $3, $4, $5)
"""
DOCUMENTS = (
    "insert into log_documents (campaign_id, sha256, kind, content) {} on conflict (campaign_id, sha256) do nothing"
)


CountSignIns = Callable[[Database, str, date], Awaitable[int]]


class SqlSealing:
    """ports.log.Sealing on a database: on PostgreSQL in a transaction that has begun, on SQLite without one."""

    def __init__(self, database: Database, campaign: str, sign_ins: CountSignIns) -> None:
        self._database = database
        self._campaign = campaign
        self._sign_ins = sign_ins

    async def read(self, most: int, wants_votes: Callable[[Campaign], bool], known: Campaign | None = None) -> Queued:
        """The oldest of what waits, as it stood at one moment."""
        async with self._database.snapshot() as view:
            campaign = await present_campaign(view, self._campaign, known)
            log = next(iter(map(log_of, await view.rows(LOG, self._campaign))), None)
            rows, rest = await oldest_rows(view, self._campaign, most)
            ids = [ids_in(row["ballots"]) for row in rows]
            new = [each for row, own in zip(rows, ids, strict=True) if row["ruling"] is None for each in own]
            rulings = [
                QueuedRuling(tuple(own), ruling["kind"], ruling["reason_sha256"])
                for row, own in zip(rows, ids, strict=True)
                if (ruling := json_of(row["ruling"])) is not None
            ]
            ballots = await waiting_ballots(view, self._campaign, new)
            ruled = {each for ruling in rulings for each in ruling.ballots}.difference(new if rulings else ())
            places = await places_of(view, log, ruled)
            tiles, bundle = await right_edge(view, log)
            counts = await log_counts(view, self._campaign, with_votes=not rest and wants_votes(campaign))
        row_ids = [row["id"] for row in rows]
        return Queued(log, row_ids, ballots, rulings, rest, places, tiles, bundle, campaign, counts)

    async def sign_ins(self, zone: str, day: date) -> int:
        """How many people signed in on a day of a time zone."""
        return await self._sign_ins(self._database, zone, day)

    async def selection(self, stage: str, version: int) -> SelectionTexts | None:
        """The record and the trace of a version."""
        return await SqlSelections(self._database).texts(self._campaign, stage, version)

    async def write(self, queued: Queued, growth: Growth) -> Log:
        """Take the rows from the queue and store what has grown, all or nothing. Raises OvertakenError."""
        async with self._in_transaction() as transaction:
            log = await self._write_log(transaction, queued.log, growth.log)
            if queued.rows:
                deleted = await transaction.rows(TAKE[transaction.dialect], many(transaction, queued.rows))
                if len(deleted) != len(queued.rows):
                    raise OvertakenError
            tiles = [(log.id, level, n, hashes) for (level, n), hashes in growth.tiles.items()]
            if tiles:
                await transaction.write_rows(TILES, ("bigint", "smallint", "bigint", "bytea"), tiles)
            bundles = [(log.id, n, bundle.entries, bundle.ballots) for n, bundle in growth.bundles.items()]
            if bundles:
                await transaction.write_rows(BUNDLES, ("bigint", "bigint", "bytea", "text"), bundles)
            if queued.ballots:
                await self._write_batch(transaction, log, queued, growth)
            documents = [(log.campaign, each.sha256, each.kind, each.content) for each in growth.documents]
            if documents:
                await transaction.write_rows(DOCUMENTS, ("text", "text", "text", "bytea"), documents)
        return log

    def _in_transaction(self) -> AbstractAsyncContextManager[Database]:
        database = self._database
        return nullcontext(database) if database.in_transaction else database.transaction()

    async def _write_log(self, transaction: Database, before: Log | None, log: Log) -> Log:
        """Store the head. Raises OvertakenError unless it is still what it was."""
        if before is None:
            return await create_log(transaction, log)
        state = json.dumps(dict(log.state))
        values = (log.size, log.root, log.ballots, state, log.sealed_at, before.root)
        if not await transaction.rows(GROW, before.id, before.size, *values):
            raise OvertakenError
        return log

    async def _write_batch(self, transaction: Database, log: Log, queued: Queued, growth: Growth) -> None:
        """Store which places the ballots have, and when they were cast."""
        cast_at = [ballot[4] for ballot in queued.ballots]
        last = growth.first + len(cast_at) - 1
        await transaction.rows(BATCH, log.id, growth.first, last, min(cast_at), max(cast_at))


async def create_log(transaction: Database, log: Log) -> Log:
    """Store a log that is new. Raises OvertakenError where another process was faster."""
    state, continues = json.dumps(dict(log.state)), None if log.continues is None else json.dumps(dict(log.continues))
    values = (
        log.campaign,
        log.generation,
        log.origin,
        log.size,
        log.root,
        log.ballots,
        state,
        log.sealed_at,
        continues,
    )
    try:
        [row] = await transaction.rows(CREATE, *values)
    except IntegrityError:
        raise OvertakenError from None
    return replace(log, id=row["id"])
