"""Does a deferred value take its steps in order, at once, in its own context, and lose neither a value nor an error?"""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.domain.deferred import Deferred, follow

REQUEST: ContextVar[str] = ContextVar("request", default="nobody's")


class Bug(Exception):
    """What a step raises."""


@pytest.fixture
async def reported() -> list[dict[str, Any]]:
    """What the loop's exception handler is told."""
    found: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: found.append(context))
    return found


def fail(value: Any) -> Any:
    raise Bug(value)


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


async def fail_later(value: Any) -> Any:
    await asyncio.sleep(0)
    raise Bug(value)


def chain(value: object, steps: list[tuple[str, str]]) -> object:
    """What a chain comes to, in other words: the value, or the exception itself."""
    for on_value, on_error in steps:
        how = on_error if isinstance(value, Bug) else on_value
        if how == "none":
            continue
        told = repr(value)
        value = Bug(told) if "fail" in how else f"{how} {told}"
    return value


HOW: dict[str, Callable[[Any], Any] | None] = {
    "none": None,
    "step": lambda value: f"step {value!r}",
    "later": lambda value: later(f"later {value!r}"),
    "fail": lambda value: fail(repr(value)),
    "fail later": lambda value: fail_later(repr(value)),
}
STEPS = st.lists(st.tuples(st.sampled_from([*HOW][1:]), st.sampled_from([*HOW])), max_size=6)


@settings(max_examples=200, deadline=None, database=None)
@given(steps=STEPS, added=st.integers(0, 6), is_error=st.booleans(), waits=st.booleans())
def test_each_step_gets_what_the_one_before_it_came_to_whenever_it_was_added(
    steps: list[tuple[str, str]], added: int, is_error: bool, waits: bool
) -> None:
    async def run() -> object:
        deferred = Deferred[Any]()
        for number, (on_value, on_error) in enumerate([*steps, ("step", "none")]):
            if number == min(added, len(steps)):
                deferred.reject(Bug("first")) if is_error else deferred.resolve("first")
                if waits:
                    await asyncio.sleep(0)
            step = HOW[on_value]
            assert step is not None
            assert deferred.then(step, HOW[on_error]) is deferred
        try:
            return await deferred
        except Bug as error:
            return error

    wanted = chain(Bug("first") if is_error else "first", [*steps, ("step", "none")])
    assert repr(asyncio.run(run())) == repr(wanted)


async def test_steps_are_taken_before_resolve_returns_and_before_then_does_if_it_is_settled() -> None:
    seen: list[Any] = []
    deferred = Deferred[int]()
    deferred.then(seen.append).then(lambda _: seen.append("second"))
    assert not deferred.is_settled
    assert not seen
    deferred.resolve(1)
    assert deferred.is_settled
    assert seen == [1, "second"]
    deferred.then(lambda _: seen.append("third"))
    assert seen == [1, "second", "third"]


async def test_a_step_that_adds_a_step_has_it_taken_after_those_that_were_there() -> None:
    seen: list[str] = []
    deferred = Deferred[None]()
    deferred.then(lambda _: deferred.then(lambda _: seen.append("added")) and seen.append("adding"))
    deferred.then(lambda _: seen.append("there"))
    deferred.resolve(None)
    assert seen == ["adding", "there", "added"]


async def test_only_the_first_outcome_counts(reported: list[dict[str, Any]]) -> None:
    deferred = Deferred[int]()
    deferred.resolve(1)
    deferred.resolve(2)
    deferred.reject(Bug())
    assert await deferred == 1
    other = Deferred[int]()
    other.reject(Bug("first"))
    other.resolve(1)
    with pytest.raises(Bug, match="first"):
        await other
    assert reported == []


async def test_steps_run_in_the_context_in_which_it_was_made_and_so_do_their_tasks() -> None:
    async def read_later(_: object) -> str:
        await asyncio.sleep(0)
        return REQUEST.get()

    REQUEST.set("mine")
    deferred, seen = Deferred[None](), []
    REQUEST.set("another's")
    deferred.then(lambda _: seen.append(REQUEST.get())).then(read_later).then(seen.append)
    deferred.then(lambda _: seen.append(REQUEST.get()))
    deferred.resolve(None)
    await deferred
    deferred.then(lambda _: seen.append(REQUEST.get()))
    assert seen == ["mine"] * 4
    assert REQUEST.get() == "another's"


async def test_a_coroutine_that_nobody_else_keeps_is_not_collected_while_it_is_awaited() -> None:
    class Held(asyncio.Future[str]):
        """A future that only its task knows."""

    seen, done = list[str](), asyncio.Event()
    futures: list[weakref.ref[Held]] = []

    async def wait(_: object) -> str:
        future = Held()
        futures.append(weakref.ref(future))
        return await future

    Deferred[None]().then(wait).then(seen.append).then(lambda _: done.set()).resolve(None)
    await asyncio.sleep(0)
    gc.collect()
    future = futures[0]()
    assert future is not None
    future.set_result("it came")
    del future
    await done.wait()
    assert seen == ["it came"]


async def test_whoever_waits_gets_the_value_and_who_stops_changes_nothing_for_the_others() -> None:
    deferred = Deferred[int]()
    waiting = [asyncio.ensure_future(deferred) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    await asyncio.sleep(0)
    deferred.then(lambda value: value + 1)
    deferred.resolve(1)
    assert await asyncio.gather(waiting[0], waiting[2]) == [1, 1]
    assert waiting[1].cancelled()
    assert await deferred == 2


async def test_everybody_who_waits_gets_the_error_and_then_it_is_not_reported(reported: list[dict[str, Any]]) -> None:
    deferred = Deferred[int]().then(fail)
    waiting = [asyncio.ensure_future(deferred) for _ in range(2)]
    await asyncio.sleep(0)
    deferred.resolve(1)
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert [repr(error) for error in found] == ["Bug(1)"] * 2
    del deferred, waiting, found
    gc.collect()
    assert reported == []


@pytest.mark.parametrize("step", [fail, fail_later])
async def test_an_error_that_nobody_gets_is_reported_once_nobody_can_get_it_any_more(
    step: Callable[[Any], Any], reported: list[dict[str, Any]]
) -> None:
    deferred = Deferred[str]().then(step)
    deferred.resolve("lost")
    for _ in range(3):
        await asyncio.sleep(0)
    assert reported == []
    del deferred
    gc.collect()
    assert [repr(one["exception"]) for one in reported] == ["Bug('lost')"]


async def test_an_error_that_a_step_has_dealt_with_or_replaced_is_not_reported(reported: list[dict[str, Any]]) -> None:
    dealt, replaced = Deferred[Any](), Deferred[Any]()
    dealt.then(fail).then(fail, lambda error: None).resolve("one")
    replaced.then(fail).then(fail, lambda error: fail("another")).resolve("one")
    del dealt, replaced
    gc.collect()
    assert [repr(one["exception"]) for one in reported] == ["Bug('another')"]


async def test_a_cancelled_task_is_an_error_for_the_steps_behind_it_and_no_report(
    reported: list[dict[str, Any]],
) -> None:
    seen: list[str] = []
    before = asyncio.all_tasks()
    deferred = Deferred[None]().then(lambda _: asyncio.sleep(3600))
    deferred.then(seen.append, lambda error: seen.append(type(error).__name__))
    other = Deferred[None]().then(lambda _: asyncio.sleep(3600))
    deferred.resolve(None)
    other.resolve(None)
    tasks = asyncio.all_tasks() - before
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert seen == ["CancelledError"]
    del deferred, other
    gc.collect()
    assert reported == []


async def test_what_follows_an_awaitable_is_a_step_or_a_coroutine() -> None:
    deferred = Deferred[int]()
    following = follow(deferred, str)
    assert following is deferred
    deferred.resolve(1)
    assert await following == "1"
    assert await follow(later(2), str) == "2"


@pytest.mark.parametrize("kind", ["deferred", "coroutine"])
async def test_an_error_of_what_is_followed_is_taken_by_a_step_of_its_own(kind: str) -> None:
    async def failing() -> int:
        raise Bug

    def awaitable() -> Awaitable[int]:
        if kind == "coroutine":
            return failing()
        rejected = Deferred[int]()
        rejected.reject(Bug())
        return rejected

    assert await follow(awaitable(), str, lambda error: type(error).__name__) == "Bug"
    with pytest.raises(Bug):
        await follow(awaitable(), str)


async def test_what_is_cancelled_stops_and_hears_no_value(reported: list[dict[str, Any]]) -> None:
    cancelled, told, gate = Deferred[int](), [], asyncio.Event()
    cancelled.then(told.append, lambda error: told.append(type(error)))
    cancelled.cancel()
    assert told == [asyncio.CancelledError]
    cancelled.resolve(1)
    assert told == [asyncio.CancelledError]

    async def wait(value: int) -> None:
        await gate.wait()
        told.append("waited for")

    waiting = Deferred[int]()
    waiting.then(wait).then(told.append, lambda error: told.append(type(error)))
    waiting.resolve(1)
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.sleep(0)
    assert told == [asyncio.CancelledError] * 2
    assert reported == []


@pytest.mark.parametrize("is_under_way", [False, True], ids=["not come", "being waited for"])
async def test_steps_that_are_cut_off_get_the_error_at_once_and_the_others_the_value_when_it_comes(
    is_under_way: bool, reported: list[dict[str, Any]]
) -> None:
    async def wait(value: int) -> int:
        await gate.wait()
        return value

    gate, done, cancelled = asyncio.Event(), asyncio.Event(), asyncio.Event()
    kept, told = list[Any](), list[Any]()
    step = (lambda _: done.set(), None)
    deferred = Deferred[Any]()
    deferred.then(wait).then(kept.append).then(*step).then(told.append, fail)
    waiting = asyncio.ensure_future(deferred)
    await asyncio.sleep(0)
    if is_under_way:
        deferred.resolve(1)
    deferred.cut_off(step, Bug("late"))
    with pytest.raises(Bug, match="late"):
        await waiting
    deferred.then(told.append, lambda error: told.append(repr(error)))
    deferred.then(lambda _: asyncio.Event().wait()).then(told.append, lambda error: cancelled.set())
    assert (kept, told) == ([], ["Bug(Bug('late'))"])
    deferred.resolve(1)
    gate.set()
    await done.wait()
    assert kept == [1]
    deferred.cancel()
    await cancelled.wait()
    del deferred, waiting
    gc.collect()
    assert reported == []
