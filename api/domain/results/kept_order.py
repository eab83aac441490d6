"""The order of results at one moment, in so few bytes that it can be kept: what a cursor refers to while ranks move on."""

import hashlib
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from api.domain.paging import ORDER_BYTES, Direction, listed

NO_VALUE = 0xFFFF  # the place of a project without a value


@dataclass(frozen=True)
class KeptOrder:
    """The places of a campaign's projects among the distinct values of a field, 0 for the smallest: two bytes each.

    basis: the campaign, field and day. Like the numbers of the projects, which `places` goes through upwards, it is in the
    digest: an order is never taken for that of another list.
    """

    basis: str
    numbers: tuple[int, ...]
    places: bytes

    @classmethod
    def of(cls, basis: str, values: Iterable[tuple[int, Any]]) -> "KeptOrder":
        """Make the order of projects with these values, by number; None for a project without a value."""
        pairs = sorted(values, key=lambda pair: pair[0])
        return cls.of_column(basis, tuple(number for number, _ in pairs), [value for _, value in pairs])

    @classmethod
    def of_column(cls, basis: str, numbers: tuple[int, ...], values: Sequence[Any]) -> "KeptOrder":
        """Make the order of projects with these numbers, which go upwards, by their values; None where one has no value."""
        distinct = sorted({*values} - {None})
        places = dict(zip([*distinct, None], [*range(len(distinct)), NO_VALUE], strict=True))
        return cls(basis, numbers, _packed(array("H", map(places.__getitem__, values))))

    @cached_property
    def digest(self) -> bytes:
        """What cursors know it by."""
        return hashlib.sha256(f"{self.basis} {listed(self.numbers)} ".encode() + self.places).digest()[:ORDER_BYTES]

    def sorted(self, direction: Direction) -> Sequence[int]:
        """Return all projects in this order: those without a value last, equal ones by number, in either direction."""
        return self._ascending if direction is Direction.ASC else self._descending

    @cached_property
    def _ascending(self) -> Sequence[int]:
        return self._sorted(reverse=False)

    @cached_property
    def _descending(self) -> Sequence[int]:
        return self._sorted(reverse=True)

    def _sorted(self, *, reverse: bool) -> Sequence[int]:
        places, numbers = _unpacked(self.places), self.numbers
        without = [place for place in range(len(places)) if places[place] == NO_VALUE] if NO_VALUE in places else []
        valued = [place for place in range(len(places)) if places[place] != NO_VALUE] if without else range(len(places))
        ordered = sorted(valued, key=places.__getitem__, reverse=reverse)
        return list(map(numbers.__getitem__, chain(ordered, without)))


def _packed(places: "array[int]") -> bytes:
    """Return them in two bytes each, the lower first."""
    if sys.byteorder == "big":
        places.byteswap()
    return places.tobytes()


def _unpacked(packed: bytes) -> "array[int]":
    places = array("H", packed)
    if sys.byteorder == "big":
        places.byteswap()
    return places
