"""The state of one execution: context, variables and errors, and the positions in the response that are null."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLError, Undefined, located_error
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.pyutils import gather_with_cancel

from api.execution.compiler.input_coercion import Variable

ErrorHandler: TypeAlias = Callable[..., None]  # handle_error at a position of the response
Position: TypeAlias = Any  # in the response: None is its root; (position, key or index) is a place below a position


class ExecutionState:
    """One execution, which is also the `info` of resolvers that are called directly: they ask for its context.

    variables: their values by name. given: as the request has them. awaitables: how many there have been; while it does not
    change, no value below is a coroutine. is_alone: whether this is a mutation with one root field, whose Deferred is not
    awaited but gets more steps. errors: by the positions that they have made null.
    """

    __slots__ = ("_declared", "_given", "awaitables", "context", "errors", "is_alone", "variables")

    def __init__(
        self, context: Any, variables: dict[str, Any], given: Mapping[str, Any], declared: Sequence[Variable]
    ) -> None:
        self.context = context
        self.variables = variables
        self._given = given
        self._declared = declared
        self.awaitables = 0
        self.is_alone = False
        self.errors: dict[Position, GraphQLError] = {}

    @property
    def variable_values(self) -> VariableValues:
        """The variables as graphql-core keeps them, for what is left to it."""
        sources = {s.name: VariableValueSource(s, self._given.get(s.name, Undefined)) for s, _, _ in self._declared}
        return VariableValues(sources, self.variables)

    def add_error(self, error: GraphQLError, position: Position) -> None:
        """Report an error that made this position null, unless a position around it is null already."""
        around = position
        while around is not None and around not in self.errors:
            around = around[0]
        if around is None and None not in self.errors:
            self.errors[position] = error


def handle_error(
    nodes: Sequence[FieldNode], required: bool, error: BaseException, state: ExecutionState, position: Position
) -> None:
    """Report an error and make its position null; where null is not allowed, raise it for the position around."""
    if not isinstance(error, Exception):
        raise error
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
