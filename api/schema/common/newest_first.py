"""Pages of a list whose newest entries come first, by cursors that name an entry: what is added on top moves none."""

import base64
import binascii
from collections.abc import Sequence

from api.domain.errors import bad_input
from api.domain.paging import MAX_PAGE_SIZE, Page, page_size


def page_of_newest(name: str, entries: Sequence[str], first: int | None, after: str | None) -> Page:
    """Return a page of the positions of these entries. name: of the list; it stands in the cursors.

    Raises ApiError BAD_INPUT for a size out of 0..100, and for a cursor of something that is not in the list.
    """
    size = MAX_PAGE_SIZE if first is None else page_size(first, "first")
    start = 0 if after is None else _position(name, entries, after) + 1
    end = min(len(entries), start + size)
    return Page(
        keys=tuple(range(start, end)),
        positions=range(start, end),
        cursor=lambda position: _cursor(name, entries[position]),
        has_next=end < len(entries),
        has_previous=start > 0,
        total=len(entries),
    )


def _position(name: str, entries: Sequence[str], cursor: str) -> int:
    try:
        kind, _, entry = base64.b64decode(cursor, b"-_", validate=True).decode("ascii").partition("/")
    except (binascii.Error, ValueError):
        kind = entry = ""
    if kind == name and entry in entries:
        return entries.index(entry)
    raise bad_input(
        "after不是此列表的游标，或其所指的一项已不在列表中。",
        "after is no cursor of this list, or what it names is not in the list any more. Read the list again from its start.",
        argument="after",
    )


def _cursor(name: str, entry: str) -> str:
    return base64.urlsafe_b64encode(f"{name}/{entry}".encode()).decode()
