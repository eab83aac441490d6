"""How a field gets its value: from an attribute, from its resolver called directly, or the way graphql-core does it."""

from collections.abc import Callable, Mapping
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

from api.execution.compiler.arguments import DEFINITION, ArgumentReader, Arguments, Unsupported
from api.execution.compiler.execution_state import ExecutionState, Position, failed, listed
from api.execution.compiler.value_completion import Completer, Field, quick

Resolve: TypeAlias = Callable[[Any, ExecutionState, Position], Any]  # from the source; the position is the source's
FieldWriter: TypeAlias = Resolve


class Resolvers:
    """How the fields of one document's operation are resolved."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        arguments: Arguments,
    ) -> None:
        self._schema = schema
        self._fragments = dict(fragments)
        self._operation = operation
        self._arguments = arguments

    def fill(self, field: Field, put: Completer) -> FieldWriter:
        """What makes a field's part of the answer from the parent's value."""
        if field.name == "__typename":
            typename = field.parent.name
            return lambda source, run, position: typename
        attribute = attribute_name(field.definition)
        if attribute is not None:
            return _from_attribute(attribute, field, put)
        return _from_resolver(self._resolve(field), field, put)

    def info(self, field: Field, run: ExecutionState, position: Position) -> GraphQLResolveInfo[Any]:
        """What graphql-core tells a resolver."""
        path: Any = None
        for key in listed(position):
            path = Path(path, key, field.parent.name if isinstance(key, str) else None)
        return GraphQLResolveInfo(
            field.name,
            field.nodes,
            field.definition.type,
            field.parent,
            path,
            self._schema,
            self._fragments,
            None,
            self._operation,
            run.sources,
            run.context,
            is_awaitable,
            None,
            GraphQLResolveInfoHelpers(lambda values: gather_with_cancel(*values), run.settle),
        )

    def _resolve(self, field: Field) -> Resolve:
        try:
            return _direct(field.definition, field.nodes[0], self._arguments)
        except Unsupported:
            return self._foreign(field)

    def _foreign(self, field: Field) -> Resolve:
        resolve, node = field.definition.resolve or default_field_resolver, field.nodes[0]

        def call(source: Any, run: ExecutionState, position: Position) -> Any:
            info = self.info(field, run, (position, field.key))
            return resolve(source, info, **get_argument_values(field.definition, node, run.sources))

        return call


def attribute_name(field: GraphQLField) -> str | None:
    """The attribute that a field shows, when it does no more than that."""
    declared = _usual(field)
    if declared is None or declared.base_resolver or declared.default_resolver is not getattr:
        return None
    return str(declared.python_name)


def _usual(field: GraphQLField) -> StrawberryField | None:
    """What was declared, if Strawberry resolves it in the way of its own field class: no extensions, no permissions."""
    declared = field.extensions.get(DEFINITION)
    return declared if type(declared) is StrawberryField and not declared.extensions else None


def _direct(field: GraphQLField, node: FieldNode, arguments: Arguments) -> Resolve:
    """A call of the function that was declared as the resolver."""
    declared = _usual(field)
    if declared is None or declared.base_resolver is None:
        raise Unsupported
    resolver = declared.base_resolver
    function: Any = resolver.wrapped_func
    info = resolver.info_parameter.name if resolver.info_parameter else None
    roots = [found.name for found in (resolver.parent_parameter, resolver.root_parameter) if found]
    found = arguments.of(field, node)
    if resolver.self_parameter and not roots and not callable(found) and info in (None, "info"):
        return _bare(function, info, found)
    return _call(function, bool(resolver.self_parameter), info, roots, found)


def _bare(function: Callable[..., Any], info: str | None, given: dict[str, Any]) -> Resolve:
    """The commonest calls, with arguments that are the same each time."""
    if info is None:
        return lambda source, run, position: function(source, **given)
    if given:
        return lambda source, run, position: function(source, info=run.info, **given)
    return lambda source, run, position: function(source, info=run.info)


def _call(
    function: Callable[..., Any],
    has_self: bool,
    info: str | None,
    roots: list[str],
    arguments: ArgumentReader,
) -> Resolve:
    def call(source: Any, run: ExecutionState, position: Position) -> Any:
        given = dict(arguments(run) if callable(arguments) else arguments)
        if info is not None:
            given[info] = run.info
        for root in roots:
            given[root] = source
        return function(source, **given) if has_self else function(**given)

    return call


def _from_attribute(name: str, field: Field, put: Completer) -> FieldWriter:
    key, serialize, nodes = field.key, quick(field.definition.type), field.nodes
    required = _required(field)

    def fill(source: Any, run: ExecutionState, position: Position) -> Any:
        try:
            value = getattr(source, name)
            serialized = serialize(value) if serialize else None
        except Exception as error:
            return failed(error, nodes, required, run, (position, key))
        return put(value, run, (position, key)) if serialized is None else serialized

    return fill


def _from_resolver(resolve: Resolve, field: Field, put: Completer) -> FieldWriter:
    key, serialize, nodes = field.key, quick(field.definition.type), field.nodes
    required = _required(field)

    def fill(source: Any, run: ExecutionState, position: Position) -> Any:
        try:
            value = resolve(source, run, position)
            serialized = serialize(value) if serialize else None
        except Exception as error:
            return failed(error, nodes, required, run, (position, key))
        return put(value, run, (position, key)) if serialized is None else serialized

    return fill


def _required(field: Field) -> bool:
    return is_non_null_type(field.definition.type)
