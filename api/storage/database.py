"""Which database does a URL name, and how is SQL run on it?"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError

MODELS = "api.storage.models"
SQLITE_PRAGMAS = {
    "busy_timeout": 10_000,
    "journal_mode": "WAL",
    # NORMAL would lose the last commits of an acknowledged ballot when the machine loses power.
    "synchronous": "FULL",
    "foreign_keys": "ON",
    # Tortoise asks for 16 KiB, so that every checkpoint would shrink the log and the next commits grow it again.
    "journal_size_limit": 64 * 1024 * 1024,
}
POSTGRES_OPTIONS: Mapping[str, Callable[[str], Any]] = {"minsize": int, "maxsize": int, "ssl": str}


class DatabaseUrlError(ValueError):
    """A URL that names no database. One sentence, without the URL itself: it may hold a password."""


class DatabaseUnavailable(Exception):
    """The database that a URL names could not be opened. One sentence, without the password."""


class Dialect(Enum):
    """Whose SQL it is. The value is also Tortoise's alias: it caches statements by alias for the whole process."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """Where a database is (in words without secrets) and what Tortoise needs to connect to it."""

    dialect: Dialect
    place: str
    credentials: Mapping[str, Any] = field(repr=False)

    @staticmethod
    def parse(url: str) -> "DatabaseUrl":
        """Read `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME?maxsize=N`. Raise DatabaseUrlError."""
        scheme, separator, rest = url.partition("://")
        if scheme == "sqlite" and separator:
            return _sqlite(rest)
        if scheme in {"postgres", "postgresql"} and separator:
            return _postgres(url)
        raise DatabaseUrlError("A database URL begins with sqlite://, postgres:// or postgresql://.")


def _sqlite(path: str) -> DatabaseUrl:
    if not path or path.endswith("/"):
        raise DatabaseUrlError("A sqlite:// URL names a file, such as sqlite://data/pingxuan.sqlite3.")
    if "?" in path or path.startswith(":"):
        raise DatabaseUrlError("A sqlite:// URL is a file's path and takes no options.")
    return DatabaseUrl(Dialect.SQLITE, path, {"file_path": path, **SQLITE_PRAGMAS})


def _postgres(text: str) -> DatabaseUrl:
    url, port = _split(text)
    host, name = url.hostname, unquote(url.path[1:])
    if not host or not name or "/" in name:
        raise DatabaseUrlError("A postgres:// URL names a host and a database: postgres://user:password@host/name.")
    credentials = {
        "host": host,
        "port": port,
        "database": name,
        "user": unquote(url.username) if url.username else None,
        "password": unquote(url.password) if url.password else None,
        "application_name": "pingxuan",
        "timeout": 10,
        **_options(url),
    }
    return DatabaseUrl(Dialect.POSTGRES, f"{name} on {host}:{port}", credentials)


def _split(text: str) -> tuple[SplitResult, int]:
    try:
        url = urlsplit(text)
        port = url.port or 5432
    except ValueError:
        raise DatabaseUrlError("The host or port in a postgres:// URL is malformed.") from None
    return url, port


def _options(url: SplitResult) -> dict[str, Any]:
    options = parse_qsl(url.query, keep_blank_values=True)
    try:
        return {name: POSTGRES_OPTIONS[name](value) for name, value in options}
    except (KeyError, ValueError):
        raise DatabaseUrlError("A postgres:// URL takes minsize=NUMBER, maxsize=NUMBER and ssl=MODE only.") from None


@dataclass(frozen=True, slots=True)
class Database:
    """An open database, or a transaction on it. SQL is written once, with $1..$n, for both dialects."""

    dialect: Dialect
    client: BaseDBAsyncClient

    async def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Run one statement and return what it selects or, with RETURNING, changed.

        A date or an aware datetime may be a value; on SQLite they come back as text (`as_date`, `as_moment`).
        """
        if self.dialect is Dialect.SQLITE:
            return await self.client.execute_query_dict(for_sqlite(sql), [_as_text(value) for value in values])
        return await self.client.execute_query_dict(sql, [_checked(value) for value in values])

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Database"]:
        """All or nothing, also when cancelled; inside, use the Database it yields. Models join it by themselves."""
        async with self.client._in_transaction() as client:
            yield replace(self, client=client)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["Database"]:
        """One consistent view for many reads. PostgreSQL lets others write meanwhile; on SQLite they wait for its end."""
        async with self.transaction() as view:
            if self.dialect is Dialect.POSTGRES:
                await view.rows("set transaction isolation level repeatable read, read only")
            yield view


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open the one database of this process, for every task. Raise DatabaseUrlError or DatabaseUnavailable."""
    where = DatabaseUrl.parse(url)
    context = TortoiseContext()
    try:
        with context:  # Tortoise looks for its own context while it sets the models up
            # Without the global fallback only the task that opened the database could use the models.
            await context.init(_configuration(where), _enable_global_fallback=True)
        await _connect(context.db(), where)
        yield Database(where.dialect, context.db())
    finally:
        # The thread behind a SQLite connection keeps the process alive until it is closed, so nothing may cut this off.
        await asyncio.shield(asyncio.ensure_future(context.close_connections()))


def _configuration(where: DatabaseUrl) -> dict[str, Any]:
    alias = where.dialect.value
    connection = {"engine": f"api.storage.engines.{alias}", "credentials": dict(where.credentials)}
    return {
        "connections": {alias: connection},
        "apps": {"models": {"models": [MODELS], "default_connection": alias}},
        "use_tz": True,
        "timezone": "UTC",
    }


async def _connect(client: BaseDBAsyncClient, where: DatabaseUrl) -> None:
    try:
        if where.dialect is Dialect.SQLITE:
            Path(where.place).parent.mkdir(parents=True, exist_ok=True)
        await client.create_connection(with_db=True)
    except (
        OSError,
        ValueError,
        sqlite3.Error,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        DBConnectionError,
    ) as error:
        reason = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
        raise DatabaseUnavailable(f"The database {where.place} cannot be opened: {reason}.") from None


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


def _checked(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("A moment to be stored carries its time zone.")
    return value


def _as_text(value: object) -> object:
    """A date or moment in the text that Tortoise's models store, which also sorts by time."""
    _checked(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value
