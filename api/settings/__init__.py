"""How the system is set up: environment variables, read once, each with its meaning, its default and its check."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from api.clock import Clock, clock_from, system_clock
from api.domain.integrity.suspicions import DEFAULT_DETECTION, DetectionConfig, parse_detection_config
from api.limits import MEANINGS, Limits
from api.settings import parsers
from api.settings.parsers import OPENING_MORNING, SERVER_SECRET, Address, Network
from api.settings.setting import Setting, SettingError
from api.settings.signing_in import SIGNING_IN, SignInSettings, signing_in
from api.settings.traffic import TRAFFIC

PREFIX = "PINGXUAN_"


DANGERS = ("guests", "weak-secret", "demonstration-clock")  # that a public server must have accepted by name

SETTINGS = (
    Setting("HOST", "127.0.0.1", "The address the server listens on.", parsers.host),
    Setting("PORT", "8000", "The port the server listens on; 0 lets the system choose.", parsers.port),
    Setting(
        "DATABASE_URL",
        "sqlite://.data/pingxuan.sqlite3",
        "Where everything is stored: `sqlite://FILE` (relative), `sqlite:///FILE` (absolute), or "
        "`postgres://USER:PASSWORD@HOST:PORT/NAME`, with `?maxsize=N` for the connections a process may hold.",
        parsers.database_url,
        is_secret=True,
    ),
    Setting(
        "SECRET",
        None,
        "What voters are made pseudonymous with and, by default, tokens signed with. Required; only `pingxuan demo` makes "
        "one up and keeps it beside the database. It must not change while a campaign runs, nor be lost: a voter whose "
        "pseudonym changes could vote twice.",
        parsers.secret,
        is_secret=True,
    ),
    Setting(
        "TOKEN_KEYS",
        SERVER_SECRET,
        f"The secrets of tokens, separated by commas: the first signs, all are taken. `{SERVER_SECRET}` stands for that one.",
        parsers.token_keys,
        is_secret=True,
    ),
    Setting("SESSION", "12h", "How long a session lasts, from `5m` to `90d`. `demo` has `30d`.", parsers.session),
    *SIGNING_IN,
    Setting(
        "WORKERS", "1", "How many processes serve; they share nothing but the port and the database.", parsers.workers
    ),
    Setting(
        "SUSPICIONS",
        DEFAULT_DETECTION,
        "What is looked for among ballots. What is left out stays as it was.",
        parse_detection_config,
    ),
    Setting(
        "CLOCK",
        "system",
        "`system`, or an RFC 3339 instant at which a demonstration's clock starts and from which it runs on. "
        f"`demo` starts at {OPENING_MORNING}.",
        parsers.clock,
    ),
    Setting(
        "EXECUTION",
        "compiled",
        "`compiled` runs a GraphQL document as the program it was compiled to; `reference` has graphql-core execute it. "
        "The answers are the same.",
        parsers.execution,
    ),
    *TRAFFIC,
    Setting(
        "ACCEPTED_DANGERS",
        "none",
        f"Which of {', '.join(DANGERS)} this server may have although others reach it, with commas between them.",
        parsers.some_of(*DANGERS),
    ),
    Setting(
        "METRICS",
        "off",
        "`off`, or the address `HOST:PORT` at which Prometheus reads `/metrics`; each further worker takes the next port.",
        parsers.address,
    ),
    Setting("TRACING", "off", "`off`, or the URL of the OTLP/HTTP collector that traces go to.", parsers.collector),
    Setting("LOG_LEVEL", "info", "The least that is logged.", parsers.one_of("info", "warning", "error")),
    Setting(
        "LOG_FORMAT",
        "auto",
        "`json`, `text`, or `auto`: text in a terminal, else JSON.",
        parsers.one_of("auto", "json", "text"),
    ),
    Setting(
        "ACCESS_LOG",
        "off",
        "`on` logs a line for each request; `address` with the caller's address in it.",
        parsers.one_of("off", "on", "address"),
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked. clock_start None means the system's clock."""

    host: str
    port: int
    database_url: str = field(repr=False)
    secret: bytes | None = field(repr=False)
    token_keys: tuple[str, ...] = field(repr=False)
    session: timedelta
    signing_in: SignInSettings
    workers: int
    suspicions: DetectionConfig
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
    read = {setting.name: _read(setting, environment, defaults) for setting in SETTINGS}
    return Settings(
        host=read["HOST"],
        port=read["PORT"],
        database_url=read["DATABASE_URL"],
        secret=read["SECRET"],
        token_keys=read["TOKEN_KEYS"],
        session=read["SESSION"],
        signing_in=signing_in(read),
        workers=read["WORKERS"],
        suspicions=read["SUSPICIONS"],
        clock_start=read["CLOCK"],
        execution=read["EXECUTION"],
        introspection=read["INTROSPECTION"],
        hosts=read["HOSTS"],
        origins=read["ORIGINS"],
        proxies=read["PROXIES"],
        proxy_header=read["PROXY_HEADER"],
        hsts=read["HSTS"],
        limits=Limits(**{name: read[f"LIMIT_{name.upper()}"] for name in MEANINGS}),
        accepted_dangers=read["ACCEPTED_DANGERS"],
        metrics=read["METRICS"],
        tracing=read["TRACING"],
        log_level=read["LOG_LEVEL"],
        log_format=read["LOG_FORMAT"],
        access_log=read["ACCESS_LOG"],
    )


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
