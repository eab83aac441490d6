"""Sorting, pages, and cursors that stay valid while votes arrive.

A cursor holds three things, and has 28 characters however long its list is: a position, the digest of the order in which
the list was when its first page was read, and a check of both and of everything that defines the list. A later page
follows the cursor's order, not today's, so ranks that move between pages neither repeat a project nor skip one. Where an
order changes by itself, whoever makes the page keeps it and finds it again by its digest.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar

from api.domain.errors import ApiError, bad_input
from api.domain.texts import Text

T = TypeVar("T")
MAX_PAGE_SIZE = 100  # items a page may hold
POSITION_BYTES = 3  # of a cursor
ORDER_BYTES = 12  # of an order's digest in a cursor
CHECK_BYTES = 6  # of a cursor


class Direction(Enum):
    """Which way a list runs."""

    ASC = "The smallest, first or best value leads: number 1, rank 1, A."
    DESC = "The largest, last or worst value leads."

    @property
    def opposite(self) -> "Direction":
        """The other way round."""
        return Direction.DESC if self is Direction.ASC else Direction.ASC


@dataclass(frozen=True, slots=True)
class PageArgs:
    """The arguments of a page, as the GraphQL Cursor Connections specification has them."""

    first: int | None = 20
    after: str | None = None
    last: int | None = None
    before: str | None = None


@dataclass(frozen=True)
class Page:
    """The keys on a page, and whether others lie around it. cursor makes the cursor of a position in the whole list."""

    keys: tuple[int, ...]
    positions: range
    cursor: Callable[[int], str]
    has_next: bool
    has_previous: bool
    total: int

    @cached_property
    def cursors(self) -> tuple[str, ...]:
        """The cursor of each key, made when first asked for."""
        return tuple(map(self.cursor, self.positions))


def sort(
    items: Iterable[T], orders: Sequence[tuple[Callable[[T], Any], Direction]], number: Callable[[T], int]
) -> list[T]:
    """Sort items by the first of these keys, those that it leaves equal by the next, and at last by number.

    Those whose key is None come last in either direction.
    """
    listed = sorted(items, key=number)
    for key, direction in reversed(orders):
        with_key = [item for item in listed if key(item) is not None]
        without_key = [item for item in listed if key(item) is None]
        listed = sorted(with_key, key=key, reverse=direction is Direction.DESC) + without_key
    return listed


def page(keys: Sequence[int], identity: object, page_args: PageArgs) -> Page:
    """Cut the requested page out of a list of distinct keys, whose order changes only when the list is edited.

    identity: what else defines the list, such as its filter. Raises ApiError BAD_INPUT for a size out of 0..100, and for
    a cursor of another list or an earlier order.
    """
    cursors = Cursors(keys, identity)
    resumption = cursors.resume(page_args)
    order = _digest(repr(list(keys)), ORDER_BYTES)
    if resumption.order not in {None, order}:
        raise order_gone(page_args)
    return page_in_order(keys, order, cursors, resumption, page_args)


def page_in_order(
    keys: Sequence[int], order: bytes, cursors: "Cursors", resumption: "Resumption", page_args: PageArgs
) -> Page:
    """Cut the requested page out of a list in the order that has this digest: the resumption's, if it has one."""
    start, end = _slice(resumption.start, max(resumption.start, resumption.end), page_args)
    positions = range(start, end)
    return Page(
        keys=tuple(keys[start:end]),
        positions=positions,
        cursor=lambda position: cursors.encode(position, order),
        has_next=end < len(keys),
        has_previous=start > 0,
        total=len(keys),
    )


def _slice(start: int, end: int, page_args: PageArgs) -> tuple[int, int]:
    if page_args.last is not None:
        return max(start, end - page_size(page_args.last, "last")), end
    if page_args.first is None:
        return start, min(end, start + MAX_PAGE_SIZE)
    return start, min(end, start + page_size(page_args.first, "first"))


def page_size(size: int, name: str) -> int:
    """Return the size if it is 0..100. Raises ApiError BAD_INPUT with the argument's name otherwise."""
    if 0 <= size <= MAX_PAGE_SIZE:
        return size
    raise bad_input(
        Text(
            "{name}须在0至{max_page_size}之间，收到的是{size}。",
            "{name} must be between 0 and {max_page_size}; it was {size}.",
            name=name,
            max_page_size=MAX_PAGE_SIZE,
            size=size,
        ),
        argument=name,
        limit="page",
        most=MAX_PAGE_SIZE,
        actual=size,
    )


class Resumption(NamedTuple):
    """From where to where cursors let a page reach, and the digest of their order; None without a cursor."""

    start: int
    end: int
    order: bytes | None


class Cursors:
    """The cursors of one list, which its members, in any order, and its identity define."""

    def __init__(self, members: Collection[int], identity: object) -> None:
        self._members = members
        self._identity = identity
        self._count = len(members)

    @cached_property
    def _list(self) -> Any:
        """The hash of what defines the list, made when there is a cursor to be written or read."""
        return hashlib.sha256(f"({self._identity!r}, {listed(tuple(sorted(self._members)))})".encode())

    def encode(self, position: int, order: bytes) -> str:
        """Return the cursor of a position in the order with this digest."""
        raw = position.to_bytes(POSITION_BYTES, "big") + order
        check = self._list.copy()
        check.update(raw)
        return base64.urlsafe_b64encode(raw + check.digest()[:CHECK_BYTES]).decode()

    def resume(self, page_args: PageArgs) -> Resumption:
        """Read the cursors of these arguments. Raises ApiError BAD_INPUT for a foreign one, and for two of two orders."""
        after, before = self._decode(page_args.after, "after"), self._decode(page_args.before, "before")
        if after and before and after[1] != before[1]:
            raise _foreign_cursor("before")
        start, end = after[0] + 1 if after else 0, before[0] if before else self._count
        return Resumption(start, end, (after or before or (0, None))[1])

    def _decode(self, cursor: str | None, argument: str) -> tuple[int, bytes] | None:
        """Return a cursor's position and order."""
        if cursor is None:
            return None
        raw = _decode_base64(cursor)
        position, order = int.from_bytes(raw[:POSITION_BYTES], "big"), raw[POSITION_BYTES:-CHECK_BYTES]
        if position >= self._count or len(order) != ORDER_BYTES or self.encode(position, order) != cursor:
            raise _foreign_cursor(argument)
        return position, order


@lru_cache(16)
def listed(numbers: tuple[int, ...]) -> str:
    """Return the text of a list of numbers: of thousands it takes long, and they seldom change."""
    return repr(list(numbers))


def _digest(text: str, size: int) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:size]


def _decode_base64(text: str) -> bytes:
    """Decode base64; b"" for what is none."""
    try:
        return base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _foreign_cursor(argument: str) -> ApiError:
    return bad_input(
        Text(
            "{argument}不是此列表的游标。请使用同一列表（相同的筛选、排序、日期和语言）返回的cursor、"
            "startCursor或endCursor。",
            "{argument} is no cursor of this list. Use a cursor, startCursor or endCursor that the same list "
            "(same filter, order, day and language) has returned.",
            argument=argument,
        ),
        argument=argument,
    )


def order_gone(page_args: PageArgs) -> ApiError:
    """Return the error for a cursor of this list whose order is no longer known."""
    argument = "before" if page_args.after is None else "after"
    return bad_input(
        Text(
            "{argument}所属的列表顺序已失效。请不带{argument}，从第一页重新读取。",
            "{argument} belongs to an order of this list that is no longer kept. Read the list again from "
            "its first page, without {argument}.",
            argument=argument,
        ),
        argument=argument,
    )
