"""Does a result that takes too long end in the error, exactly once, and does one timer do for all?"""

import asyncio
from typing import Any

import pytest

from api.domain.deferred import Deferred
from api.http.time_limit import TimeLimit


class TooLate(Exception):
    """What is told when the time is over."""


@pytest.fixture
async def timers(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each timer is due that is set."""
    loop, due = asyncio.get_running_loop(), list[float]()
    call_at = loop.call_at

    def noted(when: float, *work: Any, **context: Any) -> asyncio.TimerHandle:
        due.append(when)
        return call_at(when, *work, **context)

    monkeypatch.setattr(loop, "call_at", noted)
    return due


async def test_results_that_come_in_time_are_passed_on_at_once(timers: list[float]) -> None:
    limit, seen = TimeLimit(3600, TooLate), list[Any]()
    results = [Deferred[int]() for _ in range(100)]
    for result in results:
        limit.bound(result).then(seen.append, seen.append)
    for number, result in enumerate(results):
        result.reject(error := ValueError()) if number == 7 else result.resolve(number)
    assert seen == [error if number == 7 else number for number in range(100)]
    assert len(timers) == 1
    assert not limit._deadlines, "nothing is kept of what has ended"


async def test_a_result_that_is_late_ends_in_the_error_and_is_ignored_when_it_comes(timers: list[float]) -> None:
    limit, seen, stored = TimeLimit(0.02, TooLate), list[Any](), list[int]()
    late = [Deferred[int]().then(lambda value: stored.append(value) or value) for _ in range(3)]
    in_time = Deferred[int]()
    bounded = [limit.bound(each) for each in (late[0], late[1], in_time, late[2])]
    for each in bounded:
        each.then(seen.append, lambda error: seen.append(type(error)))
    in_time.resolve(2)
    await asyncio.wait([asyncio.ensure_future(each) for each in bounded])
    assert seen == [2, TooLate, TooLate, TooLate]
    assert len(timers) <= 4
    late[0].resolve(0)
    late[1].reject(ValueError())
    assert stored == [0], "its own steps are taken all the same"
    assert seen == [2, TooLate, TooLate, TooLate]


async def test_who_begins_later_ends_later_by_a_timer_of_the_same_limit(timers: list[float]) -> None:
    limit, ended = TimeLimit(0.02, TooLate), list[str]()
    first, second = Deferred[None](), Deferred[None]()
    limit.bound(first).then(ended.append, lambda error: ended.append("first"))
    await asyncio.sleep(0.01)
    last = limit.bound(second).then(ended.append, lambda error: ended.append("second"))
    await last
    assert ended == ["first", "second"]
    assert len(timers) >= 2


async def test_a_coroutine_is_cancelled_and_its_own_timeout_stays_its_own() -> None:
    limit, cancelled = TimeLimit(0.02, TooLate), list[bool]()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    async def fail() -> None:
        raise TimeoutError

    with pytest.raises(TooLate):
        await limit.bound(hang())
    assert cancelled == [True]
    with pytest.raises(TimeoutError):
        await limit.bound(fail())


async def test_without_a_limit_nothing_is_bounded(timers: list[float]) -> None:
    result = Deferred[int]()
    assert TimeLimit(0, TooLate).bound(result) is result
    assert timers == []
