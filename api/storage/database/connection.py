"""Open the database, and run SQL on it."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext

from api.domain.errors import OperatorError
from api.storage.database.citus import spread_tables
from api.storage.database.outages import DATABASE_ERRORS, advice_on, outages_reported, reason_of, remedy_for
from api.storage.database.urls import DatabaseUrl, Dialect

MODELS = tuple(
    f"api.storage.{name}"
    for name in (
        "models",
        "suspicion_models",
        "image_models",
        "result_models",
        "review_models",
        "selection_models",
        "job_models",
        "log_models",
        "reminder_models",
    )
)
MAX_PARAMETERS = 32_766  # of one statement, unless SQLite was built with another limit


class DatabaseUnavailable(OperatorError):
    """The database that a URL names could not be opened. One sentence, without the password."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database, or a transaction on it. SQL is written once, with $1..$n, for both dialects."""

    dialect: Dialect
    client: BaseDBAsyncClient
    time_limit: float | None = None  # seconds for one statement, or one transaction; None: it takes what it takes
    in_transaction: bool = False
    is_distributed: bool = False  # whether ballots and retries lie on the nodes of Citus

    async def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Run one statement and return what it selects or, with RETURNING, changed. Raise DatabaseOutage.

        A date or an aware datetime may be a value; on SQLite they come back as text (`as_date`, `as_moment`).
        """
        async with self.outages_reported():
            if self.dialect is Dialect.SQLITE:
                return await self.client.execute_query_dict(for_sqlite(sql), [as_text(value) for value in values])
            return await self.client.execute_query_dict(sql, [_require_time_zone(value) for value in values])

    async def value(self, sql: str, *values: object) -> Any:
        """The only value that one statement returns, which outside a transaction is one by itself. PostgreSQL only.

        Errors of the statement are asyncpg's own. Raise DatabaseOutage, after which it may have been done all the same.
        """
        connection: Any
        async with self.outages_reported(), self.client.acquire_connection() as connection:
            return (await connection.fetch(sql, *values))[0][0]

    async def in_one_call(self, work: Callable[[sqlite3.Connection], bool]) -> bool:
        """Have SQLite's thread do all of a transaction, which is committed if the work returns True. SQLite only.

        Errors of its statements are sqlite3's own. Raise DatabaseOutage, after which it may have been done all the same.
        """
        client: Any = self.client
        async with self.outages_reported():
            return bool(await client.transact(work))

    async def scan(self, sql: str, *values: object, size: int) -> AsyncIterator[Sequence[Any]]:
        """The rows of a long query as tuples, `size` at a time, not converted. Only inside a transaction or snapshot."""
        client: Any = self.client
        is_sqlite = self.dialect is Dialect.SQLITE
        query, given = (for_sqlite(sql), list(map(as_text, values))) if is_sqlite else (sql, list(values))
        async with self.outages_reported():
            async for rows in client.scan(query, given, size):
                yield rows

    async def write_rows(
        self, sql: str, types: Sequence[str], rows: Sequence[Sequence[object]], *, spread: bool = False
    ) -> list[dict[str, Any]]:
        """Run a statement on many rows, which it reads where the SQL has `{}`; types: the columns' types in PostgreSQL.

        PostgreSQL gets one parameter a column, so that the statement is the same however many rows there are. SQLite takes only
        so many parameters: it gets more rows than that in several statements, which only a transaction makes one. So does Citus
        for a table that is spread over its nodes: it sees from values alone which of them each row goes to.
        """
        if self.dialect is Dialect.POSTGRES and not (spread and self.is_distributed):
            arrays = ", ".join(f"${n}::{name}[]" for n, name in enumerate(types, 1))
            columns = [list(column) for column in zip(*rows, strict=True)]
            source = f"select * from unnest({arrays})"  # noqa: S608 - placeholders and types only
            return await self.rows(sql.format(source), *columns)
        most, written = MAX_PARAMETERS // len(types), []
        for first in range(0, len(rows), most):
            part = rows[first : first + most]
            places = (f"({', '.join(f'${n + more}' for more in range(len(types)))})" for n in _starts(types, part))
            values = (value for row in part for value in row)
            written += await self.rows(sql.format(f"values {', '.join(places)}"), *values)
        return written

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Database"]:
        """All or nothing, also when cancelled; inside, use the Database it yields. Models join it by themselves.

        Raise DatabaseOutage; it may have been committed all the same.
        """
        async with self.outages_reported(), self.client._in_transaction() as client:
            yield replace(self, client=client, time_limit=None, in_transaction=True)

    @asynccontextmanager
    async def repeatable(self) -> AsyncIterator["Database"]:
        """A transaction whose every statement sees what the first one saw. It fails where others have changed the same."""
        client: Any = self.client
        async with self.outages_reported(), client.in_repeatable() as view:
            yield replace(self, client=view, time_limit=None, in_transaction=True)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["Database"]:
        """One consistent state for many reads, that of the first of them. Others write meanwhile.

        In a transaction it is the state that the transaction sees.
        """
        if self.in_transaction:
            yield self
            return
        client: Any = self.client
        async with self.outages_reported(), client.in_snapshot() as view:
            yield replace(self, client=view, time_limit=None, in_transaction=True)

    def outages_reported(self) -> AbstractAsyncContextManager[None]:
        """Within the time limit, raise DatabaseOutage for trouble of the database's: for models, which know of neither."""
        return outages_reported(self.time_limit)


def _starts(types: Sequence[str], rows: Sequence[object]) -> range:
    """The number of the first placeholder of each row."""
    return range(1, len(types) * len(rows) + 1, len(types))


@asynccontextmanager
async def open_database(url: str, *, create: bool = True) -> AsyncIterator[Database]:
    """Open the one database of this process, for every task. Raise DatabaseUrlError or DatabaseUnavailable.

    create: whether a SQLite file, and the folder it is in, are made where there is none.
    """
    address = DatabaseUrl.parse(url)
    if address.dialect is Dialect.SQLITE:
        _check_file(Path(address.place), create)
    context = TortoiseContext()
    try:
        with context:  # Tortoise looks for its own context while it sets the models up
            # Without the global fallback only the task that opened the database could use the models.
            await context.init(_configuration(address), _enable_global_fallback=True)
        await _connect(context.db(), address)
        database = Database(address.dialect, context.db())
        is_distributed = address.dialect is Dialect.POSTGRES and "ballots" in await spread_tables(database.rows)
        yield replace(database, is_distributed=is_distributed)
    finally:
        # The thread behind a SQLite connection keeps the process alive until it is closed, so nothing may cut this off.
        await asyncio.shield(asyncio.ensure_future(context.close_connections()))


def _check_file(file: Path, create: bool) -> None:
    """See that there is a file, or that there may be one. What is wrong with it otherwise, SQLite says."""
    reason, advice = "", ""
    try:
        if file.is_dir():
            reason, advice = "it is a folder", "name a file in it"
        elif create:
            file.parent.mkdir(parents=True, exist_ok=True)
        elif not file.exists():
            reason = f"there is no file {file.absolute()}"
            advice = "name the right one in PINGXUAN_DATABASE_URL, or make it with `pingxuan migrate`"
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        advice = "see that its folder can be made and written in, or name another file in PINGXUAN_DATABASE_URL"
    if reason:
        raise _unavailable(file, reason, advice) from None


def _unavailable(place: object, reason: str, advice: str) -> DatabaseUnavailable:
    return DatabaseUnavailable(f"The database {place} cannot be opened: {reason}; {advice}.")


def _configuration(address: DatabaseUrl) -> dict[str, Any]:
    alias = address.dialect.value
    connection = {"engine": f"api.storage.database.engines.{alias}", "credentials": dict(address.credentials)}
    return {
        "connections": {alias: connection},
        "apps": {"models": {"models": list(MODELS), "default_connection": alias}},
        "use_tz": True,
        "timezone": "UTC",
    }


async def _connect(client: BaseDBAsyncClient, address: DatabaseUrl) -> None:
    try:
        await client.create_connection(with_db=True)
    except (OSError, ValueError, asyncpg.InterfaceError, *DATABASE_ERRORS) as error:
        raise _unavailable(address.place, reason_of(error), advice_on(error) or remedy_for(error)) from None


@lru_cache(maxsize=512)
def for_sqlite(sql: str) -> str:
    """Number placeholders as SQLite does: `$1` becomes `?1`. A literal must not contain `$` before a digit."""
    return re.sub(r"\$(\d+)", r"?\1", sql)


def as_date(value: date | str) -> date:
    """A date as either dialect returns it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_moment(value: datetime | str) -> datetime:
    """A moment, in UTC, as either dialect returns it."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


def _require_time_zone(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("A moment to be stored carries its time zone.")
    return value


def as_text(value: object) -> object:
    """A date or moment as the text that Tortoise's models store, which also sorts by time."""
    if not isinstance(value, date):  # nearly all values; a datetime is a date
        return value
    if not isinstance(value, datetime):
        return value.isoformat()
    _require_time_zone(value)
    return value.astimezone(UTC).isoformat(" ")
