"""Completes values that are waited for, and keeps what goes wrong with them within its position."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from types import CoroutineType
from typing import Any

from graphql import Undefined

from api.domain.deferred import Deferred
from api.execution.compiler.execution_state import ErrorHandler, ExecutionState, Position

_background_tasks: set[asyncio.Future[Any]] = set()  # event loops keep none alive


def complete_later(
    complete: Callable[..., Any], handle: ErrorHandler, value: Any, state: ExecutionState, position: Position
) -> Any:
    """Return a coroutine that awaits a value and completes it; a Deferred of a mutation's only root field does so by steps."""
    if type(value) is Deferred and state.is_alone and position[0] is None:
        complete = partial(complete, state=state, position=position, is_awaited=True)
        return value.then(complete, partial(handle, state=state, position=position))
    state.awaitables += 1
    return _await_and_complete(complete, handle, value, state, position)


async def _await_and_complete(
    complete: Callable[..., Any], handle: ErrorHandler, value: Any, state: ExecutionState, position: Position
) -> Any:
    try:
        awaited = await value
    except Exception as error:
        return handle(error, state, position)
    completed = complete(awaited, state, position, is_awaited=True)
    return await completed if type(completed) is CoroutineType else completed


async def await_completed(handle: ErrorHandler, completed: Any, state: ExecutionState, position: Position) -> Any:
    """Await what a completer has returned."""
    try:
        return await completed
    except Exception as error:
        return handle(error, state, position)


def await_in_background(awaitables: Sequence[Any]) -> None:
    """Let awaitables finish whose values are not needed, since an error beside them made their parent null."""
    if awaitables:
        future = asyncio.gather(*awaitables, return_exceptions=True)
        _background_tasks.add(future)
        future.add_done_callback(_background_tasks.discard)


def is_null(value: Any, null_error: str | None) -> bool:
    """Return whether a value is null. Raises when null is not allowed, and the value itself when it is an exception."""
    if isinstance(value, Exception):
        raise value
    if value is None or value is Undefined:
        if null_error is not None:
            raise TypeError(null_error)
        return True
    return False
