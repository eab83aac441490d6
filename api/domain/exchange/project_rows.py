"""Projects as a sheet has them, joined with what is stored of them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

Tree = Mapping[str, Any]


class ProjectRow(NamedTuple):
    """A row of a sheet. values: by the keys of campaign files; None takes a value away, and so does a language's text.

    columns: where in the line the cell of each key begins.
    """

    line: int
    values: Mapping[str, Any]
    columns: Mapping[str, int]


def project_trees(rows: Sequence[ProjectRow], stored: Sequence[Tree], first_number: int) -> list[dict[str, Any]]:
    """The projects that rows make, in their order: what a sheet does not say of a stored one stays.

    A row without a number is of the stored project with its code, else it gets the next free number from the first on.
    """
    by_number = {tree["number"]: tree for tree in stored}
    by_code = {tree["code"]: tree["number"] for tree in stored if tree.get("code")}
    given = {row.values.get("number") for row in rows}
    trees: list[dict[str, Any]] = []
    for row in rows:
        number = row.values.get("number")
        if number is None:
            number = by_code.get(row.values.get("code"))
        if number is None:
            while first_number in given:
                first_number += 1
            number = first_number
            first_number += 1
        trees.append(_joined(by_number.get(number, {}), row.values, number))
    return trees


def _joined(stored: Tree, values: Tree, number: int) -> dict[str, Any]:
    tree = dict(stored)
    for key, value in values.items():
        if isinstance(value, Mapping):
            texts = {**stored.get(key, {}), **value}
            tree[key] = {tag: text for tag, text in texts.items() if text is not None} or None
        else:
            tree[key] = f"{value:f}" if isinstance(value, Decimal) else value
    return {key: value for key, value in {**tree, "number": number}.items() if value is not None}
