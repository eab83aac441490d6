"""Values of a tree as it came, before anything has checked them: those of another type are passed over."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from api.formats.campaign.findings import Tree, child

K = TypeVar("K")


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


def value_at(tree: Any, type_: type[K], *place: str) -> K | None:
    """Return the value at this place if it is of exactly this type (a bool is not an int), else None."""
    for step in place:
        tree = child(tree, step)
    return tree if type(tree) is type_ else None
