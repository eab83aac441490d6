"""In which order a list runs, which page of it is asked for, and cursors that hold while votes arrive.

A cursor holds three things: which list it comes from (a digest of everything that defines the list), the position it
points at, and the order the list had when its first page was read, as one number: the permutation's rank in the
factorial number system, 27 bytes for fifty projects. A later page follows the cursor's order, not today's, so ranks
that move between pages neither repeat a project nor skip one. Nothing is kept on the server, and any server process
can go on.
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
DIGEST = 6  # bytes of the list's digest in a cursor
POSITION = 3  # bytes of the position in a cursor


class Direction(Enum):
    """Which way a list runs."""

    ASC = "The smallest, first or best value leads: number 1, rank 1, A."
    DESC = "The largest, last or worst value leads."


@dataclass(frozen=True, slots=True)
class PageArgs:
    """Which page is wanted, as the GraphQL cursor connections have it: first after, or last before."""

    first: int | None = 20
    after: str | None = None
    last: int | None = None
    before: str | None = None


@dataclass(frozen=True)
class Page:
    """The keys on a page, and what lies around it. Their cursors are made when somebody asks for them."""

    keys: tuple[int, ...]
    positions: range
    cursor: Callable[[int], str]
    has_next: bool
    has_previous: bool
    total: int

    @cached_property
    def cursors(self) -> tuple[str, ...]:
        """The cursor of each key."""
        return tuple(map(self.cursor, self.positions))


def arranged(
    items: Iterable[T], value: Callable[[T], Any], number: Callable[[T], int], direction: Direction
) -> list[T]:
    """Items by a value, those without it last in either direction, equal ones by number."""
    by_number = sorted(items, key=number)
    known = [item for item in by_number if value(item) is not None]
    unknown = [item for item in by_number if value(item) is None]
    return sorted(known, key=value, reverse=direction is Direction.DESC) + unknown


def page(keys: Sequence[int], identity: object, wanted: PageArgs) -> Page:
    """The wanted page of a list of distinct keys. identity is whatever, besides its keys, makes the list this list.

    Raises ApiError BAD_INPUT for a size out of 0..100, and for a cursor that does not come from this list.
    """
    listing = _Listing(keys, identity)
    start, end = 0, len(keys)
    if wanted.after is not None:
        start = listing.follow(wanted.after, "after") + 1
    if wanted.before is not None:
        end = listing.follow(wanted.before, "before")
    start, end = _cut(start, max(start, end), wanted)
    chosen = range(start, end)
    return Page(
        keys=tuple(listing.keys[position] for position in chosen),
        positions=chosen,
        cursor=listing.cursor,
        has_next=end < len(keys),
        has_previous=start > 0,
        total=len(keys),
    )


def _cut(start: int, end: int, wanted: PageArgs) -> tuple[int, int]:
    if wanted.last is not None:
        return max(start, end - page_size(wanted.last, "last")), end
    if wanted.first is None:
        return start, min(end, start + MAX_PAGE_SIZE)
    return start, min(end, start + page_size(wanted.first, "first"))


def page_size(size: int, name: str) -> int:
    """The size, if a page may have it. Raises ApiError BAD_INPUT with the argument's name."""
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


class _Listing:
    """A list's keys in the order that its cursors carry."""

    def __init__(self, keys: Sequence[int], identity: object) -> None:
        self.keys = list(keys)
        self.sorted = sorted(keys)
        self._identity = identity

    @cached_property
    def digest(self) -> bytes:
        """Of everything that makes this list this list."""
        return hashlib.sha256(repr((self._identity, self.sorted)).encode()).digest()[:DIGEST]

    @cached_property
    def order(self) -> bytes:
        """The order that the cursors carry: today's, or the one of the cursor that was followed."""
        return order_number(self.keys, self.sorted)

    def cursor(self, position: int) -> str:
        """The cursor of the item at this position."""
        raw = self.digest + position.to_bytes(POSITION, "big") + self.order
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    def follow(self, cursor: str, name: str) -> int:
        """Take on the cursor's order and return its position."""
        raw = _decoded(cursor)
        position = int.from_bytes(raw[DIGEST : DIGEST + POSITION], "big")
        order, count = raw[DIGEST + POSITION :], len(self.sorted)
        rank = int.from_bytes(order, "big")
        if raw[:DIGEST] != self.digest or position >= count or len(order) != _width(count) or rank >= factorial(count):
            raise _foreign(name)
        self.keys = order_from(rank, self.sorted)
        return position


def _decoded(cursor: str) -> bytes:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _foreign(name: str) -> ApiError:
    return bad_input(
        f"{name}不是此列表的游标。请使用同一列表（相同的筛选、排序和日期）返回的cursor、startCursor或endCursor。",
        f"{name} is no cursor of this list. Use a cursor, startCursor or endCursor that the same list "
        "(same filter, order and day) has returned.",
        argument=name,
    )


def order_number(keys: Sequence[int], ascending: Sequence[int]) -> bytes:
    """The rank of a permutation of `ascending`, 0..n!-1, big-endian, in as many bytes as n!-1 needs."""
    left, rank = list(ascending), 0
    for key in keys:
        place = left.index(key)
        rank = rank * len(left) + place
        left.pop(place)
    return rank.to_bytes(_width(len(keys)), "big")


def _width(count: int) -> int:
    """How many bytes the greatest rank of so many items needs."""
    return ((factorial(count) - 1).bit_length() + 7) // 8


def order_from(rank: int, ascending: Sequence[int]) -> list[int]:
    """The permutation with this rank: the inverse of order_number."""
    places = []
    for base in range(1, len(ascending) + 1):
        rank, place = divmod(rank, base)
        places.append(place)
    left = list(ascending)
    return [left.pop(place) for place in reversed(places)]
