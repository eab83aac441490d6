"""Compiles fields.

In: a field as an operation selects it, and the completer of its type. Out: a writer, which gets the field's value from an
attribute, from the resolver's function called directly, or in graphql-core's way, and completes it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    is_non_null_type,
)
from graphql.execution import default_field_resolver, get_argument_values
from graphql.pyutils import Path, gather_with_cancel, is_awaitable
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry.types.field import StrawberryField

from api.execution.compiler.arguments import DEFINITION, ArgumentCompiler, ArgumentReader, Unsupported
from api.execution.compiler.awaited_values import await_in_background
from api.execution.compiler.execution_state import ExecutionState, Position, handle_error, path
from api.execution.compiler.fast_leaves import fast_serializer
from api.execution.compiler.value_completion import Completer, Field

# Both are called with the parent's value and the parent's position in the response.
Resolver: TypeAlias = Callable[[Any, ExecutionState, Position], Any]  # returns the field's value
FieldWriter: TypeAlias = Callable[[Any, ExecutionState, Position], Any]  # returns the field's part of the response


class FieldCompiler:
    """Compiles the fields of one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        arguments: ArgumentCompiler,
    ) -> None:
        self._schema = schema
        self._fragments = dict(fragments)
        self._operation = operation
        self._arguments = arguments

    def writer(self, field: Field, complete: Completer) -> FieldWriter:
        """Compile a field; complete is the completer of its type."""
        if field.name == "__typename":
            typename = field.parent.name
            return lambda source, state, position: typename
        attribute = attribute_name(field.definition)
        if attribute is not None:
            return _attribute_writer(attribute, field, complete)
        return _resolver_writer(self._resolver(field), field, complete)

    def info(self, field: Field, state: ExecutionState, position: Position) -> GraphQLResolveInfo[Any]:
        """Return the info that graphql-core gives to a resolver."""
        info_path: Any = None
        for key in path(position):
            info_path = Path(info_path, key, field.parent.name if isinstance(key, str) else None)
        return GraphQLResolveInfo(
            field.name,
            field.nodes,
            field.definition.type,
            field.parent,
            info_path,
            self._schema,
            self._fragments,
            None,
            self._operation,
            state.variable_values,
            state.context,
            is_awaitable,
            None,
            GraphQLResolveInfoHelpers(lambda values: gather_with_cancel(*values), await_in_background),
        )

    def _resolver(self, field: Field) -> Resolver:
        try:
            return _direct_call(field.definition, field.nodes[0], self._arguments)
        except Unsupported:
            return self._reference_call(field)

    def _reference_call(self, field: Field) -> Resolver:
        """Call the resolver as graphql-core does, with everything that Strawberry puts around it."""
        resolve, node = field.definition.resolve or default_field_resolver, field.nodes[0]

        def call(source: Any, state: ExecutionState, position: Position) -> Any:
            info = self.info(field, state, (position, field.key))
            return resolve(source, info, **get_argument_values(field.definition, node, state.variable_values))

        return call


def attribute_name(field: GraphQLField) -> str | None:
    """Return the attribute whose value a field returns; None when the field does anything more."""
    definition = plain_definition(field)
    if definition is None or definition.base_resolver or definition.default_resolver is not getattr:
        return None
    return str(definition.python_name)


def plain_definition(field: GraphQLField) -> StrawberryField | None:
    """Return the Strawberry field, if it is of Strawberry's own class and has no extensions; permissions are such."""
    definition = field.extensions.get(DEFINITION)
    return definition if type(definition) is StrawberryField and not definition.extensions else None


def _direct_call(field: GraphQLField, node: FieldNode, arguments: ArgumentCompiler) -> Resolver:
    """Call the resolver's function itself. Raises Unsupported."""
    definition = plain_definition(field)
    if definition is None or definition.base_resolver is None:
        raise Unsupported
    resolver = definition.base_resolver
    function: Any = resolver.wrapped_func
    info = resolver.info_parameter.name if resolver.info_parameter else None
    roots = [parameter.name for parameter in (resolver.parent_parameter, resolver.root_parameter) if parameter]
    reader = arguments.reader(field, node)
    if resolver.self_parameter and not roots and not callable(reader) and info in (None, "info"):
        return _constant_call(function, info, reader)
    return _call(function, bool(resolver.self_parameter), info, roots, reader)


def _constant_call(function: Callable[..., Any], info: str | None, arguments: dict[str, Any]) -> Resolver:
    """Call a method with the same arguments each time: the most frequent kind, and the fastest."""
    if info is None:
        return lambda source, state, position: function(source, **arguments)
    if arguments:
        return lambda source, state, position: function(source, info=state, **arguments)
    return lambda source, state, position: function(source, info=state)


def _call(
    function: Callable[..., Any],
    has_self: bool,
    info: str | None,
    roots: list[str],
    reader: ArgumentReader,
) -> Resolver:
    def call(source: Any, state: ExecutionState, position: Position) -> Any:
        arguments = reader(state) if callable(reader) else reader.copy()
        if info is not None:
            arguments[info] = state
        for root in roots:
            arguments[root] = source
        return function(source, **arguments) if has_self else function(**arguments)

    return call


# The two writers differ in one line: a function that got the value for both would be called for every field.
def _attribute_writer(name: str, field: Field, complete: Completer) -> FieldWriter:
    key, serialize = field.key, fast_serializer(field.definition.type)
    handle = partial(handle_error, field.nodes, is_non_null_type(field.definition.type))

    def write(source: Any, state: ExecutionState, position: Position) -> Any:
        try:
            value = getattr(source, name)
            serialized = serialize(value) if serialize else None
        except Exception as error:
            return handle(error, state, (position, key))
        return complete(value, state, (position, key)) if serialized is None else serialized

    return write


def _resolver_writer(resolve: Resolver, field: Field, complete: Completer) -> FieldWriter:
    key, serialize = field.key, fast_serializer(field.definition.type)
    handle = partial(handle_error, field.nodes, is_non_null_type(field.definition.type))

    def write(source: Any, state: ExecutionState, position: Position) -> Any:
        try:
            value = resolve(source, state, position)
            serialized = serialize(value) if serialize else None
        except Exception as error:
            return handle(error, state, (position, key))
        return complete(value, state, (position, key)) if serialized is None else serialized

    return write
