"""The commands that serve: `demo` sets up its own database, `serve` expects one that is set up."""

import asyncio
import logging
import os
import socket
import time
from dataclasses import replace
from pathlib import Path

import typer

from api.bootstrap.ballot_log import log_keys, make_log_keys
from api.cli.database import load_file
from api.cli.errors import report_errors
from api.observability.setup import load_tracing
from api.server.launch import launch
from api.server.logging import set_up_logs
from api.server.safety_checks import check_safety
from api.server.sockets import passed_on_socket
from api.services.campaigns import FrozenCampaignError
from api.settings import Settings, read_settings
from api.settings.kept_clock import keep_clock
from api.settings.kept_secret import made_up_secret
from api.settings.parsers import OPENING_MORNING
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate

DEMONSTRATION = {
    "GUESTS": "on",
    "SESSION": "30d",
    "CLOCK": OPENING_MORNING,
    "LOG_SEAL_INTERVAL": "1",
    "LOG_SEAL_MINIMUM": "1",
    "LOG_SEAL_DEADLINE": "60",
}
log = logging.getLogger("pingxuan.serve")
CAMPAIGN = Path(__file__).parents[2] / "seed" / "shanghai-2017.toml"  # seed/ lies beside api/, also once installed


def demo() -> None:
    """Serve the 2017 selection: migrate, load it, admit guests, and start the clock on the morning it opened."""
    settings = read_settings(os.environ, **DEMONSTRATION).with_secret(made_up_secret)
    _set_up(settings)
    asyncio.run(_prepare_database(settings))
    make_log_keys(settings)
    _serve(settings)


def serve() -> None:
    """Serve what is stored. The database must be migrated and PINGXUAN_SECRET set.

    A socket that systemd passes on is listened on instead of PINGXUAN_HOST and PINGXUAN_PORT.
    """
    settings, passed_on = read_settings(), passed_on_socket()
    if passed_on is not None:
        host, port, *_ = passed_on.getsockname()
        settings = replace(settings, host=host, port=port)
    _set_up(settings)
    _serve(settings, passed_on)


def _set_up(settings: Settings) -> None:
    """Set up logging, and check the settings before anything is opened. Raises SettingError and TracingUnavailable."""
    set_up_logs(settings)
    check_safety(settings)
    if settings.tracing is not None:
        load_tracing()


async def _prepare_database(settings: Settings) -> None:
    async with open_database(settings.database_url) as database:
        await migrate(database)
        try:
            await load_file(database, CAMPAIGN, settings.clock()())
        except FrozenCampaignError as error:  # a database of an earlier release, with ballots
            typer.echo(f"{error}. It is served as it is stored.", err=True)


def _serve(settings: Settings, passed_on: socket.socket | None = None) -> None:
    began = time.monotonic()

    def announce(url: str) -> None:
        # Only now: one that cannot listen leaves the clock of the server that does.
        keep_clock(settings, began)
        if log_keys(settings) is None:
            log.info("no keys are set: ballots wait to be sealed in a log, and get no receipts (PINGXUAN_LOG_KEYS)")
        typer.echo(f"GraphQL on {url} (stop with Ctrl+C)")

    code = launch(settings, settings.clock(began), announce, report_errors, passed_on)
    if code:
        raise typer.Exit(code)
