"""Tell the database's own trouble, which passes, from a statement's, and report it as one error to callers and operators."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types
from tortoise.exceptions import BaseORMException, DBConnectionError

from api.domain.errors import ApiError, ErrorCode, OperatorError
from api.domain.texts import Text

RETRY_AFTER = 1  # seconds after which a refused caller may try again
# By the first letters of a PostgreSQL SQLSTATE: what an operator can do about it, the more special first.
STATES = {
    "53100": "make room on its disk",
    "53300": "raise its max_connections, or lower ?maxsize=",
    "53": "give it more memory or disk",
    "25006": "name the server that is not a standby",
    "55P03": "end what keeps the rows locked",
    "08": "see that it is up",
    "25P03": "see why it ended the transaction",
    "25P04": "see why it ended the transaction",
    "26000": "take ?statement_cache_size= out of its URL, for this pooler keeps no statements",
    "42P05": "take ?statement_cache_size= out of its URL, for this pooler keeps no statements",
    "28": "see that the user and the password in the URL are right",
    "3D": "see that the name of the database in the URL is right",
    "40": "run this again",
    "57": "see that it is up",
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
LOST = (OSError, DBConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class DatabaseOutage(ApiError):
    """The database is away, full, locked or read-only, or took too long. Callers are asked to retry; operators read why."""

    def __init__(self, error: BaseException, advice: str) -> None:
        super().__init__(
            ErrorCode.OVERLOADED,
            Text(
                f"数据库暂时不可用，请{RETRY_AFTER}秒后重试。",
                f"The database is out of reach. Retry after {RETRY_AFTER} s.",
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


def reason_of(error: BaseException) -> str:
    """The first line of what the database, or the system, said."""
    if isinstance(error, TimeoutError) and not str(error):
        return "it does not answer"
    text = str(error).partition("\n")[0].strip().rstrip(".;")
    return text or type(error).__name__


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
        return "see that it is up"
    if isinstance(error, sqlite3.Error):
        return CODES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, asyncpg.InvalidCachedStatementError):
        return "run this again"  # a migration has changed a table; the next attempt reads it anew
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return next((advice for prefix, advice in STATES.items() if state.startswith(prefix)), None)
    # asyncpg also calls it an InterfaceError when a value is not of its column's type.
    return "see that it is up" if isinstance(error, LOST) and not isinstance(error, ValueError) else None
