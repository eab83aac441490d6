"""How the system is set up: environment variables, read once, each with its meaning, its default and its check."""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from api.clock import Clock, clock_from, system_clock
from api.domain.integrity.suspicions import DEFAULT_DETECTION, DetectionConfig, parse_detection_config
from api.limits import MEANINGS, Limits
from api.settings import parsers
from api.settings.log import LogSettings
from api.settings.parsers import OPENING_MORNING, SERVER_SECRET, Address, Network
from api.settings.setting import Setting, SettingError, declared, setting
from api.settings.signing_in import SignInSettings
from api.settings.unknown import unknown_variables

DANGERS = ("guests", "weak-secret", "demonstration-clock")  # that a public server must have accepted by name
log = logging.getLogger("pingxuan.settings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. clock_start is `auto`, `system` or an instant."""

    host: str = setting(parsers.host, "127.0.0.1", "The address the server listens on.")
    port: int = setting(
        parsers.port, "8000", "The port the server listens on; `0` lets the system choose one, which it prints."
    )
    database_url: str = setting(
        parsers.database_url,
        "sqlite://.data/pingxuan.sqlite3",
        "Where everything is stored: `sqlite://FILE` (relative), `sqlite:///FILE` (absolute), or "
        "`postgres://USER:PASSWORD@HOST:PORT/NAME`, with `?sslmode=verify-full` for TLS, `?host=/run/postgresql` for a socket "
        "and `?maxsize=N` for the connections a process may hold.",
        is_secret=True,
    )
    database_timeout: int = setting(
        parsers.number(1, 25, "give a whole number of seconds, from 1 to 25"),
        "15",
        "Seconds for which a server waits for the database, while it is away or somebody keeps it locked; then callers get "
        "`OVERLOADED`. Commands wait for as long as it takes.",
    )
    secret: bytes | None = setting(
        parsers.secret,
        None,
        "What voters are made pseudonymous with and, unless `PINGXUAN_TOKEN_KEYS` says otherwise, tokens are signed with. "
        "`pingxuan demo` makes one up and keeps it beside the database, in `FILE.secret`; `token`, `simulate` and "
        "`import` find it there. It must not change while a campaign runs, nor be lost: a voter whose pseudonym changes could "
        "vote twice.",
        is_secret=True,
    )
    token_keys: tuple[str, ...] = setting(
        parsers.token_keys,
        SERVER_SECRET,
        "The secrets that tokens are signed with, separated by commas: the first signs, all are accepted. "
        f"`{SERVER_SECRET}` stands for a key made from that secret. Others have 32 or more characters.",
        is_secret=True,
    )
    session: timedelta = setting(
        parsers.session,
        "12h",
        "How long a session lasts, from `5m` to `90d`: minutes, hours or days. `demo` has `30d`.",
    )
    signing_in: SignInSettings
    log: LogSettings
    workers: int = setting(
        parsers.workers,
        "1",
        "How many processes serve. They share the port and the database, and nothing else; one that dies is replaced.",
    )
    suspicions: DetectionConfig = setting(
        parse_detection_config,
        DEFAULT_DETECTION,
        "What is looked for among ballots: so many in so many minutes, or `off`; `SECONDS` from signing in to casting are "
        "too few for a person; for `DAYS` suspicions are kept, and `DAYS=0` notes nothing. What is left out stays as it is "
        "here.",
    )
    clock_start: datetime | str = setting(
        parsers.clock,
        "auto",
        "`system`, or an RFC 3339 instant at which a demonstration's clock starts, from which it runs on; `demo` starts at "
        f"`{OPENING_MORNING}`. It is kept beside the database, in `FILE.clock`: under `auto` a command goes by it, without "
        "one by the system's, as a server does.",
        name="CLOCK",
    )
    execution: str = setting(
        parsers.one_of("compiled", "reference"),
        "compiled",
        "`compiled` runs a GraphQL document as the program it was compiled to; `reference` has graphql-core execute it. "
        "The answers are the same.",
    )
    introspection: bool = setting(
        parsers.switch, "on", "`off` refuses introspection and `/schema.graphql`, and suggests no name for a wrong one."
    )
    federation: bool = setting(
        parsers.switch,
        "off",
        "`on` makes the API a subgraph of Apollo Federation 2: a gateway composes it with others.",
    )
    hosts: tuple[str, ...] = setting(
        parsers.names,
        "",
        "The host names that requests may be sent to, separated by commas, `*.` for all below a name; empty: any. "
        "Others get 421.",
    )
    root_path: str = setting(
        parsers.root_path,
        "",
        "The path that the server is below, such as `/vote` for `https://city.example.cn/vote/`; empty: it has the host to "
        "itself. A proxy may pass requests on with it or without.",
    )
    origins: tuple[str, ...] = setting(
        parsers.origins,
        "",
        "The origins whose pages may read answers in a browser (CORS), such as `https://vote.example.cn`, separated by "
        "commas; `*`: all; empty: only pages of the server itself.",
    )
    proxies: tuple[Network, ...] = setting(
        parsers.networks,
        "",
        "The networks of trusted proxies, such as `10.0.0.0/8`, separated by commas: what they say of a caller's address "
        "and scheme is believed, and nobody else's word is.",
    )
    proxy_header: str = setting(
        parsers.one_of("x-forwarded-for", "forwarded"),
        "x-forwarded-for",
        "In which header the trusted proxies write who asked them: `x-forwarded-for`, with `X-Forwarded-Proto` for the "
        "scheme, or `forwarded` (RFC 7239). A caller could write the other one.",
    )
    hsts: int = setting(
        parsers.whole,
        "0",
        "Seconds for which browsers shall come by HTTPS alone (`Strict-Transport-Security`); 0: they are not told.",
    )
    keep_alive: int = setting(
        parsers.number(1, 3600, "give a number of seconds from 1 to 3600"),
        "75",
        "Seconds for which a connection stays open between two requests. Longer than any reverse proxy keeps it, or that "
        "sends a request just as it is closed.",
    )
    shutdown_grace: int = setting(
        parsers.number(0, 3600, "give a number of seconds from 0 to 3600"),
        "10",
        "Seconds that requests under way may take once the server is told to stop; those that have not arrived whole are "
        "dropped at once. Whoever stops the process should wait 20 seconds longer than this before killing it.",
    )
    drain: int = setting(
        parsers.number(0, 3600, "give a number of seconds from 0 to 3600"),
        "0",
        "Seconds for which a server that is told to stop serves on before that: `/readyz` says that it stops, and every "
        "response ends its connection, so that callers turn to another server. They are added to the 20.",
    )
    limits: Limits
    accepted_dangers: frozenset[str] = setting(
        parsers.some_of(*DANGERS),
        "none",
        "Which of `guests`, `weak-secret` and `demonstration-clock` this server may have although others reach it, with "
        "commas between them. On any address but this machine's own, and with a proxy, a host name or `PINGXUAN_HSTS` set, "
        "it refuses to start with one that is not named here.",
    )
    metrics: Address | None = setting(
        parsers.address,
        "off",
        "`off`, or the address `HOST:PORT` at which Prometheus reads `/metrics`; each further worker takes the next port, "
        "and `0` lets the system choose, which is logged.",
    )
    tracing: str | None = setting(
        parsers.collector,
        "off",
        "`off`, or the URL of the OTLP/HTTP collector that traces go to, such as `http://127.0.0.1:4318/v1/traces`. "
        'Needs `pip install ".[tracing]"` in a checkout.',
    )
    log_level: str = setting(
        parsers.one_of("info", "warning", "error"), "info", "The least that is logged: `info`, `warning` or `error`."
    )
    log_format: str = setting(
        parsers.one_of("auto", "json", "text"), "auto", "`json`, `text`, or `auto`: text in a terminal, else JSON."
    )
    access_log: str = setting(
        parsers.one_of("off", "on", "address"),
        "off",
        "`on` logs a line for each request; `address` does so with the caller's address in it.",
    )

    def with_secret(self, find: Callable[["Settings"], bytes]) -> "Settings":
        """The same settings with the secret that `find` returns."""
        return replace(self, secret=find(self))

    @property
    def token_secrets(self) -> tuple[bytes, ...]:
        """What tokens are signed with, the newest first. Raises SettingError when the server's secret is needed and missing."""
        return tuple(required_secret(self) if key == SERVER_SECRET else key.encode() for key in self.token_keys)

    def clock(self, began: float | None = None) -> Clock:
        """The clock these settings ask for; a demonstration's begins to run at this reading of time.monotonic, or now."""
        return clock_from(self.clock_start, began) if isinstance(self.clock_start, datetime) else system_clock

    @property
    def kept_secret(self) -> Path:
        """Where a demonstration keeps the secret it made up: beside its database."""
        return self.sidecar_file("secret") or Path(".data/pingxuan.secret")

    def sidecar_file(self, ending: str) -> Path | None:
        """Return the file with this ending beside a database that is a file; None for a database that is not."""
        path = self.database_url.removeprefix("sqlite://").partition("?")[0]
        return Path(f"{path}.{ending}") if self.database_url.startswith("sqlite://") else None


OWN, SIGNING_IN, LOG = declared(Settings), declared(SignInSettings), declared(LogSettings)
LIMITS = {
    name: Setting(f"LIMIT_{name.upper()}", parsers.whole, str(getattr(Limits(), name)), meaning)
    for name, meaning in MEANINGS.items()
}
SETTINGS = (*OWN.values(), *SIGNING_IN.values(), *LOG.values(), *LIMITS.values())


def read_settings(environment: Mapping[str, str] = os.environ, **defaults: str) -> Settings:
    """Read the settings of an environment; defaults replace the declared ones. Raise SettingError for the first wrong one.

    A variable that only looks like a setting is warned of: another version may know it.
    """
    for sentence in unknown_variables(environment, SETTINGS):
        log.warning(sentence)

    def values(of: Mapping[str, Setting]) -> dict[str, Any]:
        return {attribute: one.value(environment, defaults.get(one.name, one.default)) for attribute, one in of.items()}

    return Settings(
        **values(OWN),
        signing_in=SignInSettings(**values(SIGNING_IN)),
        log=LogSettings(**values(LOG)),
        limits=Limits(**values(LIMITS)),
    )


def required_secret(settings: Settings) -> bytes:
    """The secret that was set. Raises SettingError when none was."""
    if settings.secret is None:
        raise SettingError(
            "PINGXUAN_SECRET is not set: give a long random text, such as `openssl rand -hex 32` prints, and keep it."
        )
    return settings.secret
