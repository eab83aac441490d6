"""Which choices has a ballot that nobody else has, and whose are these choices?

Drawn at random, ten million ballots of twenty projects would have an equal pair, which nobody could tell from a ballot that is
stored twice. So the choices of ballot n are the combination of a number that follows from n, and from them n can be told.
"""

import random
from bisect import bisect_right
from math import comb, gcd

PROJECTS, CHOSEN = 50, 20
ALL = comb(PROJECTS, CHOSEN)
# Of combinations in colexicographic order: how many come before those whose k-th smallest member is m.
BEFORE = [[comb(member, k) for member in range(PROJECTS)] for k in range(CHOSEN + 1)]
BYTES = (PROJECTS + 7) // 8


def _steps() -> list[list[list[tuple[int, int]]]]:
    """By place of a byte, members before it, and byte: what it adds to the rank, and how many members there are then."""
    return [
        [[_step(place, before, byte) for byte in range(256)] for before in range(CHOSEN + 1)] for place in range(BYTES)
    ]


def _step(place: int, before: int, byte: int) -> tuple[int, int]:
    rank, members = 0, before
    for bit in range(8):
        if byte >> bit & 1:
            members += 1
            member = 8 * place + bit
            rank += BEFORE[members][member] if members <= CHOSEN and member < PROJECTS else ALL
    return rank, min(members, CHOSEN)


STEPS = _steps()


class Choices:
    """The choices of every ballot of a run."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(f"choices {seed}")
        self._factor = next(drawn for drawn in iter(lambda: chance.randrange(1, ALL), 0) if gcd(drawn, ALL) == 1)
        self._offset = chance.randrange(ALL)
        self._inverse = pow(self._factor, -1, ALL)

    def of(self, ballot: int) -> list[int]:
        """The projects of a ballot, each as its number less one, the greatest first."""
        rank, chosen = (ballot * self._factor + self._offset) % ALL, []
        for k in range(CHOSEN, 0, -1):
            member = bisect_right(BEFORE[k], rank) - 1
            rank -= BEFORE[k][member]
            chosen.append(member)
        return chosen

    def whose(self, stored: bytes) -> int:
        """The ballot that has the choices which are stored as this: bit n-1, from the first byte's lowest on, is project n.

        A number that no ballot has where the choices are none of these.
        """
        rank, members = 0, 0
        for place, byte in enumerate(stored):
            if byte:
                added, members = STEPS[place][members][byte] if place < BYTES else (ALL, CHOSEN)
                rank += added
        if rank >= ALL or members != CHOSEN:
            return ALL
        return (rank - self._offset) * self._inverse % ALL
