"""What one execution carries along: its context, its variables, the errors so far, and where in the answer it is."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLError, located_error
from graphql.execution.values import VariableValues
from graphql.pyutils import gather_with_cancel

Position: TypeAlias = Any  # None is the whole answer; (position, key or index) is a place in it


class ContextInfo:
    """The `info` of a resolver that is called directly. It has the context and nothing else."""

    __slots__ = ("context",)

    def __init__(self, context: Any) -> None:
        self.context = context


class ExecutionState:
    """One execution. sources has the variables as graphql-core keeps them, for what it must do itself.

    coming counts what has ever been waited for: while it stands still, nothing below is a coroutine.
    """

    __slots__ = ("_background", "_nulled", "coming", "context", "errors", "info", "sources", "variables")

    def __init__(self, context: Any, sources: VariableValues) -> None:
        self.context = context
        self.info = ContextInfo(context)
        self.sources = sources
        self.variables = sources.coerced
        self.coming = 0
        self.errors: list[GraphQLError] = []
        self._nulled: set[Position] = set()
        self._background: set[asyncio.Future[Any]] = set()

    def add(self, error: GraphQLError, position: Position) -> None:
        """Report an error that made this position null, unless something around it is null already."""
        around = position
        while around is not None and around not in self._nulled:
            around = around[0]
        if around is None and None not in self._nulled:
            self._nulled.add(position)
            self.errors.append(error)

    def settle(self, waiting: Sequence[Any]) -> None:
        """Let what nobody waits for any more come to its end, since an error beside it has made their parent null."""
        if waiting:
            future = asyncio.gather(*waiting, return_exceptions=True)
            self._background.add(future)
            future.add_done_callback(self._background.discard)


def failed(
    error: Exception, nodes: Sequence[FieldNode], required: bool, run: ExecutionState, position: Position
) -> None:
    """Make this position null, or its parent when it may not be null: then the located error is raised on."""
    located = located_error(error, nodes, listed(position))
    if required:
        raise located
    run.add(located, position)


def listed(position: Position) -> list[str | int]:
    """The position as the path of an error."""
    path = []
    while position is not None:
        position, key = position
        path.append(key)
    return path[::-1]


def joined(out: Any, waiting: Sequence[Any]) -> Coroutine[Any, Any, Any]:
    """The dict or list when what stands under these keys has arrived; all are awaited at once."""
    return _one(out, waiting[0]) if len(waiting) == 1 else _many(out, waiting)


async def _one(out: Any, key: Any) -> Any:
    out[key] = await out[key]
    return out


async def _many(out: Any, waiting: Sequence[Any]) -> Any:
    arrived = await gather_with_cancel(*(out[key] for key in waiting))
    for key, value in zip(waiting, arrived, strict=True):
        out[key] = value
    return out
