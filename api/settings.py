"""How the system is set up: environment variables, read once, each with its meaning, its default and its check."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.clock import Clock, clock_from, system_clock
from api.domain.suspicions import USUAL, Vigilance, vigilance

PREFIX = "PINGXUAN_"
OPENING_MORNING = "2017-03-22T09:00:00+08:00"
SERVER_SECRET = "PINGXUAN_SECRET"  # noqa: S105 - among the token keys: the one that is made from the server's secret
SHORTEST_KEY = 32  # characters of a token key
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
SHORTEST_SESSION, LONGEST_SESSION = timedelta(minutes=5), timedelta(days=90)


class SettingError(Exception):
    """A setting that is wrong, in one sentence that says what would be right."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. parse turns its text into a value, or raises ValueError saying what would be right."""

    name: str
    default: str | None
    meaning: str
    parse: Callable[[str], Any]


def _host(text: str) -> str:
    if text.strip() and " " not in text.strip():
        return text.strip()
    raise ValueError("give a host name or an address, such as 127.0.0.1")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise ValueError("give a number from 0 to 65535; 0 lets the system choose a free port")


def _database_url(text: str) -> str:
    if text.split("://", maxsplit=1)[0] in ("sqlite", "postgres", "postgresql") and text.partition("://")[2]:
        return text
    raise ValueError("give sqlite://FILE, sqlite:///ABSOLUTE/FILE or postgres://USER:PASSWORD@HOST:PORT/NAME")


def _secret(text: str) -> bytes:
    if text.strip():
        return text.encode()
    raise ValueError("give a long random text, such as `openssl rand -hex 32` prints")


def _workers(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 64:
        return int(text)
    raise ValueError("give a number from 1 to 64; as many as there are processors is a good one")


def _switch(text: str) -> bool:
    if text in ("on", "off"):
        return text == "on"
    raise ValueError("give on or off")


def _clock(text: str) -> datetime | None:
    if text == "system":
        return None
    if "T" in text.upper() and (instant := _instant(text)) is not None and instant.tzinfo is not None:
        return instant.astimezone(UTC)
    raise ValueError(f"give system, or an instant with an offset such as {OPENING_MORNING}")


def _token_keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(","))
    if len(set(keys)) == len(keys) and all(key == SERVER_SECRET or len(key) >= SHORTEST_KEY for key in keys):
        return keys
    raise ValueError(
        f"give different random texts of {SHORTEST_KEY} or more characters, or {SERVER_SECRET}, separated by commas"
    )


def _session(text: str) -> timedelta:
    number, unit = text[:-1], UNITS.get(text[-1:])
    if number.isascii() and number.isdigit() and len(number) < 6 and unit is not None:
        lifetime = int(number) * unit
        if SHORTEST_SESSION <= lifetime <= LONGEST_SESSION:
            return lifetime
    raise ValueError("give a time from 5m to 90d, such as 30m, 12h or 7d")


def _execution(text: str) -> str:
    if text in ("compiled", "reference"):
        return text
    raise ValueError("give compiled or reference")


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


SETTINGS = (
    Setting("HOST", "127.0.0.1", "The address the server listens on.", _host),
    Setting("PORT", "8000", "The port the server listens on; 0 lets the system choose.", _port),
    Setting(
        "DATABASE_URL",
        "sqlite://.data/pingxuan.sqlite3",
        "Where everything is stored: `sqlite://FILE` (relative), `sqlite:///FILE` (absolute), or "
        "`postgres://USER:PASSWORD@HOST:PORT/NAME`, with `?maxsize=N` for the connections a process may hold.",
        _database_url,
    ),
    Setting(
        "SECRET",
        None,
        "What voters are made pseudonymous with and, by default, tokens signed with. Required; only `pingxuan demo` makes "
        "one up and keeps it beside the database. It must not change while a campaign runs, nor be lost: a voter whose "
        "pseudonym changes could vote twice.",
        _secret,
    ),
    Setting(
        "TOKEN_KEYS",
        SERVER_SECRET,
        f"The secrets of tokens, separated by commas: the first signs, all are taken. `{SERVER_SECRET}` stands for that one.",
        _token_keys,
    ),
    Setting("SESSION", "12h", "How long a session lasts, from `5m` to `90d`. `demo` has `30d`.", _session),
    Setting(
        "GUESTS", "off", "`on` lets anybody sign in by a name alone. For demonstrations; `demo` turns it on.", _switch
    ),
    Setting(
        "WORKERS", "1", "How many processes serve. They share the port and the database, and nothing else.", _workers
    ),
    Setting("SUSPICIONS", "", f"What is looked for among ballots; unless it says otherwise: `{USUAL}`.", vigilance),
    Setting(
        "CLOCK",
        "system",
        "`system`, or an RFC 3339 instant at which a demonstration's clock starts and from which it runs on. "
        f"`demo` starts at {OPENING_MORNING}.",
        _clock,
    ),
    Setting(
        "EXECUTION",
        "compiled",
        "`compiled` runs a GraphQL document as the program it was compiled to; `reference` has graphql-core execute it. "
        "The answers are the same.",
        _execution,
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked. clock_start None means the system's clock."""

    host: str
    port: int
    database_url: str
    secret: bytes | None
    token_keys: tuple[str, ...]
    session: timedelta
    guests: bool
    workers: int
    suspicions: Vigilance
    clock_start: datetime | None
    execution: str

    def with_secret(self, found: Callable[["Settings"], bytes]) -> "Settings":
        """The same settings with the secret that `found` finds or makes up."""
        return replace(self, secret=found(self))

    @property
    def token_secrets(self) -> tuple[bytes, ...]:
        """What tokens are signed with, the newest first. Raises SettingError when the server's secret is needed and missing."""
        return tuple(required_secret(self) if key == SERVER_SECRET else key.encode() for key in self.token_keys)

    def clock(self) -> Clock:
        """The clock these settings ask for; a demonstration's begins to run now."""
        return system_clock if self.clock_start is None else clock_from(self.clock_start)

    @property
    def kept_secret(self) -> Path:
        """Where a demonstration keeps the secret it made up: beside its database."""
        path = self.database_url.removeprefix("sqlite://").partition("?")[0]
        is_file = self.database_url.startswith("sqlite://")
        return Path(f"{path}.secret") if is_file else Path(".data/pingxuan.secret")


def read_settings(environment: Mapping[str, str] = os.environ, **defaults: str) -> Settings:
    """The settings of an environment; defaults replace the table's. Raises SettingError for the first wrong one."""
    values = {setting.name: _read(setting, environment, defaults) for setting in SETTINGS}
    return Settings(
        host=values["HOST"],
        port=values["PORT"],
        database_url=values["DATABASE_URL"],
        secret=values["SECRET"],
        token_keys=values["TOKEN_KEYS"],
        session=values["SESSION"],
        guests=values["GUESTS"],
        workers=values["WORKERS"],
        suspicions=values["SUSPICIONS"],
        clock_start=values["CLOCK"],
        execution=values["EXECUTION"],
    )


def _read(setting: Setting, environment: Mapping[str, str], defaults: Mapping[str, str]) -> Any:
    name = PREFIX + setting.name
    text = environment.get(name, defaults.get(setting.name, setting.default))
    if text is None:
        return None
    try:
        return setting.parse(text)
    except ValueError as error:
        shown = "" if setting.name in ("SECRET", "TOKEN_KEYS") else f" is {text!r}"
        raise SettingError(f"{name}{shown}: {error}.") from None


def required_secret(settings: Settings) -> bytes:
    """The secret that was set. Raises SettingError when none was."""
    if settings.secret is None:
        raise SettingError(
            "PINGXUAN_SECRET is not set: give a long random text, such as `openssl rand -hex 32` prints, and keep it."
        )
    return settings.secret


def found_secret(settings: Settings) -> bytes:
    """The secret that was set, else the one a demonstration keeps beside this database."""
    if settings.secret is None and settings.kept_secret.is_file():
        return settings.kept_secret.read_bytes()
    return required_secret(settings)


def made_up_secret(settings: Settings) -> bytes:
    """The secret that was set, else the demonstration's: made up at its first start, readable by its owner alone."""
    if settings.secret is None and not settings.kept_secret.exists():
        settings.kept_secret.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(settings.kept_secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return found_secret(settings)
