"""Serving: a demonstration that sets itself up, and the real thing that does not."""

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
import uvicorn
import uvloop

from api.app import application, open_house
from api.cli.keeping import load_file
from api.settings import OPENING_MORNING, Settings, made_up_secret, read_settings
from api.storage.database import open_database
from api.storage.migrating import migrate

CAMPAIGN = Path(__file__).parents[2] / "seed" / "shanghai-2017.toml"  # seed/ lies beside api/, also once installed


def demo() -> None:
    """Serve the 2017 selection: migrate, load it, admit guests, and start the clock on the morning it opened."""
    settings = read_settings(GUESTS="on", CLOCK=OPENING_MORNING).with_secret(made_up_secret)
    uvloop.run(_demo(settings))


def serve() -> None:
    """Serve what is stored. The database must be migrated and PINGXUAN_SECRET set."""
    uvloop.run(_serve(read_settings()))


async def _demo(settings: Settings) -> None:
    clock = settings.clock()
    async with open_database(settings.database_url) as database:
        await migrate(database)
        await load_file(database, CAMPAIGN, clock())
    await _serve(settings)


async def _serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then answer what is under way and close the database."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    async with open_house(settings, settings.clock()) as house:
        config = uvicorn.Config(
            application(house, settings.execution),
            host=settings.host,
            port=settings.port,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
        )
        await Server(config).serve()


class Server(uvicorn.Server):
    """Leaves the signals to the event loop, so that what surrounds the server is closed in order after it."""

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Listen, then say where."""
        await super().startup(None)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            typer.echo(f"GraphQL on http://{host}:{port}/graphql (stop with Ctrl+C)")

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop gracefully on the first signal, at once on the second."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
