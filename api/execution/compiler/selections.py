"""How an object becomes a dict: one function for each selection on an object type, made when the first such object comes.

Which fields are selected, in which order and merged from which nodes, graphql-core's own collection settles, once.
"""

from collections.abc import Mapping
from types import CoroutineType
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode
from graphql.execution import Executor, default_field_resolver, default_type_resolver
from graphql.execution.collect_fields import CollectedFields, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from graphql.pyutils import inspect, is_awaitable
from strawberry.types.base import StrawberryObjectDefinition

from api.execution.compiler.arguments import DEFINITION, Arguments
from api.execution.compiler.execution_state import ExecutionState, Position, joined
from api.execution.compiler.field_resolution import FieldWriter, Resolvers
from api.execution.compiler.value_completion import Completer, Field, place

INTROSPECTION = frozenset(("__schema", "__type"))
Fields: TypeAlias = list[tuple[str, FieldWriter]]


class Selections:
    """The selections of one operation, under given values of the variables in its @skip and @include."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDetails],
        operation: OperationDefinitionNode,
        conditions: VariableValues,
        arguments: Arguments,
    ) -> None:
        self._schema = schema
        self._fragments = dict(fragments)
        self._operation = operation
        self._conditions = conditions
        definitions = {name: fragment.definition for name, fragment in fragments.items()}
        self._resolvers = Resolvers(schema, definitions, operation, arguments)
        self._made: dict[tuple[str, tuple[int, ...]], Fields] = {}

    def root(self, type_: GraphQLObjectType) -> Fields | None:
        """The fields of the operation itself; None when it asks about the schema, which graphql-core is to answer."""
        collected = collect_fields(self._schema, self._fragments, self._conditions, type_, self._operation)
        names = {details[0].node.name.value for details in collected.grouped_field_set.values()}
        return None if names & INTROSPECTION else self._fields(type_, collected)

    def object(self, field: Field, type_: GraphQLObjectType) -> Completer:
        """What completes a value of this object type."""
        made: Fields | None = None
        origin = self.origin(type_)

        def complete(value: Any, run: ExecutionState, position: Position) -> Any:
            nonlocal made
            if made is None:
                made = self._selected(field, type_)
            if type_.is_type_of is None or type(value) is origin:
                return build(made, value, run, position)
            verdict = type_.is_type_of(value, self._resolvers.info(field, run, position))
            if is_awaitable(verdict):
                return judged(verdict, value, run, position)
            return accepted(verdict, value, run, position)

        def accepted(verdict: Any, value: Any, run: ExecutionState, position: Position) -> Any:
            if not verdict:
                raise GraphQLError(f"Expected value of type '{type_}' but got: {inspect(value)}.", field.nodes)
            return build(made or [], value, run, position)

        async def judged(verdict: Any, value: Any, run: ExecutionState, position: Position) -> Any:
            built = accepted(await verdict, value, run, position)
            return await built if type(built) is CoroutineType else built

        return complete

    def abstract(self, field: Field, type_: Any) -> Completer:
        """What completes a value of this interface or union."""
        completions: dict[str, Completer] = {}
        possible = self._schema.get_possible_types(type_)
        usual = _usual(type_) and all(map(_usual, possible))
        origins = {
            origin: object_type.name for object_type in possible if usual and (origin := self.origin(object_type))
        }

        def complete(value: Any, run: ExecutionState, position: Position) -> Any:
            name: Any = origins.get(type(value))
            if name is not None:
                return known(name, value, run, position)
            info = self._resolvers.info(field, run, position)
            name = (type_.resolve_type or default_type_resolver)(value, info, type_)
            return named(name, value, run, position) if is_awaitable(name) else known(name, value, run, position)

        def known(name: Any, value: Any, run: ExecutionState, position: Position) -> Any:
            if not isinstance(name, str) or name not in completions:
                completions[name] = self.object(
                    field, self._valid(name, type_, value, field, self._resolvers.info(field, run, position))
                )
            return completions[name](value, run, position)

        async def named(name: Any, value: Any, run: ExecutionState, position: Position) -> Any:
            built = known(await name, value, run, position)
            return await built if type(built) is CoroutineType else built

        return complete

    def origin(self, type_: Any) -> type | None:
        """The class whose instances are surely values of this type; None when there is no such class."""
        definition = getattr(type_, "extensions", {}).get(DEFINITION)
        if not _usual(type_) or not isinstance(definition, StrawberryObjectDefinition) or definition.concrete_of:
            return None
        return None if definition.is_interface else definition.origin

    def _valid(self, name: Any, type_: Any, value: Any, field: Field, info: Any) -> GraphQLObjectType:
        """The object type of this name, by graphql-core's checks."""
        resolve = default_field_resolver
        executor: Executor[Any] = Executor(
            self._schema, {}, {}, None, None, self._operation, self._conditions, resolve, default_type_resolver, resolve
        )
        return executor.ensure_valid_runtime_type(name, type_, field.details, info, value)

    def _selected(self, field: Field, type_: GraphQLObjectType) -> Fields:
        key = (type_.name, tuple(map(id, field.nodes)))
        if key not in self._made:
            self._made[key] = self._fields(
                type_,
                collect_subfields(
                    self._schema, self._fragments, self._conditions, self._operation, type_, field.details
                ),
            )
        return self._made[key]

    def _fields(self, type_: GraphQLObjectType, collected: CollectedFields) -> Fields:
        found = []
        for key, details in collected.grouped_field_set.items():
            definition = self._schema.get_field(type_, details[0].node.name.value)
            if definition is not None:
                field = Field(type_, definition, details)
                found.append((key, self._resolvers.fill(field, place(self, field, definition.type))))
        return found


def _usual(type_: Any) -> bool:
    """Whether Strawberry tells values of this type by their class alone."""
    definition = getattr(type_, "extensions", {}).get(DEFINITION)
    return (
        definition is not None
        and getattr(definition, "is_type_of", None) is None
        and getattr(definition, "resolve_type", None) is None
    )


def build(fields: Fields, source: Any, run: ExecutionState, position: Position) -> Any:
    """The dict of an object, or a coroutine of it when some of its fields are yet to come."""
    out: dict[str, Any] = {}
    coming = run.coming
    try:
        for key, fill in fields:
            out[key] = fill(source, run, position)
    except Exception:
        run.settle([value for value in out.values() if type(value) is CoroutineType])
        raise
    if run.coming == coming:
        return out
    return joined(out, [key for key, value in out.items() if type(value) is CoroutineType])


async def build_serially(fields: Fields, run: ExecutionState) -> dict[str, Any]:
    """The dict of a mutation: each root field begins when the one before it has ended."""
    out: dict[str, Any] = {}
    for key, fill in fields:
        filled = fill(None, run, None)
        out[key] = await filled if type(filled) is CoroutineType else filled
    return out
