"""Values of a tree as it came, before anything has checked them: those of another type are passed over."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from api.formats.campaign.checks import signed_number
from api.formats.campaign.findings import Tree, child

K = TypeVar("K")
E = TypeVar("E", bound=Enum)


def tables(tree: Tree, name: str) -> Iterator[tuple[int, Tree]]:
    rows = value_at(tree, list, name) or []
    yield from ((index, row) for index, row in enumerate(rows) if isinstance(row, dict))


def values_in(tree: Tree, table: str, name: str, type_: type[K]) -> Iterator[tuple[int, K]]:
    for index, row in tables(tree, table):
        if (value := value_at(row, type_, name)) is not None:
            yield index, value


def time_at(tree: Tree, *place: str) -> datetime | None:
    instant = value_at(tree, datetime, *place)
    return instant if instant is not None and instant.tzinfo is not None else None


def member_at(tree: Any, enum: type[E], name: str, default: E | None = None) -> E | None:
    """Return the member of an enum that is named at this key, the default where there is no such key, else None."""
    found = child(tree, name)
    if found is None:
        return default
    return enum[found] if isinstance(found, str) and found in enum.__members__ else None


def number_at(tree: Any, *place: str) -> Decimal | None:
    """Return the exact number at this place; None where there is none."""
    for step in place:
        tree = child(tree, step)
    try:
        return signed_number(tree)
    except ValueError:
        return None


def value_at(tree: Any, type_: type[K], *place: str) -> K | None:
    """Return the value at this place if it is of exactly this type (a bool is not an int), else None."""
    for step in place:
        tree = child(tree, step)
    return tree if type(tree) is type_ else None
