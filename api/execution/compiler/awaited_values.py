"""Completes values that are waited for, and keeps what goes wrong with them within its position."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import CoroutineType
from typing import Any

from graphql import FieldNode, Undefined

from api.domain.deferred import Deferred
from api.execution.compiler.execution_state import ExecutionState, Position, handle_error


@dataclass(frozen=True, slots=True)
class ErrorBoundary:
    """What `completer` needs for errors. null_error: the message when the value is null; None where null is allowed."""

    complete: Callable[[Any, ExecutionState, Position], Any]
    nodes: list[FieldNode]
    null_error: str | None

    def handle(self, error: Exception, state: ExecutionState, position: Position) -> None:
        """Report the error here; where null is not allowed, raise it for the position around."""
        handle_error(error, self.nodes, self.null_error is not None, state, position)

    def handle_rejected(self, state: ExecutionState, position: Position, error: BaseException) -> None:
        """Handle the error of a Deferred."""
        if not isinstance(error, Exception):
            raise error
        self.handle(error, state, position)


def complete_later(boundary: ErrorBoundary, value: Any, state: ExecutionState, position: Position) -> Any:
    """Return a coroutine that awaits a value and completes it; a Deferred of a mutation's only root field does so by steps."""
    if type(value) is Deferred and state.is_alone and position[0] is None:
        complete = partial(_complete_awaited, boundary, state, position)
        return value.then(complete, partial(boundary.handle_rejected, state, position))
    state.awaitables += 1
    return _await_and_complete(boundary, value, state, position)


async def _await_and_complete(boundary: ErrorBoundary, value: Any, state: ExecutionState, position: Position) -> Any:
    try:
        awaited = await value
    except Exception as error:
        return boundary.handle(error, state, position)
    completed = _complete_awaited(boundary, state, position, awaited)
    return await completed if type(completed) is CoroutineType else completed


def _complete_awaited(boundary: ErrorBoundary, state: ExecutionState, position: Position, awaited: Any) -> Any:
    try:
        if is_null(awaited, boundary.null_error):
            return None
        completed = boundary.complete(awaited, state, position)
    except Exception as error:
        return boundary.handle(error, state, position)
    return await_completed(boundary, completed, state, position) if type(completed) is CoroutineType else completed


async def await_completed(boundary: ErrorBoundary, completed: Any, state: ExecutionState, position: Position) -> Any:
    """Await what a completer has returned."""
    try:
        return await completed
    except Exception as error:
        return boundary.handle(error, state, position)


def is_null(value: Any, null_error: str | None) -> bool:
    """Return whether a value is null. Raises when null is not allowed, and the value itself when it is an exception."""
    if isinstance(value, Exception):
        raise value
    if value is None or value is Undefined:
        if null_error is not None:
            raise TypeError(null_error)
        return True
    return False
