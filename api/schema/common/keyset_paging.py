"""Keyset pagination of lists that only grow: their entries are numbered upwards and listed downwards."""

import base64
import binascii
from collections.abc import Sequence

from api.domain.errors import bad_input
from api.domain.paging import Page
from api.domain.texts import Text


def keyset_page(name: str, numbers: Sequence[int], size: int, after: str | None, total: int) -> Page:
    """Return the page of the first `size` of these numbers; that there are more of them means that a page follows.

    name: of the list, such as `trail`; it stands in the cursors.
    """
    keys = tuple(numbers[:size])
    return Page(
        keys=keys,
        positions=range(len(keys)),
        cursor=lambda position: _encode_cursor(name, keys[position]),
        has_next=len(numbers) > size,
        has_previous=after is not None,
        total=total,
    )


def decode_cursor(cursor: str | None, name: str) -> int | None:
    """Return the number in a cursor, below which the next page begins. Raises ApiError BAD_INPUT for a foreign cursor."""
    if cursor is None:
        return None
    try:
        kind, _, number = base64.b64decode(cursor, b"-_", validate=True).partition(b"/")
    except (binascii.Error, ValueError):
        kind = number = b""
    if kind == name.encode() and number.isdigit() and len(number) < 19:
        return int(number)
    raise bad_input(
        Text("after不是此列表的游标。", "after is no cursor of this list. Use an endCursor that it has returned."),
        argument="after",
    )


def _encode_cursor(name: str, number: int) -> str:
    return base64.urlsafe_b64encode(f"{name}/{number}".encode()).decode()
