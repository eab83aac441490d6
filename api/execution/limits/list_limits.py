"""How many items do the lists in an argument hold, be they in the document or in the variables?

Only where the type has a list is anything looked at, so that an operation without lists costs nothing here.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from graphql import (
    GraphQLInputObjectType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
)

from api.execution.limits.formulas import Formula, added, value
from api.limits import Limits

Count: TypeAlias = Callable[[Any], int]  # from a value as JSON has it, whether or not it fits its type
Defaults: TypeAlias = Mapping[str, ValueNode]  # of an operation's variables


class ListLimits:
    """Counts items by the types of a schema. Each count raises ApiError QUERY_TOO_LARGE for a list that is too long."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._objects: dict[str, list[tuple[str, Count]]] = {}

    def written(self, node: ValueNode, type_: Any, defaults: Defaults) -> Formula:
        """How many there are in a value of this type that stands in a valid document."""
        type_ = get_nullable_type(type_)
        if isinstance(node, VariableNode):
            return self._variable(node.name.value, type_, defaults)
        if is_list_type(type_) and not isinstance(node, NullValueNode):
            items = node.values if isinstance(node, ListValueNode) else (node,)
            self._limits.check("items", len(items))
            return added([len(items), *(self.written(item, type_.of_type, defaults) for item in items)])
        if isinstance(node, ObjectValueNode):
            fields = [(field.value, type_.fields[field.name.value].type) for field in node.fields]
            return added(self.written(value, of_type, defaults) for value, of_type in fields)
        return 0

    def _variable(self, name: str, type_: Any, defaults: Defaults) -> Formula:
        count = self._count(type_)
        if count is None:
            return 0
        otherwise = value(self.written(defaults[name], type_, {}), {}) if name in defaults else 0
        return lambda variables: count(variables[name]) if name in variables else otherwise

    def _count(self, type_: Any) -> Count | None:
        """What counts the items in values that are sent for this type; None when it has no list."""
        type_ = get_nullable_type(type_)
        if is_list_type(type_):
            return self._list(self._count(type_.of_type))
        return self._object(type_) if is_input_object_type(type_) else None

    def _list(self, each: Count | None) -> Count:
        most = self._limits.items

        def count(sent: Any) -> int:
            items = sent if isinstance(sent, list) else () if sent is None else (sent,)
            many = len(items)
            if many > most:
                self._limits.check("items", many)
            return many if each is None else many + sum(map(each, items))

        return count

    def _object(self, type_: GraphQLInputObjectType) -> Count:
        if type_.name not in self._objects:
            counts = self._objects[type_.name] = []  # it may name itself: filled before anything is counted
            found = [(name, self._count(field.type)) for name, field in type_.fields.items()]
            counts += [(name, count) for name, count in found if count is not None]
        return partial(_inside, self._objects[type_.name])


def _inside(within: list[tuple[str, Count]], sent: Any) -> int:
    found = 0
    if isinstance(sent, dict):
        for name, count in within:
            if name in sent:
                found += count(sent[name])
    return found
