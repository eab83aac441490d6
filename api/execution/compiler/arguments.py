"""How a field's arguments become the keyword arguments of its resolver: literals at once, variables when they are known."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)
from graphql.execution import get_argument_values
from graphql.utilities.coerce_input_value import coerce_input_literal
from strawberry.relay import GlobalID
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryContainer, StrawberryMaybe

from api.execution.compiler.execution_state import ExecutionState
from api.execution.compiler.input_coercion import CoercionError, InputCoercion, default_of

DEFINITION = "strawberry-definition"
Variables: TypeAlias = Mapping[str, Any]
Read: TypeAlias = Callable[[Variables], Any]
Convert: TypeAlias = Callable[[Any], Any]
ArgumentReader: TypeAlias = (
    Callable[[ExecutionState], dict[str, Any]] | dict[str, Any]
)  # a dict when it is the same for every call


class Unsupported(Exception):
    """Something that is left to Strawberry and graphql-core."""


class Arguments:
    """The keyword arguments of one schema's resolvers. Its input objects become the classes they were declared by."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.inputs = InputCoercion(schema)
        self._objects: dict[str, Convert] = {}

    def of(self, field: GraphQLField, node: FieldNode) -> ArgumentReader:
        """The arguments for a call of this field, or what makes them. Raises Unusual when it cannot be had."""
        converts = {name: self._argument(argument) for name, argument in field.args.items()}

        def exact(run: ExecutionState) -> dict[str, Any]:
            """As graphql-core has them; it raises what is wrong with them."""
            found = get_argument_values(field, node, run.sources)
            return {converts[name][0]: converts[name][1](value) for name, value in found.items()}

        try:
            readers = _readers(field, node, converts)
        except Exception:  # unfit, or refused by the type itself, as Strawberry's @oneOf is: an error of each call
            return exact
        return _reading(readers, exact)

    def _argument(self, argument: GraphQLArgument) -> tuple[str, Convert]:
        """The resolver's name for an argument, and what its values become."""
        definition = argument.extensions.get(DEFINITION)
        if not isinstance(definition, StrawberryArgument) or argument.out_name or _special(definition.type):
            raise Unsupported
        return definition.python_name, self._converted(argument.type)

    def _converted(self, type_: Any) -> Convert:
        if is_non_null_type(type_):
            return self._converted(type_.of_type)
        if is_list_type(type_):
            item = self._converted(type_.of_type)
            if item is _same:
                return _same
            return lambda values: None if values is None else [item(value) for value in values]
        return self._object(type_) if is_input_object_type(type_) else _same

    def _object(self, type_: GraphQLInputObjectType) -> Convert:
        if type_.name not in self._objects:
            self._objects[type_.name] = _same  # it may name itself: found again when it is called
            try:
                self._objects[type_.name] = self._class(type_)
            except Unsupported:
                del self._objects[type_.name]
                raise
        return lambda value: None if value is None else self._objects[type_.name](value)

    def _class(self, type_: GraphQLInputObjectType) -> Convert:
        definition = type_.extensions.get(DEFINITION)
        if definition is None or definition.from_input is not None:
            raise Unsupported
        fields = {name: (field.extensions[DEFINITION], field) for name, field in type_.fields.items()}
        if any(field.out_name or _special(declared.type) for declared, field in fields.values()):
            raise Unsupported
        names = {
            name: (declared.python_name, self._converted(field.type)) for name, (declared, field) in fields.items()
        }
        without = {d.python_name: None for d, _ in fields.values() if not _has_default(d)}
        made = definition.origin

        def convert(value: Mapping[str, Any]) -> Any:
            given = {names[name][0]: names[name][1](item) for name, item in value.items()}
            return made(**{**without, **given})

        return convert


def _readers(
    field: GraphQLField, node: FieldNode, converts: Mapping[str, Any]
) -> list[tuple[str, Read, Convert, bool]]:
    nodes = {argument.name.value: argument.value for argument in node.arguments or ()}
    readers = []
    for name, argument in field.args.items():
        read, fixed = _read(argument, nodes.get(name))
        python_name, convert = converts[name]
        readers.append((python_name, read, convert, fixed and convert is _same))
    return readers


def _reading(readers: list[tuple[str, Read, Convert, bool]], exact: Callable[[ExecutionState], Any]) -> ArgumentReader:
    """Read what changes from call to call; what does not is read now."""
    constant = {name: value for name, read, _, fixed in readers if fixed and (value := read({})) is not Undefined}
    changing = [(name, read, convert) for name, read, convert, fixed in readers if not fixed]
    if not changing:
        return constant

    def arguments(run: ExecutionState) -> Any:
        try:
            found = [(name, convert, read(run.variables)) for name, read, convert in changing]
        except Exception:
            return exact(run)
        given = {name: convert(value) for name, convert, value in found if value is not Undefined}
        return {**constant, **given} if constant else given

    return arguments


def _read(argument: GraphQLArgument, node: ValueNode | None) -> tuple[Read, bool]:
    """What reads an argument from the variables, and whether it is the same whatever they are."""
    default = default_of(argument, is_required_argument(argument))
    if node is None:
        value = default()
        return (lambda variables: value), True
    read = literal(node, argument.type)
    if not isinstance(node, VariableNode):
        return read, not _has_variable(node)

    def variable(variables: Variables) -> Any:
        value = read(variables)
        return default() if value is Undefined else value

    return variable, False


def literal(node: ValueNode, type_: Any) -> Read:
    """What reads a value of this type that stands in a document. Raises Unfit when graphql-core is to read it."""
    if isinstance(node, VariableNode):
        return _variable(node.name.value, is_non_null_type(type_))
    if is_non_null_type(type_):
        return literal(node, type_.of_type)
    if not _has_variable(node):
        return _constant(coerce_input_literal(node, type_))
    if is_list_type(type_):
        nodes = node.values if isinstance(node, ListValueNode) else (node,)
        return _list([literal(item, type_.of_type) for item in nodes])
    if is_input_object_type(type_) and isinstance(node, ObjectValueNode):
        return _object(node, type_)
    raise CoercionError


def _variable(name: str, required: bool) -> Read:
    def read(variables: Variables) -> Any:
        value = variables.get(name, Undefined)
        if required and (value is None or value is Undefined):
            raise CoercionError
        return value

    return read


def _constant(value: Any) -> Read:
    if value is Undefined:
        raise CoercionError
    return lambda variables: value


def _list(items: list[Read]) -> Read:
    def read(variables: Variables) -> Any:
        values = [item(variables) for item in items]
        return [None if value is Undefined else value for value in values]

    return read


def _object(node: ObjectValueNode, type_: GraphQLInputObjectType) -> Read:
    nodes = {field.name.value: field.value for field in node.fields}
    fields = []
    for name, field in type_.fields.items():
        read = literal(nodes[name], field.type) if name in nodes else None
        fields.append((field.out_name or name, read, default_of(field, is_required_input_field(field))))

    def coerced(variables: Variables) -> Any:
        out = {}
        for name, read, default in fields:
            value = Undefined if read is None else read(variables)
            if value is Undefined:
                value = default()
            if value is not Undefined:
                out[name] = value
        if type_.is_one_of and (len(nodes) != 1 or len(out) != 1 or None in out.values()):
            raise CoercionError
        return type_.out_type(out)

    return coerced


def _has_variable(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(map(_has_variable, node.values))
    if isinstance(node, ObjectValueNode):
        return any(_has_variable(field.value) for field in node.fields)
    return isinstance(node, VariableNode)


def _same(value: Any) -> Any:
    return value


def _has_default(field: Any) -> bool:
    return field.default_value is not MISSING or field.default_factory is not MISSING


def _special(type_: Any) -> bool:
    """Whether Strawberry makes more of a value than the scalar, enum, list or object it is."""
    while isinstance(type_, StrawberryContainer) and not isinstance(type_, StrawberryMaybe):
        type_ = type_.of_type
    return isinstance(type_, StrawberryMaybe) or type_ is GlobalID
