"""The order of results at one moment, in so few bytes that it can be kept: what a cursor refers to while ranks move on."""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.domain.paging import ORDER_BYTES, Direction

NO_VALUE = 0xFFFF  # the place of a project without a value


@dataclass(frozen=True)
class KeptOrder:
    """The places of a campaign's projects among the distinct values of a field, 0 for the smallest: two bytes each.

    basis: the campaign, field and day. Like the numbers of the projects, which `places` goes through upwards, it is in the
    digest: an order is never taken for that of another list.
    """

    basis: str
    numbers: list[int]
    places: bytes

    @classmethod
    def of(cls, basis: str, values: Iterable[tuple[int, Any]]) -> "KeptOrder":
        """Make the order of projects with these values, by number; None for a project without a value."""
        listed = sorted(values, key=lambda item: item[0])
        distinct = sorted({value for _, value in listed if value is not None})
        places = {value: place for place, value in enumerate(distinct)} | {None: NO_VALUE}
        numbers = [number for number, _ in listed]
        return cls(basis, numbers, struct.pack(f"<{len(listed)}H", *(places[value] for _, value in listed)))

    @cached_property
    def digest(self) -> bytes:
        """What cursors know it by."""
        return hashlib.sha256(f"{self.basis} {self.numbers} ".encode() + self.places).digest()[:ORDER_BYTES]

    def sorted(self, direction: Direction) -> list[int]:
        """Return all projects in this order: those without a value last, equal ones by number, in either direction."""
        places = struct.unpack(f"<{len(self.numbers)}H", self.places)
        by_number = list(zip(places, self.numbers, strict=True))
        valued = [item for item in by_number if item[0] != NO_VALUE]
        valued.sort(key=lambda item: item[0], reverse=direction is Direction.DESC)
        return [number for _, number in valued] + [number for place, number in by_number if place == NO_VALUE]
