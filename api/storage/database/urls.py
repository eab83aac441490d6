"""Read database URLs: which database they name, and what is needed to connect to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from api.domain.errors import OperatorError

SQLITE_PRAGMAS = {
    "busy_timeout": 10_000,
    "journal_mode": "WAL",
    # NORMAL would lose the last commits of an acknowledged ballot when the machine loses power.
    "synchronous": "FULL",
    "foreign_keys": "ON",
    # Tortoise asks for 16 KiB, so that every checkpoint would shrink the log and the next commits grow it again.
    "journal_size_limit": 64 * 1024 * 1024,
}
POSTGRES_OPTIONS: Mapping[str, Callable[[str], Any]] = {
    "minsize": int,
    "maxsize": int,
    "statement_cache_size": int,  # 0 behind a pooler that gives each transaction another connection
    "ssl": str,
}


class DatabaseUrlError(OperatorError, ValueError):
    """A URL that names no database. One sentence, without the URL itself: it may hold a password."""


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
        raise DatabaseUrlError(f"A postgres:// URL takes {', '.join(POSTGRES_OPTIONS)} only.") from None
