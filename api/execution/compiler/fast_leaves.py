"""Compiles the fast path of leaf types, for their usual values."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import EnumType
from math import inf
from typing import Any

from graphql import GraphQLFloat, GraphQLInt, is_leaf_type, is_non_null_type, is_specified_scalar_type

EXACT_TYPES = {"String": str, "ID": str, "Boolean": bool}
NEVER_AWAITABLE = frozenset((str, int, float, bool, date, datetime))  # nor is what a scalar makes of them


def fast_serializer(type_: Any) -> Callable[[Any], Any] | None:
    """Return what serializes the usual values of a leaf type; it gives None for others, which need the completer."""
    inner = type_.of_type if is_non_null_type(type_) else type_
    if not is_leaf_type(inner):
        return None
    if (exact_type := EXACT_TYPES.get(inner.name)) is not None and is_specified_scalar_type(inner):
        return lambda value: value if type(value) is exact_type else None
    if inner is GraphQLInt:
        return lambda value: value if type(value) is int and -(2**31) <= value < 2**31 else None
    if inner is GraphQLFloat:
        return lambda value: value if type(value) is float and -inf < value < inf else None
    if isinstance(cls := getattr(inner, "wrapped_cls", None), EnumType):
        members: Iterable[Any] = cls
        names = {member.name: inner.coerce_output_value(member) for member in members}
        return lambda value: names[value._name_] if type(value) is cls else None
    serialize = inner.coerce_output_value
    return lambda value: serialize(value) if type(value) in NEVER_AWAITABLE else None
