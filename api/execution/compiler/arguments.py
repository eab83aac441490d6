"""Compiles the arguments of fields.

In: a field of the schema and its node in a document. Out: the keyword arguments of the resolver when they are the same in
every call, else a reader that makes them from the variables.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLSchema,
    Undefined,
    ValueNode,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)
from graphql.execution import get_argument_values
from strawberry.relay import GlobalID
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryContainer, StrawberryMaybe

from api.execution.compiler.execution_state import ExecutionState
from api.execution.compiler.input_coercion import InputCoercion, compiled_once, default_of
from api.execution.compiler.literals import ValueReader, has_variable, literal

DEFINITION = "strawberry-definition"
Converter: TypeAlias = Callable[[Any], Any]
# A dict when the arguments are the same in every call.
ArgumentReader: TypeAlias = Callable[[ExecutionState], dict[str, Any]] | dict[str, Any]


class Unsupported(Exception):
    """Something that the compiler leaves to Strawberry and graphql-core."""


class ArgumentCompiler:
    """Compiles the arguments of one schema's fields. Input objects become instances of the classes that declare them."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.coercion = InputCoercion(schema)
        self._objects: dict[str, Converter] = {}

    def reader(self, field: GraphQLField, node: FieldNode) -> ArgumentReader:
        """Compile the arguments in a call of a field. Raises Unsupported."""
        arguments = {name: self._argument(argument) for name, argument in field.args.items()}

        def read_by_reference(state: ExecutionState) -> dict[str, Any]:
            """Let graphql-core read the arguments; it raises what is wrong with them."""
            values = get_argument_values(field, node, state.variable_values)
            return {arguments[name][0]: arguments[name][1](value) for name, value in values.items()}

        nodes = {argument.name.value: argument.value for argument in node.arguments or ()}
        try:
            read = [_argument(field.args[name], nodes.get(name), *arguments[name]) for name in arguments]
        except Exception:  # not coercible, or refused by the type itself, as Strawberry's @oneOf does: every call fails
            return read_by_reference
        return _combine(read, read_by_reference)

    def _argument(self, argument: GraphQLArgument) -> tuple[str, Converter]:
        """Return the resolver's name for an argument, and the converter of its values."""
        definition = argument.extensions.get(DEFINITION)
        if not isinstance(definition, StrawberryArgument) or argument.out_name or _is_special(definition.type):
            raise Unsupported
        return definition.python_name, self._converter(argument.type)

    def _converter(self, type_: Any) -> Converter:
        if is_non_null_type(type_):
            return self._converter(type_.of_type)
        if is_list_type(type_):
            convert = self._converter(type_.of_type)
            if convert is _identity:
                return _identity
            return lambda values: None if values is None else [convert(value) for value in values]
        return self._object(type_) if is_input_object_type(type_) else _identity

    def _object(self, type_: GraphQLInputObjectType) -> Converter:
        return compiled_once(self._objects, type_, self._class)

    def _class(self, type_: GraphQLInputObjectType) -> Converter:
        definition = type_.extensions.get(DEFINITION)
        if definition is None or definition.from_input is not None:
            raise Unsupported
        fields = {name: (field.extensions[DEFINITION], field) for name, field in type_.fields.items()}
        if any(field.out_name or _is_special(declared.type) for declared, field in fields.values()):
            raise Unsupported
        converters = {name: (d.python_name, self._converter(field.type)) for name, (d, field) in fields.items()}
        without_default = {d.python_name: None for d, _ in fields.values() if not _has_default(d)}
        input_class = definition.origin

        def convert(value: Mapping[str, Any] | None) -> Any:
            if value is None:
                return None
            attributes: dict[str, Any] = without_default.copy()
            for name, item in value.items():
                python_name, convert_item = converters[name]
                attributes[python_name] = item if convert_item is _identity else convert_item(item)
            return input_class(**attributes)

        return convert


class _Argument(NamedTuple):
    """An argument in a call of a field. name: in Python. default: gives the value of one that is Undefined."""

    name: str
    read: ValueReader
    default: Callable[[], Any]
    convert: Converter
    is_constant: bool


def _argument(argument: GraphQLArgument, node: ValueNode | None, name: str, convert: Converter) -> _Argument:
    default = default_of(argument, is_required_argument(argument))
    if node is None:
        value = default()
        return _Argument(name, lambda variables: value, default, convert, convert is _identity)
    is_constant = convert is _identity and not has_variable(node)
    return _Argument(name, literal(node, argument.type), default, convert, is_constant)


def _combine(arguments: list[_Argument], fallback: Callable[[ExecutionState], Any]) -> ArgumentReader:
    """Combine the readers of all arguments; what is the same in every call is read at once."""
    constant = {a.name: value for a in arguments if a.is_constant and (value := a.read({})) is not Undefined}
    varying = [argument for argument in arguments if not argument.is_constant]
    if not varying:
        return constant

    def read_arguments(state: ExecutionState) -> Any:
        values = constant.copy()
        try:
            for name, read, default, convert, _ in varying:
                value = read(state.variables)
                if value is Undefined:
                    value = default()
                if value is not Undefined:
                    values[name] = value if convert is _identity else convert(value)
        except Exception:
            return fallback(state)
        return values

    return read_arguments


def _identity(value: Any) -> Any:
    return value


def _has_default(field: Any) -> bool:
    return field.default_value is not MISSING or field.default_factory is not MISSING


def _is_special(type_: Any) -> bool:
    """Return whether Strawberry converts values of this type further: Maybe and GlobalID."""
    while isinstance(type_, StrawberryContainer) and not isinstance(type_, StrawberryMaybe):
        type_ = type_.of_type
    return isinstance(type_, StrawberryMaybe) or type_ is GlobalID
