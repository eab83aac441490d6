"""Counts the items of lists in arguments, in literals and in variables alike.

Only types that hold a list are counted, so that an operation without lists costs nothing here.
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

from api.execution.limits.formulas import Formula, evaluate, total
from api.limits import Limits, too_large

Maxima: TypeAlias = Mapping[str, Callable[[], int]]  # how long a list may be in any case, by `Input.field`
Counter: TypeAlias = Callable[[Any], int]  # of the items in a JSON value, whether or not it fits its type
Defaults: TypeAlias = Mapping[str, ValueNode]  # of an operation's variables, by name


class ListLimits:
    """Counts items by the types of a schema. Each count raises ApiError QUERY_TOO_LARGE for a list that is too long.

    maxima: of fields that may hold more items than the limit, asked whenever such a list is counted.
    """

    def __init__(self, limits: Limits, maxima: Maxima) -> None:
        self._limits = limits
        self._maxima = maxima
        self._objects: dict[str, list[tuple[str, Counter]]] = {}

    def count(self, node: ValueNode, type_: Any, defaults: Defaults, place: str = "") -> Formula:
        """Count the items in a value of this type in a valid document. place: the field it is the value of, if of any."""
        type_ = get_nullable_type(type_)
        if isinstance(node, VariableNode):
            return self._variable(node.name.value, type_, defaults, place)
        if is_list_type(type_) and not isinstance(node, NullValueNode):
            items = node.values if isinstance(node, ListValueNode) else (node,)
            self._check(len(items), place)
            return total([len(items), *(self.count(item, type_.of_type, defaults) for item in items)])
        if isinstance(node, ObjectValueNode) and is_input_object_type(type_):
            fields = [(field.value, field.name.value) for field in node.fields]
            return total(
                self.count(value, type_.fields[name].type, defaults, f"{type_.name}.{name}") for value, name in fields
            )
        return 0

    def _check(self, length: int, place: str) -> None:
        limit = self._limits.items
        if length > limit and place in self._maxima:
            limit = max(limit, self._maxima[place]())
        if length > limit:
            raise too_large("items", limit, length)

    def _variable(self, name: str, type_: Any, defaults: Defaults, place: str) -> Formula:
        counter = self._counter(type_, place)
        if counter is None:
            return 0
        default = evaluate(self.count(defaults[name], type_, {}, place), {}) if name in defaults else 0
        return lambda variables: counter(variables[name]) if name in variables else default

    def _counter(self, type_: Any, place: str = "") -> Counter | None:
        """Return the counter for values of this type; None when the type holds no list."""
        type_ = get_nullable_type(type_)
        if is_list_type(type_):
            return self._list(self._counter(type_.of_type), place)
        return self._object(type_) if is_input_object_type(type_) else None

    def _list(self, item_counter: Counter | None, place: str) -> Counter:
        limit = self._limits.items

        def count(value: Any) -> int:
            items = value if isinstance(value, list) else () if value is None else (value,)
            length = len(items)
            if length > limit:
                self._check(length, place)
            return length if item_counter is None else length + sum(map(item_counter, items))

        return count

    def _object(self, type_: GraphQLInputObjectType) -> Counter:
        if type_.name not in self._objects:
            counters = self._objects[type_.name] = []  # a type may refer to itself: filled before anything is counted
            all_fields = [
                (name, self._counter(field.type, f"{type_.name}.{name}")) for name, field in type_.fields.items()
            ]
            counters += [(name, counter) for name, counter in all_fields if counter is not None]
        return partial(_count_fields, self._objects[type_.name])


def _count_fields(counters: list[tuple[str, Counter]], value: Any) -> int:
    items = 0
    if isinstance(value, dict):
        for name, counter in counters:
            if name in value:
                items += counter(value[name])
    return items
