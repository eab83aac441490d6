"""Read database URLs: which database they name, and what is needed to connect to it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from api.domain.errors import OperatorError

SQLITE_PRAGMAS = {
    "busy_timeout": 10_000,
    "journal_mode": "WAL",
    # NORMAL would lose the last commits of an acknowledged ballot when the machine loses power.
    "synchronous": "FULL",
    "foreign_keys": "ON",
    # KiB. The default of 2 MiB reads the pages of an index again and again once there are a hundred thousand ballots.
    "cache_size": -32_768,
    # Tortoise asks for 16 KiB, so that every checkpoint would shrink the log and the next commits grow it again.
    "journal_size_limit": 64 * 1024 * 1024,
}
TLS_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
TLS_VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
TLS_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
TLS_WORDS = {
    "sslnegotiation": ("postgres", "direct"),
    "ssl_min_protocol_version": TLS_VERSIONS,
    "ssl_max_protocol_version": TLS_VERSIONS,
}
SESSIONS = ("any", "primary", "standby", "read-write", "read-only", "prefer-standby")
HOST = re.compile(
    r"[\w.-]+|\[[0-9a-fA-F:.]+(%\w+)?\]|/.*|@.+"
)  # a name, an address, a socket's folder, an abstract socket
FORM = "postgres://USER:PASSWORD@HOST:PORT/NAME"


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
        """Read `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=require`. Raise DatabaseUrlError."""
        scheme, separator, rest = url.partition("://")
        if scheme == "sqlite" and separator:
            return _sqlite(rest)
        if scheme in {"postgres", "postgresql"} and separator:
            return _postgres(rest)
        raise DatabaseUrlError("A database URL begins with sqlite://, postgres:// or postgresql://.")


def _sqlite(path: str) -> DatabaseUrl:
    if not path or path.endswith("/"):
        raise DatabaseUrlError("A sqlite:// URL names a file, such as sqlite://data/pingxuan.sqlite3.")
    if "?" in path or path.startswith(":"):
        raise DatabaseUrlError("A sqlite:// URL is a file's path and takes no options.")
    if "\0" in path or not _is_unicode(path):
        raise DatabaseUrlError("A sqlite:// URL is a file's path, as text in UTF-8.")
    if re.match(r"(?s)/*[^/]*:.*@", path):
        raise DatabaseUrlError(f"A sqlite:// URL is a file's path and has no password; for PostgreSQL write {FORM}.")
    return DatabaseUrl(Dialect.SQLITE, path, {"file_path": path, **SQLITE_PRAGMAS})


def _postgres(rest: str) -> DatabaseUrl:
    """Read what follows `postgres://`. No error quotes any of it: where it is malformed, any part may be a password."""
    _refuse_unescaped(rest)
    before_query, _, query = rest.partition("?")
    authority, _, path = before_query.partition("/")
    userinfo, _, host_and_port = authority.rpartition("@")
    user, _, password = userinfo.partition(":")
    host, port = _host_and_port(host_and_port)
    options = _options(query)
    given = {"user": user, "password": password, "host": host, "port": port}
    values = {name: options.pop(name, "") or unquote(value) for name, value in given.items()}
    name = unquote(path)
    if not values["host"] or not name or "/" in name:
        raise DatabaseUrlError(
            f"A postgres:// URL names a host and a database: {FORM}, or postgres://USER@/NAME?host=FOLDER for a socket."
        )
    credentials = {
        "host": _checked_host(values["host"]),
        "port": _number(values["port"] or "5432", 1, 65_535, "The host or port in a postgres:// URL is malformed."),
        "database": name,
        "user": values["user"] or None,
        "password": values["password"] or None,
        "application_name": "pingxuan",
        "timeout": 10,
        **_parsed(options),
    }
    return DatabaseUrl(Dialect.POSTGRES, f"{name} on {values['host']}:{credentials['port']}", credentials)


def _refuse_unescaped(rest: str) -> None:
    """Refuse a URL of which it cannot be told where its password ends."""
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    if "#" in rest or "@" in rest[len(authority) :]:
        raise DatabaseUrlError(
            "A postgres:// URL has / ? # and @ in its user, password, name and options written as %2F %3F %23 and %40: "
            f"{FORM}."
        )
    if not _is_unicode(rest):
        raise DatabaseUrlError("A postgres:// URL is malformed: it is no text in UTF-8.")
    if any(character < " " or character == "\x7f" for character in unquote(rest)):
        raise DatabaseUrlError("A postgres:// URL is malformed: it has a control character, such as an end of line.")


def _is_unicode(text: str) -> bool:
    """Whether it can be written in UTF-8; what the environment holds may be any bytes."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _host_and_port(text: str) -> tuple[str, str]:
    """Split the place, of which a part may be missing; an address in brackets has colons of its own."""
    bracket = text.rfind("]")
    host, colon, port = text[bracket + 1 :].partition(":")
    if colon and not port:
        raise DatabaseUrlError("The host or port in a postgres:// URL is malformed.")
    return text[: bracket + 1] + host, port


def _checked_host(host: str) -> str:
    if not HOST.fullmatch(host):
        raise DatabaseUrlError("The host or port in a postgres:// URL is malformed.")
    return host.removeprefix("[").removesuffix("]")


def _options(query: str) -> dict[str, str]:
    """The options of a URL by their names, the last of each."""
    known = ("host", "port", "user", "password", *POSTGRES_OPTIONS)
    options = dict(parse_qsl(query.replace("+", "%2B"), keep_blank_values=True))  # a + is no blank here
    if not options.keys() <= {*known} or not all(options.values()):
        raise DatabaseUrlError(f"A postgres:// URL takes {', '.join(known)} only, each with a value.")
    return options


def _parsed(options: Mapping[str, str]) -> dict[str, Any]:
    """What the options are to asyncpg: it reads those of TLS, but for the mode, from a URL alone."""
    parsed = {POSTGRES_OPTIONS[name][0]: POSTGRES_OPTIONS[name][1](text) for name, text in options.items()}
    tls = {name: parsed.pop(name) for name in (*TLS_FILES, *TLS_WORDS, "sslpassword") if name in parsed}
    return parsed | ({"dsn": f"postgres://?{urlencode(tls)}"} if tls else {})


def _number(text: str, least: int, most: int, remedy: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    raise DatabaseUrlError(remedy)


def _count(option: str, least: int) -> Callable[[str], int]:
    remedy = f"In a postgres:// URL {option} is a whole number from {least} to 10000."
    return partial(_number, least=least, most=10_000, remedy=remedy)


def _word(option: str, words: tuple[str, ...], text: str) -> str:
    if text in words:
        return text
    raise DatabaseUrlError(f"In a postgres:// URL {option} is one of {', '.join(words)}.")


def _file(option: str, text: str) -> str:
    if Path(text).is_file():
        return text
    raise DatabaseUrlError(f"In a postgres:// URL {option} names a file, and what it names here is none.")


# By the option of a URL: what asyncpg calls it, and what its text means.
POSTGRES_OPTIONS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "minsize": ("minsize", _count("minsize", 0)),
    "maxsize": ("maxsize", _count("maxsize", 1)),
    "statement_cache_size": (
        "statement_cache_size",
        _count("statement_cache_size", 0),
    ),  # 0: no statement stays prepared
    "connect_timeout": ("timeout", _count("connect_timeout", 1)),
    "application_name": ("application_name", str),
    "target_session_attrs": ("target_session_attrs", partial(_word, "target_session_attrs", SESSIONS)),
    "ssl": ("ssl", partial(_word, "ssl", TLS_MODES)),
    "sslmode": ("ssl", partial(_word, "sslmode", TLS_MODES)),
    **{name: (name, partial(_file, name)) for name in TLS_FILES},
    **{name: (name, partial(_word, name, words)) for name, words in TLS_WORDS.items()},
    "sslpassword": ("sslpassword", str),
}
