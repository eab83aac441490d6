"""How the system is set up: environment variables, read once, each with its meaning, its default and its check."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from api import values
from api.clock import Clock, clock_from, system_clock
from api.domain.limits import MEANINGS, Limits
from api.values import OPENING_MORNING, Address, Network

PREFIX = "PINGXUAN_"


class SettingError(Exception):
    """A setting that is wrong, in one sentence that says what would be right."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. parse turns its text into a value, or raises ValueError saying what would be right.

    is_secret: its text is never shown, and it may lie in a file, which the same name with _FILE at its end then names.
    """

    name: str
    default: str | None
    meaning: str
    parse: Callable[[str], Any]
    is_secret: bool = False


DANGERS = ("guests", "weak-secret", "demonstration-clock")  # that a public server must have accepted by name

SETTINGS = (
    Setting("HOST", "127.0.0.1", "The address the server listens on.", values.host),
    Setting("PORT", "8000", "The port the server listens on; 0 lets the system choose.", values.port),
    Setting(
        "DATABASE_URL",
        "sqlite://.data/pingxuan.sqlite3",
        "Where everything is stored: `sqlite://FILE` (relative), `sqlite:///FILE` (absolute), or "
        "`postgres://USER:PASSWORD@HOST:PORT/NAME`, with `?maxsize=N` for the connections a process may hold.",
        values.database_url,
        is_secret=True,
    ),
    Setting(
        "SECRET",
        None,
        "What tokens are signed with and voters are made pseudonymous with. Required; only `pingxuan demo` makes one "
        "up and keeps it beside the database. It must not change while a campaign runs, nor be lost: a voter whose "
        "pseudonym changes could vote twice.",
        values.secret,
        is_secret=True,
    ),
    Setting(
        "GUESTS",
        "off",
        "`on` lets anybody sign in by a name alone. For demonstrations; `demo` turns it on.",
        values.switch,
    ),
    Setting(
        "WORKERS",
        "1",
        "How many processes serve. They share the port and the database, and nothing else.",
        values.workers,
    ),
    Setting(
        "CLOCK",
        "system",
        "`system`, or an RFC 3339 instant at which a demonstration's clock starts and from which it runs on. "
        f"`demo` starts at {OPENING_MORNING}.",
        values.clock,
    ),
    Setting(
        "EXECUTION",
        "compiled",
        "`compiled` runs a GraphQL document as the program it was compiled to; `reference` has graphql-core execute it. "
        "The answers are the same.",
        values.execution,
    ),
    Setting("INTROSPECTION", "on", "`off` refuses introspection, and suggests no name for a wrong one.", values.switch),
    Setting(
        "HOSTS",
        "",
        "The host names that requests may be sent to, separated by commas, `*.` for all below a name; empty: any.",
        values.names,
    ),
    Setting(
        "ORIGINS",
        "",
        "The origins whose pages may read answers in a browser (CORS), such as `https://vote.example.cn`, separated by "
        "commas; `*`: all; empty: only pages of the server itself.",
        values.origins,
    ),
    Setting(
        "PROXIES",
        "",
        "The networks of trusted proxies, such as `10.0.0.0/8`, separated by commas: what they say of a caller's address "
        "and scheme is believed, and nobody else's word is.",
        values.networks,
    ),
    Setting(
        "PROXY_HEADER",
        "x-forwarded-for",
        "In which header the trusted proxies write who asked them: `x-forwarded-for`, with `X-Forwarded-Proto` for the "
        "scheme, or `forwarded` (RFC 7239). A caller could write the other one.",
        values.one_of("x-forwarded-for", "forwarded"),
    ),
    Setting("HSTS", "0", "Seconds for which browsers shall come by HTTPS alone; 0: they are not told.", values.whole),
    *(
        Setting(f"LIMIT_{name.upper()}", str(getattr(Limits(), name)), meaning, values.whole)
        for name, meaning in MEANINGS.items()
    ),
    Setting(
        "ACCEPTED_DANGERS",
        "none",
        f"Which of {', '.join(DANGERS)} this server may have although others reach it, with commas between them.",
        values.some_of(*DANGERS),
    ),
    Setting(
        "METRICS",
        "off",
        "`off`, or the address `HOST:PORT` at which Prometheus reads `/metrics`; each further worker takes the next port.",
        values.address,
    ),
    Setting("TRACING", "off", "`off`, or the URL of the OTLP/HTTP collector that traces go to.", values.collector),
    Setting("LOG_LEVEL", "info", "The least that is logged.", values.one_of("info", "warning", "error")),
    Setting(
        "LOG_FORMAT",
        "auto",
        "`json`, `text`, or `auto`: text in a terminal, else JSON.",
        values.one_of("auto", "json", "text"),
    ),
    Setting(
        "ACCESS_LOG",
        "off",
        "`on` logs a line for each request; `address` with the caller's address in it.",
        values.one_of("off", "on", "address"),
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked. clock_start None means the system's clock."""

    host: str
    port: int
    database_url: str = field(repr=False)
    secret: bytes | None = field(repr=False)
    guests: bool
    workers: int
    clock_start: datetime | None
    execution: str
    introspection: bool
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    proxies: tuple[Network, ...]
    proxy_header: str
    hsts: int
    limits: Limits
    accepted_dangers: frozenset[str]
    metrics: Address | None
    tracing: str | None
    log_level: str
    log_format: str
    access_log: str

    def with_secret(self, found: Callable[["Settings"], bytes]) -> "Settings":
        """The same settings with the secret that `found` finds or makes up."""
        return replace(self, secret=found(self))

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
    read = {setting.name.lower(): _read(setting, environment, defaults) for setting in SETTINGS}
    limits = Limits(**{name: read.pop(f"limit_{name}") for name in MEANINGS})
    return Settings(clock_start=read.pop("clock"), limits=limits, **read)


def _read(setting: Setting, environment: Mapping[str, str], defaults: Mapping[str, str]) -> Any:
    name = PREFIX + setting.name
    text = environment.get(name)
    if setting.is_secret and f"{name}_FILE" in environment:
        if text is not None:
            raise SettingError(f"{name} and {name}_FILE are both set: set one of them.")
        text = _content(f"{name}_FILE", environment[f"{name}_FILE"])
    if text is None:
        text = defaults.get(setting.name, setting.default)
    if text is None:
        return None
    try:
        return setting.parse(text)
    except ValueError as error:
        shown = "" if setting.is_secret else f" is {text!r}"
        raise SettingError(f"{name}{shown}: {error}.") from None


def _content(name: str, file: str) -> str:
    """What is in the file that this variable names, without the line's end that editors leave."""
    try:
        return Path(file).read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise SettingError(f"{name} is {file!r}: cannot be read: {reason}.") from None


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
