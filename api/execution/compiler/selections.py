"""Compiles selection sets.

In: a selection set on an object type. Out: the writers of its fields. Which fields are selected, in which order and merged
from which nodes, is decided by graphql-core's own collection, once. Executing the writers makes an object a dict.
"""

from collections.abc import Mapping
from functools import partial
from types import CoroutineType
from typing import Any, NamedTuple, TypeAlias

from graphql import GraphQLError, GraphQLObjectType, GraphQLSchema, OperationDefinitionNode
from graphql.execution import Executor, default_field_resolver, default_type_resolver
from graphql.execution.collect_fields import CollectedFields, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from graphql.pyutils import inspect, is_awaitable
from strawberry.types.base import StrawberryObjectDefinition

from api.execution.compiler.arguments import DEFINITION, ArgumentCompiler
from api.execution.compiler.awaited_values import await_in_background
from api.execution.compiler.execution_state import ExecutionState, Position, await_values
from api.execution.compiler.field_resolution import FieldCompiler, FieldWriter
from api.execution.compiler.sharing import SharedSelection, shared_selection
from api.execution.compiler.value_completion import Completer, Field, KeyFinder, completer
from api.execution.shared_parts import PartKey, SharedObject

INTROSPECTION_FIELDS = frozenset(("__schema", "__type"))
FieldWriters: TypeAlias = list[tuple[str, FieldWriter]]  # by response name, in the order of the response


class Selection(NamedTuple):
    """A selection set on an object type. shared: what its parts are kept by, where they are the same for all callers."""

    writers: FieldWriters
    shared: SharedSelection | None


class SelectionCompiler:
    """Compiles the selection sets of one operation. conditions: the values of the variables in its @skip and @include."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDetails],
        operation: OperationDefinitionNode,
        conditions: VariableValues,
        arguments: ArgumentCompiler,
    ) -> None:
        self._schema = schema
        self._fragments = dict(fragments)
        self._operation = operation
        self._conditions = conditions
        definitions = {name: fragment.definition for name, fragment in fragments.items()}
        self._field_compiler = FieldCompiler(schema, definitions, operation, arguments)
        self._compiled: dict[tuple[str, tuple[int, ...]], Selection] = {}

    def root(self, type_: GraphQLObjectType) -> FieldWriters | None:
        """Compile the operation's own selection set; None when it has introspection, which is left to graphql-core."""
        collected = collect_fields(self._schema, self._fragments, self._conditions, type_, self._operation)
        names = {details[0].node.name.value for details in collected.grouped_field_set.values()}
        return None if names & INTROSPECTION_FIELDS else self._writers(self._fields(type_, collected))

    def object_completer(self, field: Field, type_: GraphQLObjectType) -> Completer:
        """Compile the completion of values of this object type, and its selection set."""
        selection, python_class = self._subselection(field, type_), self.python_class(type_)
        execute = partial(execute_fields, selection.writers)
        if selection.shared is not None:
            execute = partial(_kept_or_executed, selection.shared, execute)
        elif type_.is_type_of is None:
            return execute

        def complete(value: Any, state: ExecutionState, position: Position) -> Any:
            if type(value) is python_class:
                return execute(value, state, position)
            if type_.is_type_of is None:
                return execute_fields(selection.writers, value, state, position)
            is_type = type_.is_type_of(value, self._field_compiler.info(field, state, position))
            if is_awaitable(is_type):
                return check_later(is_type, value, state, position)
            return check(is_type, value, state, position)

        def check(is_type: Any, value: Any, state: ExecutionState, position: Position) -> Any:
            if not is_type:
                raise GraphQLError(f"Expected value of type '{type_}' but got: {inspect(value)}.", field.nodes)
            return execute_fields(selection.writers, value, state, position)

        async def check_later(is_type: Any, value: Any, state: ExecutionState, position: Position) -> Any:
            data = check(await is_type, value, state, position)
            return await data if type(data) is CoroutineType else data

        return complete

    def abstract_completer(self, field: Field, type_: Any) -> Completer:
        """Compile the completion of values of this interface or union, for each object type when its first value comes."""
        completers: dict[str, Completer] = {}
        type_names = self._type_names_by_class(type_)

        def complete(value: Any, state: ExecutionState, position: Position) -> Any:
            name: Any = type_names.get(type(value))
            if name is not None:
                return complete_as(name, value, state, position)
            info = self._field_compiler.info(field, state, position)
            name = (type_.resolve_type or default_type_resolver)(value, info, type_)
            if is_awaitable(name):
                return complete_later(name, value, state, position)
            return complete_as(name, value, state, position)

        def complete_as(name: Any, value: Any, state: ExecutionState, position: Position) -> Any:
            if not isinstance(name, str) or name not in completers:
                info = self._field_compiler.info(field, state, position)
                object_type = self._runtime_type(name, type_, value, field, info)
                completers[name] = self.object_completer(field, object_type)
            return completers[name](value, state, position)

        async def complete_later(name: Any, value: Any, state: ExecutionState, position: Position) -> Any:
            data = complete_as(await name, value, state, position)
            return await data if type(data) is CoroutineType else data

        return complete

    def _type_names_by_class(self, type_: Any) -> dict[type, str]:
        """Return the object types that a value of an abstract type may have, by the classes that tell them."""
        possible = self._schema.get_possible_types(type_)
        if not _is_told_by_class(type_) or not all(map(_is_told_by_class, possible)):
            return {}
        return {cls: object_type.name for object_type in possible if (cls := self.python_class(object_type))}

    def python_class(self, type_: Any) -> type | None:
        """Return the class whose instances are values of this type without any check; None when there is none."""
        definition = getattr(type_, "extensions", {}).get(DEFINITION)
        if not _is_told_by_class(type_) or not isinstance(definition, StrawberryObjectDefinition):
            return None
        return None if definition.concrete_of or definition.is_interface else definition.origin

    def _runtime_type(self, name: Any, type_: Any, value: Any, field: Field, info: Any) -> GraphQLObjectType:
        """Return the object type of this name, after graphql-core's own checks."""
        resolve = default_field_resolver
        executor: Executor[Any] = Executor(
            self._schema, {}, {}, None, None, self._operation, self._conditions, resolve, default_type_resolver, resolve
        )
        return executor.ensure_valid_runtime_type(name, type_, field.details, info, value)

    def shared_key(self, field: Field, type_: Any) -> KeyFinder | None:
        """Return what finds the key of kept parts of this type; None where none are kept.

        There is no key before the selection set has been compiled.
        """
        if not _is_shared(self.python_class(type_)):
            return None
        place = _place(field, type_)

        def key(state: ExecutionState) -> PartKey | None:
            selection = self._compiled.get(place)
            return None if selection is None or selection.shared is None else selection.shared.key(state)

        return key

    def _subselection(self, field: Field, type_: GraphQLObjectType) -> Selection:
        place = _place(field, type_)
        if place not in self._compiled:
            fields = self._subfields(field, type_)
            is_shared = _is_shared(self.python_class(type_))
            shared = shared_selection(type_, fields, self._subfields) if is_shared else None
            self._compiled[place] = Selection(self._writers(fields), shared)
        return self._compiled[place]

    def _subfields(self, field: Field, type_: GraphQLObjectType) -> list[Field]:
        collected = collect_subfields(
            self._schema, self._fragments, self._conditions, self._operation, type_, field.details
        )
        return self._fields(type_, collected)

    def _fields(self, type_: GraphQLObjectType, collected: CollectedFields) -> list[Field]:
        selected = collected.grouped_field_set.values()
        definitions = [self._schema.get_field(type_, details[0].node.name.value) for details in selected]
        pairs = zip(definitions, selected, strict=True)
        return [Field(type_, definition, details) for definition, details in pairs if definition is not None]

    def _writers(self, fields: list[Field]) -> FieldWriters:
        compiler = self._field_compiler
        return [(each.key, compiler.writer(each, completer(self, each, each.definition.type))) for each in fields]


def _place(field: Field, type_: GraphQLObjectType) -> tuple[str, tuple[int, ...]]:
    """Return what tells a selection set from others in its document."""
    return type_.name, tuple(map(id, field.nodes))


def _is_shared(python_class: type | None) -> bool:
    return python_class is not None and issubclass(python_class, SharedObject)


def _is_told_by_class(type_: Any) -> bool:
    """Return whether Strawberry tells values of this type by their class alone."""
    definition = getattr(type_, "extensions", {}).get(DEFINITION)
    return (
        definition is not None
        and getattr(definition, "is_type_of", None) is None
        and getattr(definition, "resolve_type", None) is None
    )


def _kept_or_executed(
    shared: SharedSelection, execute: Completer, source: Any, state: ExecutionState, position: Position
) -> Any:
    """Return the part of the response that has been made of an object before, or make it and keep it.

    What waits is not kept, and nothing where there are errors: one below a position that is null already is not reported.
    """
    key = shared.key(state)
    part = source.parts.get(key)
    if part is not None:
        return part
    data = execute(source, state, position)
    return source.parts.keep(key, data) if type(data) is dict and not state.errors else data


def execute_fields(writers: FieldWriters, source: Any, state: ExecutionState, position: Position) -> Any:
    """Return the dict of an object, or a coroutine of it when some of its fields are awaitable."""
    data: dict[str, Any] = {}
    awaitables = state.awaitables
    try:
        for key, write in writers:
            data[key] = write(source, state, position)
    except Exception:
        await_in_background([value for value in data.values() if type(value) is CoroutineType])
        raise
    if state.awaitables == awaitables:
        return data
    return await_values(data, [key for key, value in data.items() if type(value) is CoroutineType])


async def execute_fields_serially(writers: FieldWriters, state: ExecutionState) -> dict[str, Any]:
    """Return the dict of a mutation: each root field begins when the one before it has ended."""
    data: dict[str, Any] = {}
    for key, write in writers:
        value = write(None, state, None)
        data[key] = await value if type(value) is CoroutineType else value
    return data
