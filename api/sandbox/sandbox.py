"""The inside of a sandbox: a house on a copy of a seeded database, which a reset exchanges for one on a fresh copy."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from api.app import application, open_house
from api.opening import snapshots_of
from api.sandbox.clock import HandClock
from api.sandbox.snapshots import ImmediateSnapshots
from api.sandbox.stage import Stage
from api.settings import Settings

SEEDED = "seeded.sqlite3"  # in the sandbox's folder: never opened, only copied
USED = "used.sqlite3"


class Sandbox:
    """Serves the database that lies seeded in this folder. Nothing outlives a reset: all that could remember is made anew."""

    def __init__(self, folder: Path, settings: Settings, clock: HandClock) -> None:
        self._folder = folder
        self.database_url = f"sqlite://{folder / USED}"
        self._settings = replace(settings, database_url=self.database_url)
        self._opened = AsyncExitStack()
        self._endless: Sequence[Callable[[], Awaitable[None]]] = ()
        self._turn = asyncio.Lock()
        self.clock = clock
        self.stage = Stage()

    async def open(self) -> None:
        """Begin to answer from a fresh copy."""
        for leftover in self._folder.glob(f"{USED}*"):
            leftover.unlink()
        shutil.copyfile(self._folder / SEEDED, self._folder / USED)
        house = await self._opened.enter_async_context(open_house(self._settings, self.clock))
        house = replace(house, snapshots=snapshots_of(house.database, kind=ImmediateSnapshots))
        app = application(house, self._settings)
        self._endless = house.endless
        self._opened.push_async_callback(self.end_streams)
        self.stage.open(app)

    async def end_streams(self) -> None:
        """End what would never end by itself."""
        for end in self._endless:
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
