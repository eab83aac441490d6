"""Are orders of results kept for a day after their last use, on either database?"""

from api.storage.database.connection import Database
from api.storage.kept_orders import KEPT_FOR, SqlOrderStore

NOW = 1_700_000_000
DAY = 24 * 3600
PLACES = bytes(range(100)) * 100


async def test_an_order_is_found_as_it_was_stored(database: Database) -> None:
    store = SqlOrderStore(database)
    await store.keep("one", PLACES, NOW)
    await store.keep("empty", b"", NOW)
    assert await SqlOrderStore(database).find("one") == PLACES
    assert await store.find("empty") == b""
    assert await store.find("another") is None


async def test_an_order_is_deleted_a_day_after_it_was_last_in_use(database: Database) -> None:
    store = SqlOrderStore(database)
    await store.keep("old", PLACES, NOW)
    await store.keep("used", PLACES, NOW)
    await SqlOrderStore(database).keep("used", PLACES, NOW + 2 * 3600)
    await SqlOrderStore(database).keep("used", PLACES, NOW)  # by a process whose clock is behind
    await store.keep("new", PLACES, NOW + DAY)
    assert await store.find("old") is not None, "a day is promised"
    await store.keep("new", PLACES, NOW + KEPT_FOR + 3600)
    assert await store.find("old") is None
    assert await store.find("used") == PLACES
