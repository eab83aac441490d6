"""What the text of a setting means. Each function raises ValueError saying what would be right."""

import ipaddress
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

from api.domain.rfc3339 import parse_datetime

OPENING_MORNING = "2017-03-22T09:00:00+08:00"
SERVER_SECRET = "PINGXUAN_SECRET"  # noqa: S105 - among the token keys: the one that is made from the server's secret
MIN_KEY_LENGTH = 32  # characters of a token key
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
MIN_SESSION, MAX_SESSION = timedelta(minutes=5), timedelta(days=90)
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
HOST = re.compile(r"(\*\.)?[A-Za-z0-9_.-]+|\[[0-9a-fA-F:.]+\]")
SEGMENT = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*")
OWN_SEGMENTS = (  # that paths of the server itself begin with
    "assets",
    "c",
    "campaigns",
    "desk",
    "graphql",
    "healthz",
    "schema.graphql",
    "images",
    "jobs",
    "log",
    "readyz",
    "review",
    "sandbox",
    "verify",
)
ORIGIN = re.compile(r"https?://[A-Za-z0-9_.:\[\]-]+")


class Address(NamedTuple):
    """Where something listens."""

    host: str
    port: int


def host(text: str) -> str:
    """A host name or an address."""
    if text.strip() and " " not in text.strip():
        return text.strip()
    raise ValueError("give a host name or an address, such as 127.0.0.1")


def number(least: int, most: int, remedy: str) -> Callable[[str], int]:
    """A number within bounds; remedy is what would be right otherwise."""

    def parse(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most:
            return int(text)
        raise ValueError(remedy)

    return parse


port = number(0, 65535, "give a number from 0 to 65535; 0 lets the system choose a free port")
workers = number(1, 64, "give a number from 1 to 64; as many as there are processors is a good one")
whole = number(0, 999_999_999, "give a whole number from 0 to 999999999")


def database_url(text: str) -> str:
    """The URL of a database, in its form alone."""
    if text.split("://", maxsplit=1)[0] in ("sqlite", "postgres", "postgresql") and text.partition("://")[2]:
        return text
    raise ValueError("give sqlite://FILE, sqlite:///ABSOLUTE/FILE or postgres://USER:PASSWORD@HOST:PORT/NAME")


def secret(text: str) -> bytes:
    """A secret, as bytes."""
    if text.strip() and not re.search("[\ud800-\udfff]", text):  # what is no UTF-8 in the environment
        return text.encode()
    raise ValueError("give a long random text, such as `openssl rand -hex 32` prints")


def token_keys(text: str) -> tuple[str, ...]:
    """The secrets of tokens, in their order."""
    keys = tuple(key.strip() for key in text.split(","))
    if len(set(keys)) == len(keys) and all(key == SERVER_SECRET or len(key) >= MIN_KEY_LENGTH for key in keys):
        return keys
    raise ValueError(
        f"give different random texts of {MIN_KEY_LENGTH} or more characters, or {SERVER_SECRET}, separated by commas"
    )


def session(text: str) -> timedelta:
    """How long a session lasts."""
    number, unit = text[:-1], UNITS.get(text[-1:])
    if number.isascii() and number.isdigit() and len(number) < 6 and unit is not None:
        lifetime = int(number) * unit
        if MIN_SESSION <= lifetime <= MAX_SESSION:
            return lifetime
    raise ValueError("give a time from 5m to 90d, such as 30m, 12h or 7d")


def switch(text: str) -> bool:
    """Whether something is on."""
    if text in ("on", "off"):
        return text == "on"
    raise ValueError("give on or off")


def clock(text: str) -> datetime | str:
    """The instant at which a clock starts, or a word for the system's, or for the one that is found."""
    if text in ("auto", "system"):
        return text
    try:
        return instant(text)
    except ValueError as error:
        raise ValueError(str(error).replace("give", "give auto, system, or", 1)) from None


def instant(text: str) -> datetime:
    """An RFC 3339 instant, in UTC."""
    if (parsed := parse_datetime(text)) is not None:
        return parsed
    raise ValueError(f"give an instant with an offset such as {OPENING_MORNING}")


def address(text: str) -> Address | None:
    """A host and a port; None when off."""
    if text == "off":
        return None
    name, _, number = text.rpartition(":")
    try:
        return Address(host(name.removeprefix("[").removesuffix("]")), port(number))
    except ValueError:
        raise ValueError("give off, or HOST:PORT such as 127.0.0.1:9464") from None


def collector(text: str) -> str | None:
    """The URL that traces are sent to; None when off."""
    if text == "off":
        return None
    if is_web_address(text):
        return text
    raise ValueError("give off, or the URL of an OTLP/HTTP collector such as http://127.0.0.1:4318/v1/traces")


def is_web_address(text: str) -> bool:
    """Whether it is an http or https URL with a host."""
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words."""

    def parse(text: str) -> str:
        if text in words:
            return text
        raise ValueError(f"give {', '.join(words[:-1])} or {words[-1]}")

    return parse


def some_of(*words: str) -> Callable[[str], frozenset[str]]:
    """Any of these words, with commas between them, or none."""

    def parse(text: str) -> frozenset[str]:
        given = frozenset(word.strip() for word in text.split(",")) - {"", "none"}
        if given <= frozenset(words):
            return given
        raise ValueError(f"give none, or any of {', '.join(words)}, with commas between them")

    return parse


def names(text: str) -> tuple[str, ...]:
    """Host names, in small letters."""
    values = _listed(text)
    if all(HOST.fullmatch(name) for name in values):
        return tuple(name.lower() for name in values)
    raise ValueError("give host names without a port, separated by commas, such as vote.example.cn,*.example.cn")


def origins(text: str) -> tuple[str, ...]:
    """Origins of pages."""
    values = _listed(text)
    if values == ("*",) or all(ORIGIN.fullmatch(name) for name in values):
        return tuple(name.lower() for name in values)
    raise ValueError("give *, or origins separated by commas, such as https://vote.example.cn")


def root_path(text: str) -> str:
    """A path that the server is below, without the slash at its end; empty for the root of its host."""
    path = text.strip().rstrip("/")
    if not path:
        return ""
    start, *segments = path.split("/")
    if start or not all(map(SEGMENT.fullmatch, segments)):
        raise ValueError("give a path such as /vote, of letters, digits, hyphens and dots")
    if segments[0] in OWN_SEGMENTS:
        raise ValueError(f"give a path that begins otherwise: the server has paths of its own below /{segments[0]}")
    return path


def networks(text: str) -> tuple[Network, ...]:
    """Networks, or single addresses."""
    try:
        return tuple(ipaddress.ip_network(name, strict=False) for name in _listed(text))
    except ValueError:
        raise ValueError("give networks or addresses separated by commas, such as 10.0.0.0/8,fd00::/8") from None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
