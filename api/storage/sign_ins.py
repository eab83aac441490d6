"""The sign-ins of each day on a database: keys while the day lasts, and their number from then on."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.clock import Clock
from api.ports import SignIn
from api.storage.background_writer import BackgroundWriter, BoundedQueue
from api.storage.database.connection import Database, as_date

MAX_QUEUE = 20_000  # sign-ins
GRACE = timedelta(minutes=10)  # after the end of a day, for clocks that differ and for what is still to be written
TIDY_INTERVAL = 60.0  # seconds between two looks for days that are over
BATCH = 5_000  # keys that one transaction deletes
ONE_DAY = timedelta(days=1)
WRITE = "insert into sign_ins (zone, day, key) {} on conflict do nothing"
TYPES = ("text", "date", "text")
# One statement, so that no key is missed or counted twice that is turned into a number meanwhile.
COUNT = """
    select coalesce((select count from sign_in_days where zone = $1 and day = $2), 0)
        + (select count(*) from sign_ins where zone = $1 and day = $2) as people
"""
NEXT_DAY = "select zone, day from sign_ins where (zone, day) > ($1, $2) order by zone, day limit 1"
DELETE = """
    delete from sign_ins where id in (select id from sign_ins where zone = $1 and day = $2 order by id limit $3)
    returning id
"""
ADD = """
    insert into sign_in_days (zone, day, count) values ($1, $2, $3)
    on conflict (zone, day) do update set count = sign_in_days.count + excluded.count
"""
log = logging.getLogger("pingxuan.sign_ins")


class SqlSignInDays:
    """ports.SignInDays on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._writer = BackgroundWriter("sign-ins", self._write, BoundedQueue[SignIn]("sign-ins", MAX_QUEUE))

    def note(self, sign_ins: Sequence[SignIn]) -> None:
        """Have these written within about a second; those for which there is no room are dropped, and the log says so."""
        self._writer.add(sign_ins)

    async def count(self, zone: str, day: date) -> int:
        """How many people have signed in on this day of the zone; those of the last second may be missing."""
        return await count_of(self._database, zone, day)

    async def keep_tidy(self) -> None:
        """Turn days that are over into their numbers: now, and once a minute for as long as this runs."""
        while True:
            try:
                await forget_days_over(self._database, self._clock())
            except Exception:  # the next round tries again
                log.exception("sign-ins of days that are over could not be deleted")
            await asyncio.sleep(TIDY_INTERVAL)

    async def drain(self) -> None:
        """Write what waits, at once; what the database does not take in time is lost, and the log says so."""
        await self._writer.drain()

    async def _write(self, sign_ins: Sequence[SignIn]) -> None:
        await self._database.write_rows(WRITE, TYPES, sorted(set(sign_ins)))  # one order: no two wait in a circle


async def count_of(database: Database, zone: str, day: date) -> int:
    """How many people have signed in on this day of the zone, as this transaction sees it."""
    [row] = await database.rows(COUNT, zone, day)
    return int(row["people"])


async def forget_days_over(database: Database, now: datetime) -> None:
    """Put a number in the place of the keys of every day that has been over for the time of GRACE."""
    zone, day = "", date.min
    while found := await database.rows(NEXT_DAY, zone, day):
        zone, day = found[0]["zone"], as_date(found[0]["day"])
        next_day = datetime.combine(day + ONE_DAY, time(), ZoneInfo(zone)).astimezone(UTC)
        while next_day + GRACE <= now and await _forget_some(database, zone, day):
            pass


async def _forget_some(database: Database, zone: str, day: date) -> bool:
    """Turn some keys of this day into their number; return whether there may be more."""
    async with database.transaction() as transaction:
        deleted = await transaction.rows(DELETE, zone, day, BATCH)
        if deleted:
            await transaction.rows(ADD, zone, day, len(deleted))
    return len(deleted) == BATCH
