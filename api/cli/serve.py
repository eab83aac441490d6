"""Serving: a demonstration that sets itself up, and the real thing that does not."""

import asyncio
import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

import typer
import uvloop

from api.bootstrap.app import application, open_services
from api.cli.database import load_file
from api.cli.errors import report_errors
from api.clock import Clock
from api.observability.setup import load_tracing, open_instrumentation
from api.server.logging import set_up_logs
from api.server.safety_checks import check_safety
from api.server.serve import run_server
from api.server.workers import serve_with
from api.settings import Settings, made_up_secret, read_settings
from api.settings.parsers import OPENING_MORNING, Address
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate

log = logging.getLogger("pingxuan.serve")
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
            await run_server(app, settings, services.on_shutdown, _announce if announce else None)


def _announce(url: str) -> None:
    typer.echo(f"GraphQL on {url} (stop with Ctrl+C)")
