"""A sandbox: services on a copy of a seeded database. A reset closes them and opens new ones on a fresh copy."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from api.bootstrap.app import application, open_services
from api.bootstrap.database import open_snapshots
from api.sandbox.app_switcher import AppSwitcher
from api.sandbox.clock import ManualClock
from api.sandbox.snapshots import ImmediateSnapshots
from api.settings import Settings
from api.settings.log import OFF, LogSettings
from api.transparency.key_file import make_key_file

SEEDED = "seeded.sqlite3"  # never opened, only copied
IN_USE = "used.sqlite3"


class Sandbox:
    """Serves a copy of the seeded database in this folder. Nothing survives a reset: every object with state is made anew."""

    def __init__(self, folder: Path, settings: Settings, clock: ManualClock) -> None:
        self._folder = folder
        self.database_url = f"sqlite://{folder / IN_USE}"
        log = settings.log if settings.log.keys == OFF else _log_settings(folder, settings.log)
        self._settings = replace(settings, database_url=self.database_url, log=log)
        self._exit_stack = AsyncExitStack()
        self._on_shutdown: Sequence[Callable[[], Awaitable[None]]] = ()
        self._reset_lock = asyncio.Lock()
        self.clock = clock
        self.app = AppSwitcher()

    async def open(self) -> None:
        """Open the services on a fresh copy and serve requests."""
        for leftover in self._folder.glob(f"{IN_USE}*"):
            leftover.unlink()
        shutil.copyfile(self._folder / SEEDED, self._folder / IN_USE)
        opened = open_services(self._settings, self.clock, serving=True, closing_grace=timedelta(0))
        services = await self._exit_stack.enter_async_context(opened)
        services = replace(services, snapshots=open_snapshots(services.database, kind=ImmediateSnapshots))
        app = application(services, self._settings).asgi
        self._on_shutdown = services.on_shutdown
        self._exit_stack.push_async_callback(self.end_streams)
        self.app.open(app)

    async def end_streams(self) -> None:
        """End the subscriptions, which do not end by themselves."""
        for end in self._on_shutdown:
            await end()

    async def close(self) -> None:
        """Finish the requests in progress and close the services."""
        await self.app.close()
        await self._exit_stack.aclose()

    async def reset(self) -> float:
        """Return to the seeded database and the first time of the clock; the milliseconds that took."""
        async with self._reset_lock:
            start = perf_counter()
            await self.close()
            self.clock.reset()
            await self.open()
            return (perf_counter() - start) * 1000


def _log_settings(folder: Path, log: LogSettings) -> LogSettings:
    """Logs with keys of the sandbox's own, sealed each second, and no anchor, as a reset takes back what was published."""
    keys = folder / "logkeys"
    if not keys.exists():
        make_key_file(keys)
    return replace(log, keys=keys, anchor=OFF, policy=None, seal_interval=1, seal_minimum=1, seal_deadline=60)
