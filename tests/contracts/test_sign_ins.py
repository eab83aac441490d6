"""Is everybody who signs in on a day counted once, by however many processes, and forgotten when the day is over?"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from api.bootstrap.background import background_tasks
from api.ports import SignIn
from api.storage import sign_ins
from api.storage.database.connection import Database
from api.storage.sign_ins import GRACE, SqlSignInDays, forget_days_over

SHANGHAI, LONDON, DAY = "Asia/Shanghai", "Europe/London", date(2017, 3, 22)
NEXT_DAY = date(2017, 3, 23)
DAY_IS_OVER = datetime(2017, 3, 22, 16, tzinfo=UTC)  # in Shanghai
PEOPLE = tuple(f"{number:a>26}" for number in range(20))


def signed_in(people: Sequence[str], zone: str = SHANGHAI, day: date = DAY) -> list[SignIn]:
    return [SignIn(zone, day, person) for person in people]


async def noted(database: Database, found: Sequence[SignIn]) -> SqlSignInDays:
    """What a process counts that has noted these."""
    days = SqlSignInDays(database, lambda: DAY_IS_OVER)
    days.note(found)
    await days.drain()
    return days


async def keys(database: Database) -> int:
    [row] = await database.rows("select count(*) as keys from sign_ins")
    return int(row["keys"])


async def test_whoever_signs_in_again_that_day_at_whichever_process_counts_once(database: Database) -> None:
    twice = signed_in(PEOPLE[:12]) + signed_in(PEOPLE[:12])
    days, *_ = await asyncio.gather(*(noted(database, found) for found in (twice, twice[::-1], signed_in(PEOPLE[8:]))))
    await noted(database, [*signed_in(PEOPLE[:5], LONDON), *signed_in(PEOPLE[:3], day=NEXT_DAY)])
    assert await days.count(SHANGHAI, DAY) == len(PEOPLE)
    assert (await days.count(LONDON, DAY), await days.count(SHANGHAI, NEXT_DAY)) == (5, 3)
    assert await days.count(LONDON, NEXT_DAY) == 0


async def test_of_a_day_that_is_over_nothing_but_the_number_is_kept(database: Database, monkeypatch) -> None:
    monkeypatch.setattr(sign_ins, "BATCH", 3)
    days = await noted(
        database, [*signed_in(PEOPLE), *signed_in(PEOPLE[:5], LONDON), *signed_in(["z" * 26], day=NEXT_DAY)]
    )
    await forget_days_over(database, DAY_IS_OVER + GRACE - timedelta(seconds=1))
    assert await keys(database) == len(PEOPLE) + 6
    await asyncio.gather(*(forget_days_over(database, DAY_IS_OVER + GRACE) for _ in range(3)))
    assert await keys(database) == 6, "in London the day is not over, and in Shanghai another has begun"
    assert (await days.count(SHANGHAI, DAY), await days.count(LONDON, DAY)) == (len(PEOPLE), 5)
    [row] = await database.rows("select zone, count from sign_in_days")
    assert (row["zone"], row["count"]) == (SHANGHAI, len(PEOPLE))


async def test_a_sign_in_that_comes_late_is_added(database: Database) -> None:
    await noted(database, signed_in(PEOPLE[:4]))
    await forget_days_over(database, DAY_IS_OVER + GRACE)
    days = await noted(database, signed_in(PEOPLE[4:6]))
    assert await days.count(SHANGHAI, DAY) == 6
    await forget_days_over(database, DAY_IS_OVER + GRACE)
    assert (await keys(database), await days.count(SHANGHAI, DAY)) == (0, 6)


async def test_a_server_forgets_by_itself_and_a_failure_does_not_end_that(
    database: Database, monkeypatch, caplog
) -> None:
    await noted(database, signed_in(PEOPLE))
    fail, forgotten = [True], asyncio.Event()

    async def forget(database: Database, now: datetime) -> None:
        if fail:
            fail.pop()
            raise ValueError
        await forget_days_over(database, now)
        forgotten.set()

    monkeypatch.setattr(sign_ins, "TIDY_INTERVAL", 0.0)
    monkeypatch.setattr(sign_ins, "forget_days_over", forget)
    async with background_tasks(SqlSignInDays(database, lambda: DAY_IS_OVER + GRACE).keep_tidy()):
        await asyncio.wait_for(forgotten.wait(), 60)
    assert await keys(database) == 0
    assert "could not be deleted" in caplog.text


@pytest.mark.parametrize("room", [5])
async def test_a_flood_of_sign_ins_is_counted_in_part_and_told(
    database: Database, monkeypatch, caplog, room: int
) -> None:
    monkeypatch.setattr(sign_ins, "MAX_QUEUE", room)
    days = await noted(database, signed_in(PEOPLE))
    assert await days.count(SHANGHAI, DAY) == room
    assert "15 sign-ins were dropped" in caplog.text
