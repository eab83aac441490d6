"""How far this process's clock is from the database's: each server opens and closes a vote by its own."""

import asyncio
import logging
import math
import time
from collections.abc import Callable

from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

INTERVAL = 60.0  # seconds between two comparisons
MAX_OFFSET = 1.0  # seconds of difference about which an operator is told
DATABASE_TIME = "select extract(epoch from clock_timestamp())::float8 as seconds"
log = logging.getLogger("pingxuan.clock")


class ClockOffset:
    """Compares the two. seconds: by how much this clock is ahead; NaN while nobody knows. clock: seconds since 1970."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self.seconds = math.nan

    async def keep_comparing(self) -> None:
        """Compare once a minute until cancelled. A file has no clock of its own: with SQLite there is nothing to compare."""
        while self._database.dialect is Dialect.POSTGRES:
            try:
                await self.compare()
            except Exception:
                self.seconds = math.nan
                log.exception("this server's clock could not be compared with the database's")
            await asyncio.sleep(INTERVAL)

    async def compare(self) -> None:
        """Ask the database for its time, which is taken for that of the middle of the question, and warn of a difference.

        A question that took long, as on a busy server, tells nothing.
        """
        was_wrong, asked = abs(self.seconds) > MAX_OFFSET, self._clock()
        [row] = await self._database.rows(DATABASE_TIME)
        answered = self._clock()
        self.seconds = (asked + answered) / 2 - row["seconds"] if abs(answered - asked) <= MAX_OFFSET else math.nan
        if abs(self.seconds) > MAX_OFFSET and not was_wrong:
            log.warning(
                "this server's clock is %+.1f s from the database's: voting opens and closes by it", self.seconds
            )
