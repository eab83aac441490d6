"""Keep the orders of results to which cursors refer, so that any process finds them again while ranks move on.

An order is stored before its first cursor is given away, once for all who ask while it is the present one. Every process
has those that it met last in memory too.
"""

import asyncio
import base64
import logging
from collections import OrderedDict
from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from typing import TypeVar

from api.domain.results.kept_order import KeptOrder
from api.ports import OrderStore

RENEWAL = 3600.0  # seconds after which an order that is still given away is stored as in use again
STORE_TIMEOUT = 2.0  # seconds for which a reader waits until an order is stored
MAX_REMEMBERED = 256  # orders, of 10,000 bytes each for 5,000 projects
T = TypeVar("T")
log = logging.getLogger("pingxuan.kept_orders")


class KeptOrders:
    """The orders of one process, on the store that it shares with others. clock: seconds since 1970."""

    def __init__(self, store: OrderStore, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._remembered: OrderedDict[bytes, KeptOrder] = OrderedDict()
        self._stored_at: OrderedDict[bytes, float] = OrderedDict()
        self._storing: dict[bytes, tuple[asyncio.Task[None], float]] = {}

    async def keep(self, order: KeptOrder) -> None:
        """Have an order found by its digest for a day from now on.

        While the database cannot store it, or takes too long, it is found in this process alone.
        """
        self._remember(order)
        if self._clock() - self._stored_at.get(order.digest, -RENEWAL) < RENEWAL:
            return
        loop = asyncio.get_running_loop()
        if order.digest not in self._storing:
            # In a context of its own: it is stored for many requests, not for the one that happened to need it first.
            task = asyncio.create_task(self._save(order), context=Context())
            self._storing[order.digest] = task, loop.time() + STORE_TIMEOUT
        task, deadline = self._storing[order.digest]
        if (timeout := deadline - loop.time()) > 0:
            await asyncio.wait([task], timeout=timeout)

    async def find(self, digest: bytes, current: KeptOrder) -> KeptOrder | None:
        """The order with this digest, of the same projects by the same field as the current one; None when it is not kept."""
        if digest == current.digest:
            return current
        places = self._remembered[digest].places if digest in self._remembered else await self._store.find(_id(digest))
        found = None if places is None else replace(current, places=places)
        if found is None or found.digest != digest:
            return None
        self._remember(found)
        return found

    @property
    def under_way(self) -> list[asyncio.Task[None]]:
        """What is being stored."""
        return [task for task, _ in self._storing.values()]

    def _remember(self, order: KeptOrder) -> None:
        _put(self._remembered, order.digest, order)

    async def _save(self, order: KeptOrder) -> None:
        now = self._clock()
        try:
            await self._store.keep(_id(order.digest), order.places, int(now))
            _put(self._stored_at, order.digest, now)
        except Exception:
            log.exception("an order of results is known to this process alone: it could not be stored")
        finally:
            del self._storing[order.digest]


def _put(remembered: OrderedDict[bytes, T], digest: bytes, value: T) -> None:
    """Remember a value, and forget those that were remembered longest ago."""
    remembered[digest] = value
    remembered.move_to_end(digest)
    while len(remembered) > MAX_REMEMBERED:
        remembered.popitem(last=False)


def _id(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode()
