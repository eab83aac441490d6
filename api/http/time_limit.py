"""The time limit of what is waited for. Deferred results share one timer, since they end in the order in which they begin."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from api.domain.deferred import Deferred

T = TypeVar("T")


class TimeLimit:
    """Bounds how long results are waited for, in seconds; 0: no bound. error: makes what is told when the time is over."""

    def __init__(self, seconds: float, error: Callable[[], Exception]) -> None:
        self._seconds = seconds
        self._error = error
        self._deadlines: dict[Deferred[Any], float] = {}  # the earliest first, by the loop's clock
        self._timer: asyncio.TimerHandle | None = None

    def bound(self, awaitable: Awaitable[T]) -> Awaitable[T]:
        """The same with a bound: a Deferred for a Deferred, and what that comes to afterwards is ignored."""
        if not self._seconds:
            return awaitable
        return self._deferred(awaitable) if isinstance(awaitable, Deferred) else self._wait(awaitable)

    async def _wait(self, awaitable: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._seconds) as timeout:
                return await awaitable
        except TimeoutError:
            if not timeout.expired():
                raise
            raise self._error() from None

    def _deferred(self, deferred: Deferred[T]) -> Deferred[T]:
        if deferred.is_settled:
            return deferred
        bounded: Deferred[T] = Deferred(deferred)
        loop = asyncio.get_running_loop()
        self._deadlines[bounded] = deadline = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(deadline, self._end)
        settle = partial(self._settle, bounded)
        deferred.then(partial(settle, bounded.resolve), partial(settle, bounded.reject))
        return bounded

    def _settle(self, bounded: Deferred[Any], settle: Callable[[Any], None], result: object) -> None:
        self._deadlines.pop(bounded, None)
        settle(result)

    def _end(self) -> None:
        """End those whose time is over, and come back for the next."""
        loop = asyncio.get_running_loop()
        self._timer, now = None, loop.time()
        for bounded, deadline in tuple(self._deadlines.items()):
            if deadline > now:
                self._timer = loop.call_at(deadline, self._end)
                return
            del self._deadlines[bounded]
            bounded.reject(self._error())
