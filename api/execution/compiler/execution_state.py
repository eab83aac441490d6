"""The state of one execution: context, variables and errors, and the positions in the response that are null."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLError, located_error
from graphql.execution.values import VariableValues
from graphql.pyutils import gather_with_cancel

Position: TypeAlias = Any  # in the response: None is its root; (position, key or index) is a place below a position


class ContextInfo:
    """The `info` of a resolver that is called directly: it has the context and nothing else."""

    __slots__ = ("context",)

    def __init__(self, context: Any) -> None:
        self.context = context


class ExecutionState:
    """One execution.

    variable_values: the variables as graphql-core keeps them, for what is left to it. variables: their values by name.
    awaitables: how many there have been; while it does not change, no value below is a coroutine. is_alone: whether this is a
    mutation with one root field, whose Deferred is not awaited but gets more steps.
    """

    __slots__ = (
        "_background_tasks",
        "_null_positions",
        "awaitables",
        "context",
        "errors",
        "info",
        "is_alone",
        "variable_values",
        "variables",
    )

    def __init__(self, context: Any, variable_values: VariableValues, *, is_alone: bool = False) -> None:
        self.context = context
        self.info = ContextInfo(context)
        self.variable_values = variable_values
        self.variables = variable_values.coerced
        self.awaitables = 0
        self.is_alone = is_alone
        self.errors: list[GraphQLError] = []
        self._null_positions: set[Position] = set()
        self._background_tasks: set[asyncio.Future[Any]] = set()

    def add_error(self, error: GraphQLError, position: Position) -> None:
        """Report an error that made this position null, unless a position around it is null already."""
        around = position
        while around is not None and around not in self._null_positions:
            around = around[0]
        if around is None and None not in self._null_positions:
            self._null_positions.add(position)
            self.errors.append(error)

    def await_in_background(self, awaitables: Sequence[Any]) -> None:
        """Let awaitables finish whose values are not needed, since an error beside them made their parent null."""
        if awaitables:
            future = asyncio.gather(*awaitables, return_exceptions=True)
            self._background_tasks.add(future)
            future.add_done_callback(self._background_tasks.discard)


def handle_error(
    error: Exception, nodes: Sequence[FieldNode], required: bool, state: ExecutionState, position: Position
) -> None:
    """Report an error and make its position null; where null is not allowed, raise it for the position around."""
    located = located_error(error, nodes, path(position))
    if required:
        raise located
    state.add_error(located, position)


def path(position: Position) -> list[str | int]:
    """Return the position as the path of an error."""
    keys = []
    while position is not None:
        position, key = position
        keys.append(key)
    return keys[::-1]


def await_values(container: Any, keys: Sequence[Any]) -> Coroutine[Any, Any, Any]:
    """Return the dict or list once the awaitables under these keys are replaced by their values; all run at once."""
    return _await_one(container, keys[0]) if len(keys) == 1 else _await_all(container, keys)


async def _await_one(container: Any, key: Any) -> Any:
    container[key] = await container[key]
    return container


async def _await_all(container: Any, keys: Sequence[Any]) -> Any:
    values = await gather_with_cancel(*(container[key] for key in keys))
    for key, value in zip(keys, values, strict=True):
        container[key] = value
    return container
