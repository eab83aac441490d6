"""Compiles input types to coercers.

In: an input type, or the variable definitions of an operation. Out: a function from a JSON value to the value that a
resolver is given, or from the variables of a request to those of the operation. It raises something, mostly CoercionError,
without a message for the caller: whoever catches it lets graphql-core coerce again and report the error.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeAlias

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
from graphql.execution.values import input_is_nested_too_deeply
from graphql.pyutils import is_iterable
from graphql.utilities.coerce_input_value import coerce_default_value

ONLY_STR = {str}
TEXTS = GraphQLString, GraphQLID
Coercer: TypeAlias = Callable[[Any], Any]


class CoercionError(Exception):
    """A value does not fit its type."""


class Variable(NamedTuple):
    """A variable of an operation. default: gives its value when a request has none."""

    signature: GraphQLVariableSignature
    coerce: Coercer
    default: Callable[[], Any]


class InputCoercion:
    """Compiles the input types of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._objects: dict[str, Coercer] = {}

    def variables(self, operation: OperationDefinitionNode) -> list[Variable]:
        """Compile the variable definitions of an operation."""
        signatures = [get_variable_signature(self._schema, node) for node in operation.variable_definitions or ()]
        return [self._variable(each) for each in signatures if isinstance(each, GraphQLVariableSignature)]

    def _variable(self, signature: GraphQLVariableSignature) -> Variable:
        type_ = signature.type
        coerce = self.coercer(type_)
        if _is_recursive(type_):
            coerce = partial(_coerce_recursive, coerce, type_)
        return Variable(signature, coerce, default_of(signature, signature.default is None and is_non_null_type(type_)))

    def coercer(self, type_: GraphQLInputType) -> Coercer:
        """Compile an input type."""
        if not is_non_null_type(type_):
            return _texts_first(type_, partial(_coerce_nullable, self._non_null(type_)))
        inner = type_.of_type
        if is_input_object_type(inner):
            return self._object(inner)  # which refuses null as it does all that is no object
        return _texts_first(inner, partial(_coerce_required, self._non_null(inner)))

    def _non_null(self, type_: Any) -> Coercer:
        """Compile a type for values that are not null."""
        if is_list_type(type_):
            return partial(_coerce_list, self.coercer(type_.of_type))
        return self._object(type_) if is_input_object_type(type_) else partial(_coerce_leaf, type_.coerce_input_value)

    def _object(self, type_: GraphQLInputObjectType) -> Coercer:
        return compiled_once(self._objects, type_, self._fields)

    def _fields(self, type_: GraphQLInputObjectType) -> Coercer:
        fields = {name: (field.out_name or name, self.coercer(field.type)) for name, field in type_.fields.items()}
        required = {name for name, field in type_.fields.items() if is_required_input_field(field)}
        defaults = {fields[name][0]: coerce_default_value(type_.fields[name]) for name in fields.keys() - required}
        defaults = {name: value for name, value in defaults.items() if value is not Undefined}
        is_one_of, passes_on = type_.is_one_of, type_.out_type is GraphQLInputObjectType.out_type

        def coerce(value: Any) -> Any:
            if not isinstance(value, dict) or not required <= value.keys():
                raise CoercionError
            out = defaults.copy()
            for name, item in value.items():
                out_name, coerce_field = fields[name]  # KeyError: there is no such field
                out[out_name] = coerce_field(item)
            if is_one_of and (len(value) != 1 or len(out) != 1 or None in out.values()):
                raise CoercionError
            return out if passes_on else type_.out_type(out)

        return coerce


def compiled_once(
    compiled: dict[str, Coercer],
    type_: GraphQLInputObjectType,
    compile_type: Callable[[GraphQLInputObjectType], Coercer],
) -> Coercer:
    """Return what an input object type is compiled to, by its name."""
    name = type_.name

    def look_up(value: Any) -> Any:
        """Stand in for it in the type's own fields, which may be of the type itself."""
        return compiled[name](value)

    if name not in compiled:
        compiled[name] = look_up
        try:
            compiled[name] = compile_type(type_)
        except Exception:
            del compiled[name]
            raise
    return compiled[name]


def coerce_variables(variables: list[Variable], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an operation's variables, by name. given: those of a request."""
    values = {}
    for signature, coerce, default in variables:
        value = given.get(signature.name, Undefined)
        value = default() if value is Undefined else coerce(value)
        if value is not Undefined:
            values[signature.name] = value
    return values


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


def _coerce_recursive(coerce: Coercer, type_: GraphQLInputType, value: Any) -> Any:
    if input_is_nested_too_deeply(value, type_):
        raise CoercionError
    return coerce(value)


def _texts_first(type_: Any, coerce: Coercer) -> Coercer:
    """Take texts and lists of texts as they are; all else, and any other type, is coerced."""
    if type_ in TEXTS:
        return partial(_coerce_text, coerce)
    if is_list_type(type_) and is_non_null_type(type_.of_type) and type_.of_type.of_type in TEXTS:
        return partial(_coerce_text_list, coerce)
    return coerce


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
    return value if type(value) is list and set(map(type, value)) == ONLY_STR else coerce(value)


def _is_recursive(type_: Any, around: frozenset[str] = frozenset()) -> bool:
    """Return whether a value of this type can nest endlessly. around: the names of the types it stands in."""
    while is_list_type(type_) or is_non_null_type(type_):
        type_ = type_.of_type
    if not is_input_object_type(type_):
        return False
    if type_.name in around:
        return True
    return any(_is_recursive(field.type, around | {type_.name}) for field in type_.fields.values())
