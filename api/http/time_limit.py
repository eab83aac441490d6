"""The time limit of what is waited for. Deferred results share one timer, since they end in the order in which they begin."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from api.domain.deferred import Deferred, Step

T = TypeVar("T")


class TimeLimit:
    """Bounds how long results are waited for, in seconds; 0: no bound. error: makes what is told when the time is over."""

    def __init__(self, seconds: float, error: Callable[[], Exception]) -> None:
        self._seconds = seconds
        self._error = error
        # The earliest first, by the loop's clock; each with the last step that is taken after it, too.
        self._deadlines: dict[Deferred[Any], tuple[float, Step]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def bound(self, awaitable: Awaitable[T]) -> Awaitable[T]:
        """The same with a bound, to be called once for each.

        Of a Deferred it is for the steps that are added from now on: those before are taken even late.
        """
        if not self._seconds or (isinstance(awaitable, Deferred) and awaitable.is_settled):
            return awaitable
        if not isinstance(awaitable, Deferred):
            return self._wait(awaitable)
        loop = asyncio.get_running_loop()
        deadline, step = loop.time() + self._seconds, (partial(self._take, awaitable), partial(self._fail, awaitable))
        self._deadlines[awaitable] = deadline, step
        if self._timer is None:
            self._timer = loop.call_at(deadline, self._end)
        return awaitable.then(*step)

    async def _wait(self, awaitable: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._seconds) as timeout:
                return await awaitable
        except TimeoutError:
            if not timeout.expired():
                raise
            raise self._error() from None

    def _take(self, deferred: Deferred[Any], value: T) -> T:
        self._deadlines.pop(deferred, None)
        return value

    def _fail(self, deferred: Deferred[Any], error: BaseException) -> None:
        """Let an error pass that came in time."""
        if self._deadlines.pop(deferred, None) is not None:
            raise error

    def _end(self) -> None:
        """End those whose time is over, and come back for the next."""
        loop = asyncio.get_running_loop()
        self._timer, now = None, loop.time()
        for deferred, (deadline, step) in tuple(self._deadlines.items()):
            if deadline > now:
                self._timer = loop.call_at(deadline, self._end)
                return
            del self._deadlines[deferred]
            deferred.cut_off(step, self._error())
