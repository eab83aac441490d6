"""Serving: a demonstration that sets itself up, and the real thing that does not."""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import typer
import uvicorn
import uvloop
from starlette.types import ASGIApp

from api.bootstrap.app import application, open_services
from api.cli.database import load_file
from api.cli.errors import report_errors
from api.clock import Clock
from api.middleware.client_address import Proxies
from api.observability.setup import load_tracing, open_instrumentation
from api.server.connections import Connections, GuardedHttpProtocol
from api.server.logging import set_up_logs
from api.server.protocols import MAX_MESSAGE_BYTES, WebSocketProtocol
from api.server.safety_checks import check_safety
from api.server.sockets import at_once, listening, url_of
from api.server.workers import serve_with
from api.settings import Settings, made_up_secret, read_settings
from api.settings.parsers import OPENING_MORNING, Address
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate

log = logging.getLogger("pingxuan.serving")
ShutdownHooks = Sequence[Callable[[], Awaitable[None]]]
CAMPAIGN = Path(__file__).parents[2] / "seed" / "shanghai-2017.toml"  # seed/ lies beside api/, also once installed


def demo() -> None:
    """Serve the 2017 selection: migrate, load it, admit guests, and start the clock on the morning it opened."""
    settings = read_settings(GUESTS="on", SESSION="30d", CLOCK=OPENING_MORNING).with_secret(made_up_secret)
    clock = settings.clock()
    _set_up(settings)
    asyncio.run(_prepare(settings, clock))
    _serve(settings, clock)


def serve() -> None:
    """Serve what is stored. The database must be migrated and PINGXUAN_SECRET set."""
    settings = read_settings()
    _set_up(settings)
    _serve(settings, settings.clock())


def _set_up(settings: Settings) -> None:
    """Before anything is opened: set up the logs, and see that what was asked for may be had. Raises SettingError."""
    set_up_logs(settings)
    check_safety(settings)
    if settings.tracing is not None:
        load_tracing()


async def _prepare(settings: Settings, clock: Clock) -> None:
    async with open_database(settings.database_url) as database:
        await migrate(database)
        await load_file(database, CAMPAIGN, clock())


def _serve(settings: Settings, clock: Clock) -> None:
    """Serve until SIGINT or SIGTERM, from this process or from several that live by the same clock."""
    if settings.workers == 1:
        uvloop.run(_listen(settings, clock, announce=True))
        return
    asyncio.run(_check(settings, clock))
    code = serve_with(settings.workers, settings.host, settings.port, partial(_worker, settings, clock))
    if code:
        raise typer.Exit(code)


async def _check(settings: Settings, clock: Clock) -> None:
    """Fail once for all workers, when they would all fail."""
    async with open_services(settings, clock) as services:
        await services.snapshots.fresh(clock())


def _worker(settings: Settings, clock: Clock, port: int, place: int, announce: bool) -> None:
    """Serve in one of several processes, each on a socket of its own at the same port."""
    with report_errors():
        uvloop.run(_listen(replace(settings, port=port, metrics=_metrics(settings, place)), clock, announce=announce))


def _metrics(settings: Settings, place: int) -> Address | None:
    """Where the worker at this place serves its metrics: each at a port of its own."""
    first = settings.metrics
    return first if first is None or first.port == 0 else Address(first.host, first.port + place)


async def _listen(settings: Settings, clock: Clock, *, announce: bool) -> None:
    """Serve, then answer what is under way and close the database."""
    with open_instrumentation(settings.metrics, settings.tracing) as (instrumentation, metrics):
        if metrics is not None:
            log.info("metrics on %s", metrics)
        async with open_services(settings, clock, instrumentation) as services:
            app = application(services, settings)
            await answer(app, settings, services.on_shutdown, _announce if announce else None)


def _announce(url: str) -> None:
    typer.echo(f"GraphQL on {url} (stop with Ctrl+C)")


async def answer(
    app: ASGIApp, settings: Settings, on_shutdown: ShutdownHooks, announce: Callable[[str], None] | None = None
) -> None:
    """Answer until a signal comes.

    endless ends what would never end by itself; announce is given the URL of the endpoint once it is served.
    """
    connections = Connections(settings.limits, Proxies(settings.proxies))
    config = uvicorn.Config(
        app,
        http=partial(GuardedHttpProtocol, connections),  # type: ignore[arg-type]  # it is made like the class
        ws=WebSocketProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=None,  # the sockets are asked in the words of their own protocol
        ws_per_message_deflate=False,  # it would take 64 KiB a socket
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the gate knows which proxies to believe
    )
    tune_garbage_collector()
    with listening(settings.host, settings.port, shared=settings.workers > 1) as bound, at_once(bound) as sockets:
        await Server(config, partial(announce, url_of(bound)) if announce else None, on_shutdown).serve(sockets)


def tune_garbage_collector() -> None:
    """Let Python look for circular garbage seldom: what was made by now stays, and what requests make is freed without it.

    As it comes, the collector goes through the objects of all requests under way each time there are 700 more of them, which
    takes a third of a busy process's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


class Server(uvicorn.Server):
    """Leaves the signals to the event loop, so that what surrounds the server is closed in order after it."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None] | None, on_shutdown: ShutdownHooks) -> None:
        super().__init__(config)
        self._announce = announce
        self._on_shutdown = on_shutdown

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say where."""
        await super().startup(sockets)
        if self._announce is not None:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, which would go on for ever; then finish what is under way."""
        for end in self._on_shutdown:
            await end()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop gracefully on the first signal, at once on the second."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
