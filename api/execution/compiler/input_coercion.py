"""Compiles input types to coercers.

In: an input type, or the variable definitions of an operation. Out: a function from a JSON value to the value that a
resolver is given, or from the variables of a request to those of the operation. It raises CoercionError, or whatever a
scalar raises, without a message for the caller: whoever catches it lets graphql-core coerce again and report the error.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from graphql import (
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, input_is_nested_too_deeply
from graphql.pyutils import is_iterable
from graphql.utilities.coerce_input_value import coerce_default_value

ONLY_STR = {str}
Coercer: TypeAlias = Callable[[Any], Any]


class CoercionError(Exception):
    """A value does not fit its type."""


class InputCoercion:
    """Compiles the input types of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._objects: dict[str, Coercer] = {}

    def variables_coercer(self, operation: OperationDefinitionNode) -> Callable[[Mapping[str, Any]], VariableValues]:
        """Compile the variable definitions of an operation."""
        signatures = [get_variable_signature(self._schema, node) for node in operation.variable_definitions or ()]
        variables = [(s.name, s, self._variable(s)) for s in signatures if isinstance(s, GraphQLVariableSignature)]

        def coerce_variables(request_variables: Mapping[str, Any]) -> VariableValues:
            values, sources = {}, {}
            for name, signature, coerce in variables:
                source = request_variables.get(name, Undefined)
                sources[name] = VariableValueSource(signature, source)
                value = coerce(source)
                if value is not Undefined:
                    values[name] = value
            return VariableValues(sources, values)

        return coerce_variables

    def _variable(self, signature: GraphQLVariableSignature) -> Coercer:
        coerce_value = self.coercer(signature.type)
        default = default_of(signature, signature.default is None and is_non_null_type(signature.type))
        too_deep = input_is_nested_too_deeply if _is_recursive(signature.type) else None

        def coerce(value: Any) -> Any:
            if value is Undefined:
                return default()
            if too_deep is not None and too_deep(value, signature.type):
                raise CoercionError
            return coerce_value(value)

        return coerce

    def coercer(self, type_: GraphQLInputType) -> Coercer:
        """Compile an input type."""
        if is_non_null_type(type_):
            return partial(_coerce_required, self._non_null(type_.of_type))
        return partial(_coerce_nullable, self._non_null(type_))

    def _non_null(self, type_: Any) -> Coercer:
        """Compile a type for values that are not null."""
        if is_list_type(type_):
            item = type_.of_type
            holds_text = is_non_null_type(item) and item.of_type in (GraphQLString, GraphQLID)
            return partial(_coerce_text_list if holds_text else _coerce_list, self.coercer(item))
        if is_input_object_type(type_):
            return partial(self._coerce_object, type_)
        if type_ is GraphQLString or type_ is GraphQLID:
            return partial(_coerce_text, type_.coerce_input_value)
        return partial(_coerce_leaf, type_.coerce_input_value)

    def _coerce_object(self, type_: GraphQLInputObjectType, value: Any) -> Any:
        """Compile the type when its first value comes: types may refer to themselves."""
        if type_.name not in self._objects:
            self._objects[type_.name] = self._object(type_)
        return self._objects[type_.name](value)

    def _object(self, type_: GraphQLInputObjectType) -> Coercer:
        fields = {name: (field.out_name or name, self.coercer(field.type)) for name, field in type_.fields.items()}
        required = {name for name, field in type_.fields.items() if is_required_input_field(field)}
        defaults = {fields[name][0]: coerce_default_value(type_.fields[name]) for name in fields.keys() - required}
        defaults = {name: value for name, value in defaults.items() if value is not Undefined}
        field_names, passes_on = frozenset(type_.fields), type_.out_type is GraphQLInputObjectType.out_type

        def coerce(value: Any) -> Any:
            if not isinstance(value, dict) or not field_names.issuperset(value) or not required <= value.keys():
                raise CoercionError
            out = defaults.copy()
            for name, item in value.items():
                out_name, coerce_field = fields[name]
                out[out_name] = coerce_field(item)
            if type_.is_one_of and (len(value) != 1 or len(out) != 1 or None in out.values()):
                raise CoercionError
            return out if passes_on else type_.out_type(out)

        return coerce


def default_of(argument: Any, required: bool) -> Callable[[], Any]:
    """Return a function that gives the value of an omitted argument or field: its default or Undefined, or an error."""
    return _reject if required else partial(coerce_default_value, argument)


def _reject() -> Any:
    raise CoercionError


def _coerce_required(coerce: Coercer, value: Any) -> Any:
    if value is None or value is Undefined:
        raise CoercionError
    return coerce(value)


def _coerce_nullable(coerce: Coercer, value: Any) -> Any:
    return None if value is None or value is Undefined else coerce(value)


def _coerce_text(coerce: Coercer, value: Any) -> Any:
    return value if type(value) is str else coerce(value)


def _coerce_leaf(coerce: Coercer, value: Any) -> Any:
    coerced = coerce(value)
    if coerced is Undefined:
        raise CoercionError
    return coerced


def _coerce_list(coerce: Coercer, value: Any) -> Any:
    return [coerce(item) for item in value] if is_iterable(value) else [coerce(value)]


def _coerce_text_list(coerce: Coercer, value: Any) -> Any:
    """Coerce a list of texts, mostly long ones of ids, which are mostly right as they are."""
    return value if type(value) is list and set(map(type, value)) == ONLY_STR else _coerce_list(coerce, value)


def _is_recursive(type_: Any, around: frozenset[str] = frozenset()) -> bool:
    """Return whether a value of this type can nest endlessly. around: the names of the types it stands in."""
    while is_list_type(type_) or is_non_null_type(type_):
        type_ = type_.of_type
    if not is_input_object_type(type_):
        return False
    if type_.name in around:
        return True
    return any(_is_recursive(field.type, around | {type_.name}) for field in type_.fields.values())
