"""How lists are paged that only grow at their front: by the number of an entry, which grows with every new one."""

import base64
import binascii
from collections.abc import Sequence

from api.domain.errors import bad_input
from api.domain.paging import Page


def growing_page(name: str, numbers: Sequence[int], size: int, after: str | None, total: int) -> Page:
    """The page of the first `size` of these numbers; one more of them says that there is a next page."""
    shown = tuple(numbers[:size])
    return Page(
        keys=shown,
        positions=range(len(shown)),
        cursor=lambda position: _cursor(name, shown[position]),
        has_next=len(numbers) > size,
        has_previous=after is not None,
        total=total,
    )


def number_after(cursor: str | None, name: str) -> int | None:
    """The number below which the page begins that this cursor leads to. Raises ApiError BAD_INPUT for one of another list."""
    if cursor is None:
        return None
    try:
        kind, _, number = base64.b64decode(cursor, b"-_", validate=True).partition(b"/")
    except (binascii.Error, ValueError):
        kind = number = b""
    if kind == name.encode() and number.isdigit() and len(number) < 19:
        return int(number)
    raise bad_input(
        "after不是此列表的游标。",
        "after is no cursor of this list. Use an endCursor that it has returned.",
        argument="after",
    )


def _cursor(name: str, number: int) -> str:
    return base64.urlsafe_b64encode(f"{name}/{number}".encode()).decode()
