"""The inside of a sandbox: a house on a copy of a seeded database, which a reset exchanges for one on a fresh copy."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from api.bootstrap.app import application, open_services
from api.bootstrap.database import open_snapshots
from api.sandbox.app_switcher import AppSwitcher
from api.sandbox.clock import ManualClock
from api.sandbox.snapshots import ImmediateSnapshots
from api.settings import Settings

SEEDED = "seeded.sqlite3"  # in the sandbox's folder: never opened, only copied
USED = "used.sqlite3"


class Sandbox:
    """Serves the database that lies seeded in this folder. Nothing outlives a reset: all that could remember is made anew."""

    def __init__(self, folder: Path, settings: Settings, clock: ManualClock) -> None:
        self._folder = folder
        self.database_url = f"sqlite://{folder / USED}"
        self._settings = replace(settings, database_url=self.database_url)
        self._opened = AsyncExitStack()
        self._on_shutdown: Sequence[Callable[[], Awaitable[None]]] = ()
        self._turn = asyncio.Lock()
        self.clock = clock
        self.stage = AppSwitcher()

    async def open(self) -> None:
        """Begin to answer from a fresh copy."""
        for leftover in self._folder.glob(f"{USED}*"):
            leftover.unlink()
        shutil.copyfile(self._folder / SEEDED, self._folder / USED)
        services = await self._opened.enter_async_context(open_services(self._settings, self.clock))
        services = replace(services, snapshots=open_snapshots(services.database, kind=ImmediateSnapshots))
        app = application(services, self._settings)
        self._on_shutdown = services.on_shutdown
        self._opened.push_async_callback(self.end_streams)
        self.stage.open(app)

    async def end_streams(self) -> None:
        """End what would never end by itself."""
        for end in self._on_shutdown:
            await end()

    async def close(self) -> None:
        """Answer what is under way, and no more."""
        await self.stage.close()
        await self._opened.aclose()

    async def reset(self) -> float:
        """Be as at first, the clock too; how many milliseconds that took."""
        async with self._turn:
            began = perf_counter()
            await self.close()
            self.clock.reset()
            await self.open()
            return (perf_counter() - began) * 1000
