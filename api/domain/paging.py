"""Sorting, pages, and cursors that stay valid while votes arrive.

A cursor holds three things: a digest of everything that defines its list, a position in it, and the order the list had
when its first page was read, as one number: the permutation's rank in the factorial number system, 27 bytes for fifty
projects. A later page follows the order in the cursor, not today's, so ranks that move between pages neither repeat a
project nor skip one. The server keeps no state, and any of its processes can serve the next page.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from math import factorial
from typing import Any, TypeVar

from api.domain.errors import ApiError, bad_input

T = TypeVar("T")
MAX_PAGE_SIZE = 100  # items a page may hold
DIGEST_BYTES = 6  # of a list's digest in a cursor
POSITION_BYTES = 3  # of the position in a cursor


class Direction(Enum):
    """Which way a list runs."""

    ASC = "The smallest, first or best value leads: number 1, rank 1, A."
    DESC = "The largest, last or worst value leads."


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


def sort(items: Iterable[T], key: Callable[[T], Any], number: Callable[[T], int], direction: Direction) -> list[T]:
    """Sort items by key, those whose key is None last in either direction, and equal ones by number."""
    by_number = sorted(items, key=number)
    with_key = [item for item in by_number if key(item) is not None]
    without_key = [item for item in by_number if key(item) is None]
    return sorted(with_key, key=key, reverse=direction is Direction.DESC) + without_key


def page(keys: Sequence[int], identity: object, page_args: PageArgs) -> Page:
    """Cut the requested page out of a list of distinct keys. identity: what else defines the list, such as its filter.

    Raises ApiError BAD_INPUT for a size out of 0..100, and for a cursor of another list.
    """
    cursors = Cursors(keys, identity)
    start, end = 0, len(keys)
    if page_args.after is not None:
        start = cursors.resume(page_args.after, "after") + 1
    if page_args.before is not None:
        end = cursors.resume(page_args.before, "before")
    start, end = _slice(start, max(start, end), page_args)
    positions = range(start, end)
    return Page(
        keys=tuple(cursors.keys[position] for position in positions),
        positions=positions,
        cursor=cursors.encode,
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
        f"{name}须在0至{MAX_PAGE_SIZE}之间，收到的是{size}。",
        f"{name} must be between 0 and {MAX_PAGE_SIZE}; it was {size}.",
        argument=name,
        limit="page",
        most=MAX_PAGE_SIZE,
        actual=size,
    )


class Cursors:
    """The cursors of one list; keys are in the order that they carry."""

    def __init__(self, keys: Sequence[int], identity: object) -> None:
        self.keys = list(keys)
        self.sorted = sorted(keys)
        self._identity = identity

    @cached_property
    def digest(self) -> bytes:
        """A digest of everything that defines this list."""
        return hashlib.sha256(repr((self._identity, self.sorted)).encode()).digest()[:DIGEST_BYTES]

    @cached_property
    def order(self) -> bytes:
        """The order that the cursors carry: today's, or that of the cursor from which the list was resumed."""
        return permutation_rank(self.keys, self.sorted)

    def encode(self, position: int) -> str:
        """Return the cursor of the item at this position."""
        raw = self.digest + position.to_bytes(POSITION_BYTES, "big") + self.order
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def resume(self, cursor: str, argument: str) -> int:
        """Put the keys in the cursor's order and return its position. Raises ApiError BAD_INPUT for a foreign cursor."""
        raw = _decode(cursor)
        digest, rest = raw[:DIGEST_BYTES], raw[DIGEST_BYTES:]
        position, order = int.from_bytes(rest[:POSITION_BYTES], "big"), rest[POSITION_BYTES:]
        rank, count = int.from_bytes(order, "big"), len(self.sorted)
        if digest != self.digest or position >= count or len(order) != _rank_bytes(count) or rank >= factorial(count):
            raise _foreign_cursor(argument)
        self.keys = permutation(rank, self.sorted)
        return position


def _decode(cursor: str) -> bytes:
    """Decode base64; b"" for what is none."""
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _foreign_cursor(argument: str) -> ApiError:
    return bad_input(
        f"{argument}不是此列表的游标。请使用同一列表（相同的筛选、排序和日期）返回的cursor、startCursor或endCursor。",
        f"{argument} is no cursor of this list. Use a cursor, startCursor or endCursor that the same list "
        "(same filter, order and day) has returned.",
        argument=argument,
    )


def permutation_rank(keys: Sequence[int], ascending: Sequence[int]) -> bytes:
    """Return the rank of a permutation of `ascending`, 0..n!-1, big-endian, in as many bytes as n!-1 needs."""
    remaining, rank = list(ascending), 0
    for key in keys:
        index = remaining.index(key)
        rank = rank * len(remaining) + index
        remaining.pop(index)
    return rank.to_bytes(_rank_bytes(len(keys)), "big")


def _rank_bytes(count: int) -> int:
    """Return how many bytes the greatest rank of so many items needs."""
    return ((factorial(count) - 1).bit_length() + 7) // 8


def permutation(rank: int, ascending: Sequence[int]) -> list[int]:
    """Return the permutation with this rank: the inverse of permutation_rank."""
    indices = []
    for base in range(1, len(ascending) + 1):
        rank, index = divmod(rank, base)
        indices.append(index)
    remaining = list(ascending)
    return [remaining.pop(index) for index in reversed(indices)]
