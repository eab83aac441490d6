"""Store a batch in which every ballot is new, all or nothing: one statement on PostgreSQL, one call to SQLite's thread.

Whatever is not as it is on a quiet day (a ballot or a retry tag that is there already, other revisions) stores nothing, and
`ballot_batch` has to tell what it was. PostgreSQL takes the statement for a transaction of its own. It is right at READ
COMMITTED although all of it goes by one snapshot, for nothing that decides is read from that: a row that is locked is read
anew once the lock is held, a unique key is compared with what others have committed or are about to, and an upsert
adds to the newest row. Each part reads the one before it, so that all locks are taken in the order in which `ballot_batch`
takes them: campaigns, retries, ballots, turnouts, tallies, each in the order of their keys; what it adds to the queue of the
ballot log waits for nobody. Only a key that other campaigns know under other tags is locked before, by a statement of its
own, so that the next one sees what its last holder did.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from operator import itemgetter

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types

from api.domain.voting.ballots import Admission
from api.storage.ballots.ballot_rows import COLUMNS, TYPES, ballot_row
from api.storage.ballots.counts import COUNT_BALLOTS, COUNT_VOTES, TALLY_TYPES, TURNOUT_TYPES, Rows, counts_of
from api.storage.ballots.lookup import find_retried
from api.storage.ballots.retry_keys import key_of, lock_keys
from api.storage.database.connection import Database, as_text
from api.storage.database.urls import Dialect
from api.storage.log.queueing import QUEUE, QUEUE_TYPES, queue_rows

INSERT = f"insert into ballots ({COLUMNS}) {{}}"
CLAIM = "insert into retries (tag, ballot_key) {}"
TAGGED = "select 1 from retries where tag = ?"
REVISION = "select revision from campaigns where slug = ?"
TABLES = (
    (CLAIM, ("text", "text")),
    (INSERT, TYPES),
    (COUNT_BALLOTS, TURNOUT_TYPES),
    (COUNT_VOTES, TALLY_TYPES),
    (QUEUE, QUEUE_TYPES),
)
ROWS = [sql.format(f"values ({', '.join('?' * len(types))})") for sql, types in TABLES]  # of SQLite, one at a time
SEPARATOR = "\x1f"  # which no id, tag or name has
WHOLE = ("timestamptz", "bytea")  # types whose columns are not sent as text


def _source(number: int, types: Sequence[str], condition: str) -> str:
    """The rows of the parameters from this number on, one a column, where the condition holds."""
    arrays = ", ".join(
        f"${n}::{name}[]" if name in WHOLE else f"string_to_array(${n}, E'\\x1f')::{name}[]"
        for n, name in enumerate(types, number)
    )
    return f"select * from unnest({arrays}) where {condition}"  # noqa: S608 - placeholders and types only


def _parameters(types: Sequence[str], rows: Rows) -> Iterable[object]:
    """One a column. asyncpg takes its time over each value of an array, so most columns are sent as one text."""
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    for name, column in zip(types, columns, strict=True):
        yield column if name in WHOLE else SEPARATOR.join(column if name == "text" else map(str, column))


CURRENT = "(select are_current from judged)"
STORE = f"""
    with locked as materialized (
        select slug, revision from campaigns where slug = any ($1::text[]) order by slug for key share
    ),
    judged as materialized (
        select count(*) = cardinality($1::text[]) as are_current
        from locked join unnest($1::text[], $2::int[]) as known (slug, revision) on known.slug = locked.slug
        where known.revision is null or known.revision = locked.revision
    ),
    claim as ({CLAIM.format(_source(3, ("text", "text"), CURRENT))} returning 1),
    ballot as ({INSERT.format(_source(5, TYPES, f"{CURRENT} and (select count(*) from claim) >= 0"))} returning 1),
    turnout as ({COUNT_BALLOTS.format(_source(12, TURNOUT_TYPES, "(select count(*) from ballot) > 0"))} returning 1),
    tally as ({COUNT_VOTES.format(_source(17, TALLY_TYPES, "(select count(*) from turnout) > 0"))}),
    queue as ({QUEUE.format(_source(23, QUEUE_TYPES, "(select count(*) from ballot) > 0"))})
    select are_current from judged
"""  # noqa: S608 - placeholders, columns and types only


class CannotStoreAtOnce(Exception):
    """This database does not take it in one step, as one that is distributed may not."""


async def store_new_ballots(database: Database, admissions: Sequence[Admission], shard: int) -> bool:
    """Store and count these under their first ids and return True, or store nothing and return False.

    Raise DatabaseOutage, after which they may be stored all the same, or CannotStoreAtOnce.
    """
    revisions = _revisions(admissions)
    elsewhere = [tag for each in admissions for tag in each.other_tags]
    if revisions is None or (elsewhere and _share_keys(admissions)):
        return False
    rows = _rows(admissions, shard)
    if database.dialect is Dialect.SQLITE:
        return await database.in_one_call(partial(_store_in_sqlite, elsewhere, revisions, rows))
    try:
        if not elsewhere:
            return await _store_in_postgres(database, revisions, rows)
        async with database.transaction() as transaction:
            await lock_keys(transaction, admissions)
            if await find_retried(transaction, elsewhere):
                return False
            return await _store_in_postgres(transaction, revisions, rows)
    except asyncpg.IntegrityConstraintViolationError:
        return False
    except asyncpg.FeatureNotSupportedError as error:
        raise CannotStoreAtOnce from error


def _share_keys(admissions: Iterable[Admission]) -> bool:
    """Whether two of these have one key, under the tags of different campaigns."""
    keys = [key for each in admissions if (key := key_of(each)) is not None]
    return len({*keys}) < len(keys)


def _revisions(admissions: Iterable[Admission]) -> dict[str, int | None] | None:
    """The revisions that campaigns have to have, by slug; None where ballots have been judged by different ones."""
    judged = {(each.campaign, None if each.judged_by is None else each.judged_by.revision) for each in admissions}
    revisions = dict(judged)
    return revisions if len(revisions) == len(judged) else None


def _rows(admissions: Sequence[Admission], shard: int) -> tuple[Rows, ...]:
    """The rows of TABLES, each in the order of its key."""
    claims: Rows = sorted((each.retry_tag, each.ids[0]) for each in admissions if each.retry_tag is not None)
    ballots: Rows = sorted([ballot_row(each.ids[0], each) for each in admissions], key=itemgetter(0))
    return claims, ballots, *counts_of(admissions, shard), queue_rows(ballots)


async def _store_in_postgres(database: Database, revisions: Mapping[str, int | None], rows: Sequence[Rows]) -> bool:
    columns: list[object] = [[*revisions], [*revisions.values()]]
    for (_, types), table in zip(TABLES, rows, strict=True):
        columns += _parameters(types, table)
    return bool(await database.value(STORE, *columns))


def _store_in_sqlite(
    elsewhere: Iterable[str],
    revisions: Mapping[str, int | None],
    rows: Sequence[Rows],
    connection: sqlite3.Connection,
) -> bool:
    """The same within the transaction that the thread has begun."""
    if any(connection.execute(TAGGED, (tag,)).fetchone() for tag in elsewhere):
        return False
    for slug, revision in revisions.items():
        found = connection.execute(REVISION, (slug,)).fetchone()
        if found is None or revision not in {None, found[0]}:
            return False
    try:
        for sql, table in zip(ROWS, rows, strict=True):
            texts = ([as_text(value) if isinstance(value, date) else value for value in row] for row in table)
            connection.executemany(sql, texts)
    except sqlite3.IntegrityError:
        return False
    return True
