"""How what a caller sends becomes what a resolver is given: a closure for each input type, made once.

A closure returns the value, or raises Unfit (or whatever a scalar raises). It never says what is wrong: whoever catches
that asks graphql-core, which does it again and reports it in its own words.
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

TEXT = {str}
Coerce: TypeAlias = Callable[[Any], Any]


class CoercionError(Exception):
    """A value that its type does not take."""


class InputCoercion:
    """The coercions of a schema's input types."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._objects: dict[str, Coerce] = {}

    def variables(self, operation: OperationDefinitionNode) -> Callable[[Mapping[str, Any]], VariableValues]:
        """What turns the variables of a request into those of this operation. It raises when one is unfit."""
        found = [get_variable_signature(self._schema, node) for node in operation.variable_definitions or ()]
        readers = [(s.name, s, self._variable(s)) for s in found if isinstance(s, GraphQLVariableSignature)]

        def coerced(given: Mapping[str, Any]) -> VariableValues:
            values, sources = {}, {}
            for name, signature, read in readers:
                sent = given.get(name, Undefined)
                sources[name] = VariableValueSource(signature, sent)
                value = read(sent)
                if value is not Undefined:
                    values[name] = value
            return VariableValues(sources, values)

        return coerced

    def _variable(self, signature: GraphQLVariableSignature) -> Coerce:
        coerce = self.coercion(signature.type)
        missing = partial(coerce_default_value, signature)
        if signature.default is None and is_non_null_type(signature.type):
            missing = partial(_unfit, None)
        deep = input_is_nested_too_deeply if _recursive(signature.type) else None

        def read(value: Any) -> Any:
            if value is Undefined:
                return missing()
            if deep is not None and deep(value, signature.type):
                raise CoercionError
            return coerce(value)

        return read

    def coercion(self, type_: GraphQLInputType) -> Coerce:
        """The coercion of a value that was sent for this type."""
        if is_non_null_type(type_):
            return partial(_required, self._present(type_.of_type))
        return partial(_optional, self._present(type_))

    def _present(self, type_: Any) -> Coerce:
        """The coercion of a value that is not null."""
        if is_list_type(type_):
            item = type_.of_type
            texts = is_non_null_type(item) and item.of_type in (GraphQLString, GraphQLID)
            return partial(_texts if texts else _list, self.coercion(item))
        if is_input_object_type(type_):
            return partial(self._any_object, type_)
        if type_ is GraphQLString or type_ is GraphQLID:
            return partial(_text, type_.coerce_input_value)
        return partial(_leaf, type_.coerce_input_value)

    def _any_object(self, type_: GraphQLInputObjectType, value: Any) -> Any:
        """Types may name themselves, so the coercion of an object is made when the first one arrives."""
        if type_.name not in self._objects:
            self._objects[type_.name] = self._object(type_)
        return self._objects[type_.name](value)

    def _object(self, type_: GraphQLInputObjectType) -> Coerce:
        fields = [
            (name, field.out_name or name, self.coercion(field.type), default_of(field, is_required_input_field(field)))
            for name, field in type_.fields.items()
        ]
        known = frozenset(type_.fields)

        def coerce(value: Any) -> Any:
            if not isinstance(value, dict) or not known.issuperset(value):
                raise CoercionError
            out = {}
            for name, out_name, field, default in fields:
                found = field(value[name]) if name in value else default()
                if found is not Undefined:
                    out[out_name] = found
            if type_.is_one_of and (len(value) != 1 or len(out) != 1 or None in out.values()):
                raise CoercionError
            return type_.out_type(out)

        return coerce


def default_of(argument: Any, required: bool) -> Callable[[], Any]:
    """What stands for an argument or field that was left out: its default, Undefined, or Unfit."""
    return partial(_unfit, None) if required else partial(coerce_default_value, argument)


def _unfit(_value: Any) -> Any:
    raise CoercionError


def _required(coerce: Coerce, value: Any) -> Any:
    if value is None or value is Undefined:
        raise CoercionError
    return coerce(value)


def _optional(coerce: Coerce, value: Any) -> Any:
    return None if value is None or value is Undefined else coerce(value)


def _text(coerce: Coerce, value: Any) -> Any:
    return value if type(value) is str else coerce(value)


def _leaf(coerce: Coerce, value: Any) -> Any:
    coerced = coerce(value)
    if coerced is Undefined:
        raise CoercionError
    return coerced


def _list(coerce: Coerce, value: Any) -> Any:
    return [coerce(item) for item in value] if is_iterable(value) else [coerce(value)]


def _texts(coerce: Coerce, value: Any) -> Any:
    """_list for the items that are most often sent many at a time, and most often right as they are."""
    return value if type(value) is list and set(map(type, value)) == TEXT else _list(coerce, value)


def _recursive(type_: Any, within: frozenset[str] = frozenset()) -> bool:
    """Whether a value of this type can nest without end."""
    while is_list_type(type_) or is_non_null_type(type_):
        type_ = type_.of_type
    if not is_input_object_type(type_):
        return False
    if type_.name in within:
        return True
    return any(_recursive(field.type, within | {type_.name}) for field in type_.fields.values())
