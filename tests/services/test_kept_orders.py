"""Is an order stored once before its cursors are given away, found by any process, and never a reason to fail?"""

import asyncio

import pytest

from api.domain.results.kept_order import KeptOrder
from api.services import kept_orders
from api.services.kept_orders import KeptOrders
from tests.memory import MemoryOrders


class Hands:
    """A clock that stands until it is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def an_order(*votes: int, basis: str = "campaign VOTES") -> KeptOrder:
    return KeptOrder.of(basis, enumerate(votes, 1))


NOW, LATER = an_order(3, 2, 1), an_order(1, 2, 3)


async def test_an_order_is_stored_once_for_all_who_ask_and_found_by_another_process() -> None:
    store = MemoryOrders()
    here, there = (KeptOrders(store, Hands()) for _ in range(2))
    await asyncio.gather(*(here.keep(NOW) for _ in range(50)))
    await here.keep(NOW)
    assert store.kept == 1
    assert await there.find(NOW.digest, LATER) == NOW
    store.stored.clear()
    assert await there.find(NOW.digest, LATER) == NOW, "it remembers"


async def test_the_present_order_is_found_without_being_stored() -> None:
    assert await KeptOrders(MemoryOrders(), Hands()).find(NOW.digest, NOW) is NOW


async def test_an_unknown_order_and_one_of_another_list_are_not_found() -> None:
    store = MemoryOrders()
    orders = KeptOrders(store, Hands())
    assert await orders.find(NOW.digest, LATER) is None
    await orders.keep(NOW)
    elsewhere = an_order(1, 2, 3, basis="another VOTES")
    assert await orders.find(NOW.digest, elsewhere) is None
    assert await KeptOrders(store, Hands()).find(NOW.digest, elsewhere) is None
    assert await orders.find(NOW.digest, an_order(1, 2)) is None


async def test_an_order_that_stays_is_said_to_be_in_use_once_an_hour() -> None:
    store, clock = MemoryOrders(), Hands()
    orders = KeptOrders(store, clock)
    for _ in range(10):
        await orders.keep(NOW)
        clock.now += 600
    assert store.kept == 2


async def test_while_it_cannot_be_stored_this_process_knows_it_and_tries_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = MemoryOrders(away=True)
    orders = KeptOrders(store, Hands())
    await orders.keep(NOW)
    assert "known to this process alone" in caplog.text
    assert await orders.find(NOW.digest, LATER) == NOW
    store.away = False
    await orders.keep(NOW)
    assert await KeptOrders(store, Hands()).find(NOW.digest, LATER) == NOW


async def test_readers_do_not_wait_for_a_database_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_orders, "STORE_TIMEOUT", 0.01)
    store = MemoryOrders(answering=asyncio.Event())
    orders = KeptOrders(store, Hands())
    await orders.keep(NOW)
    await orders.keep(NOW)
    assert store.kept == 1, "the second waits for the first, and no longer"
    assert store.answering is not None
    assert store.stored == {}


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_orders, "MAX_REMEMBERED", 2)
    store = MemoryOrders()
    orders = KeptOrders(store, Hands())
    three = [an_order(*votes) for votes in ((1, 2, 3), (2, 1, 3), (3, 1, 2))]
    for order in three:
        await orders.keep(order)
    store.stored.clear()
    assert [await orders.find(order.digest, NOW) is None for order in three] == [True, False, False]
