"""Tell the database's own trouble, which passes, from a statement's, and report it as one error to callers and operators."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types
from tortoise.exceptions import BaseORMException, DBConnectionError

from api.domain.errors import ApiError, ErrorCode, OperatorError
from api.domain.texts import Text

IS_UP = "see that it is up, and that PINGXUAN_DATABASE_URL names the right host and port"
RETRY_AFTER = 1  # seconds after which a refused caller may try again
# By the first letters of a PostgreSQL SQLSTATE: what an operator can do about it, the more special first.
STATES = {
    "53100": "make room on its disk",
    "53300": "raise its max_connections, or lower ?maxsize=",
    "53": "give it more memory or disk",
    "25006": "name the server that is not a standby",
    "55P03": "end what keeps the rows locked",
    "08": IS_UP,
    "25P03": "see why it ended the transaction",
    "25P04": "see why it ended the transaction",
    "26000": "take ?statement_cache_size= out of its URL, for this pooler keeps no statements",
    "42P05": "take ?statement_cache_size= out of its URL, for this pooler keeps no statements",
    "28": "see that PINGXUAN_DATABASE_URL names the right user, password and database, and that pg_hba.conf lets it in",
    "3D": "create it, or name another in PINGXUAN_DATABASE_URL",
    "40": "run this again",
    "57": IS_UP,
    "58": "look at its disk and its log",
    "XX000": "look at its log",
}
CODES = {
    sqlite3.SQLITE_ABORT: "run this again",
    sqlite3.SQLITE_BUSY: "end the program that keeps it locked",
    sqlite3.SQLITE_CANTOPEN: "see that its folder is there, and that you may write in it",
    sqlite3.SQLITE_FULL: "make room on its disk",
    sqlite3.SQLITE_INTERRUPT: "run this again",
    sqlite3.SQLITE_IOERR: "look at its disk, and see that there is room on it",
    sqlite3.SQLITE_LOCKED: "end what keeps it locked",
    sqlite3.SQLITE_READONLY: "see that you may write the file, and in its folder",
}
# What does not pass: by the SQLSTATE, and by SQLite's code.
REFUSED_STATES = {
    "42501": "have its owner grant it to the user in the URL, or name the owner there",
    "42P01": "run `pingxuan migrate`, and see that the URL names the right database",
    "3F000": "have its owner create the schema, or set the user's search_path",
}
REFUSED_CODES = {
    sqlite3.SQLITE_CORRUPT: "restore it from a backup",
    sqlite3.SQLITE_NOTADB: "name a file in PINGXUAN_DATABASE_URL that is one",
    sqlite3.SQLITE_ERROR: "run `pingxuan migrate`, and see that the URL names the right database",
}
OTHERWISE = "see that PINGXUAN_DATABASE_URL names the right one"
DATABASE_ERRORS = (BaseORMException, sqlite3.Error, asyncpg.PostgresError, asyncpg.InternalClientError)
LOST = (OSError, DBConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class DatabaseOutage(ApiError):
    """The database is away, full, locked or read-only, or took too long. Callers are asked to retry; operators read why."""

    def __init__(self, error: BaseException, advice: str) -> None:
        super().__init__(
            ErrorCode.OVERLOADED,
            Text(
                "数据库暂时不可用，请{retry_after}秒后重试。",
                "The database is out of reach. Retry after {retry_after} s.",
                retry_after=RETRY_AFTER,
            ),
            retryAfter=RETRY_AFTER,
        )
        self.args = (f"The database failed: {reason_of(error)}; {advice}.",)


def is_transient(error: BaseException) -> bool:
    """Whether the same statements may succeed later: the trouble is the database's and not theirs."""
    return advice_on(error) is not None


def advice_on(error: BaseException) -> str | None:
    """What an operator can do about the trouble; None for an error that is a statement's."""
    return next((advice for cause in _causes(error) if (advice := _advice(cause)) is not None), None)


def waited_in_vain(error: BaseException | None) -> bool:
    """Whether what failed is that others kept a table locked for longer than it was to be waited for."""
    return any(isinstance(cause, asyncpg.LockNotAvailableError) for cause in _causes(error))


def reason_of(error: BaseException) -> str:
    """The first line of what the database, or the system, said."""
    if isinstance(error, TimeoutError) and not str(error):
        return "it does not answer"
    said: object = error
    if isinstance(error, OSError) and error.strerror:
        said = os.strerror(error.errno) if isinstance(error, ConnectionError) and error.errno else error.strerror
    text = str(said).partition("\n")[0].strip().rstrip(".;")
    return text or type(error).__name__


def sentence_on(error: BaseException) -> str | None:
    """What a database has against a command, in one sentence with what to do; None for an error of something else."""
    if isinstance(error, OSError) or not isinstance(error, (*DATABASE_ERRORS, asyncpg.InterfaceError)):
        return None
    return f"The database refused: {reason_of(error)}; {advice_on(error) or remedy_for(error)}."


def remedy_for(error: BaseException) -> str:
    """What an operator can do about an error that does not pass."""
    for cause in _causes(error):
        if isinstance(cause, asyncpg.PostgresError) and (cause.sqlstate or "") in REFUSED_STATES:
            return REFUSED_STATES[cause.sqlstate]
        if isinstance(cause, sqlite3.Error) and (code := getattr(cause, "sqlite_errorcode", 0) & 0xFF) in REFUSED_CODES:
            return REFUSED_CODES[code]
    return OTHERWISE


@asynccontextmanager
async def outages_reported(time_limit: float | None = None) -> AsyncIterator[None]:
    """Raise DatabaseOutage for trouble of the database's, and where the block takes more than so many seconds."""
    try:
        async with asyncio.timeout(time_limit):
            yield
    except (ApiError, OperatorError):
        raise
    except Exception as error:
        if (advice := advice_on(error)) is None:
            raise
        raise DatabaseOutage(error, advice) from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from. Tortoise wraps what the drivers raise, sometimes without naming it as the cause."""
    while error is not None:
        yield error
        error = error.__cause__ or (error.__context__ if isinstance(error, BaseORMException) else None)


def _advice(error: BaseException) -> str | None:
    if isinstance(error, DatabaseOutage):
        return IS_UP
    if isinstance(error, sqlite3.Error):
        return CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, asyncpg.InvalidCachedStatementError):
        return "run this again"  # a migration has changed a table; the next attempt reads it anew
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return next((advice for prefix, advice in STATES.items() if state.startswith(prefix)), None)
    # asyncpg also calls it an InterfaceError when a value is not of its column's type.
    return IS_UP if isinstance(error, LOST) and not isinstance(error, ValueError) else None
