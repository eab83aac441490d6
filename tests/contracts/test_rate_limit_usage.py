"""Do processes that add to what callers have spent all get the sums, and is what is over forgotten?"""

import asyncio

from api.storage.database.connection import Database
from api.storage.rate_limit_usage import SqlRateLimitUsage

A, B = "a" * 32, "b" * 32


async def test_what_several_processes_add_is_summed(database: Database) -> None:
    stores = [SqlRateLimitUsage(database) for _ in range(4)]
    for _ in range(5):
        await asyncio.gather(*(store.add({A: 2, B: 1}, 1000) for store in stores))
    assert await stores[0].add({B: 1}, 1000) == {B: 21}
    assert await stores[1].add({A: 0, B: 0}, 1000) == {A: 40, B: 21}


async def test_earlier_periods_are_forgotten(database: Database) -> None:
    store = SqlRateLimitUsage(database)
    for period in range(1000, 1006):
        await store.add({f"{period}": 1}, period)
    rows = await database.rows("SELECT id FROM spendings ORDER BY id")
    assert [row["id"] for row in rows] == ["1003", "1004", "1005"]
