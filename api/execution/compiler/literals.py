"""Compiles the values that are written in documents.

In: the node of a value and its type. Out: a reader that makes the value, from the variables where there are some in it.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLInputObjectType,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.utilities.coerce_input_value import coerce_input_literal

from api.execution.compiler.input_coercion import CoercionError, default_of

Variables: TypeAlias = Mapping[str, Any]
ValueReader: TypeAlias = Callable[[Variables], Any]  # Undefined: there is no value


def literal(node: ValueNode, type_: Any) -> ValueReader:
    """Compile a value of this type in a document. Raises CoercionError when graphql-core must read it."""
    if isinstance(node, VariableNode):
        return _variable(node.name.value, is_non_null_type(type_))
    if is_non_null_type(type_):
        return literal(node, type_.of_type)
    if not has_variable(node):
        return _constant(coerce_input_literal(node, type_))
    if is_list_type(type_):
        nodes = node.values if isinstance(node, ListValueNode) else (node,)
        return _list([literal(item, type_.of_type) for item in nodes])
    if is_input_object_type(type_) and isinstance(node, ObjectValueNode):
        return _object(node, type_)
    raise CoercionError


def _variable(name: str, required: bool) -> ValueReader:
    def read(variables: Variables) -> Any:
        value = variables.get(name, Undefined)
        if required and (value is None or value is Undefined):
            raise CoercionError
        return value

    return read


def _constant(value: Any) -> ValueReader:
    if value is Undefined:
        raise CoercionError
    return lambda variables: value


def _list(items: list[ValueReader]) -> ValueReader:
    def read(variables: Variables) -> Any:
        values = [read_item(variables) for read_item in items]
        return [None if value is Undefined else value for value in values]

    return read


def _object(node: ObjectValueNode, type_: GraphQLInputObjectType) -> ValueReader:
    nodes = {field.name.value: field.value for field in node.fields}
    fields = []
    for name, field in type_.fields.items():
        read_field = literal(nodes[name], field.type) if name in nodes else None
        fields.append((field.out_name or name, read_field, default_of(field, is_required_input_field(field))))

    def read(variables: Variables) -> Any:
        out = {}
        for name, read_field, default in fields:
            value = Undefined if read_field is None else read_field(variables)
            if value is Undefined:
                value = default()
            if value is not Undefined:
                out[name] = value
        if type_.is_one_of and (len(nodes) != 1 or len(out) != 1 or None in out.values()):
            raise CoercionError
        return type_.out_type(out)

    return read


def has_variable(node: ValueNode) -> bool:
    """Return whether there is a variable anywhere in a value."""
    if isinstance(node, ListValueNode):
        return any(map(has_variable, node.values))
    if isinstance(node, ObjectValueNode):
        return any(has_variable(field.value) for field in node.fields)
    return isinstance(node, VariableNode)
