"""How many ballots are due by when, and what is killed when?"""

import random
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

HOURS, NIGHT = 228, 8  # of the seed's selection, which ends on a noon; of each day, from midnight on
OPENING, LAST, BY_NIGHT = 14.0, 4.5, 0.05  # times the mean
KINDS = ("worker", "worker", "server", "server while it starts", "connection", "postgres")
# Hours in which the oldest worker is spared, and the server above it, to see what becomes of its memory.
SPARED = range(72, 144)


def weights() -> list[float]:
    """The load of each hour by the mean's, which is 1 for all together."""
    fixed = {hour: BY_NIGHT for hour in range(HOURS) if hour % 24 < NIGHT}
    fixed |= {0: OPENING, 1: OPENING, HOURS - 1: LAST}
    rest = (HOURS - sum(fixed.values())) / (HOURS - len(fixed))
    return [fixed.get(hour, rest) for hour in range(HOURS)]


WEIGHTS = weights()
BEFORE = [0.0, *accumulate(WEIGHTS)]  # by hour: the load of all hours before it


def hour_at(fraction: float) -> int:
    """The hour of the selection when so much of the time is over."""
    return min(HOURS - 1, int(fraction * HOURS))


def due(ballots: int, fraction: float) -> int:
    """How many of the ballots should have been sent when so much of the time is over."""
    if fraction >= 1:
        return ballots
    hour, into = divmod(fraction * HOURS, 1)
    return int(ballots * (BEFORE[int(hour)] + WEIGHTS[int(hour)] * into) / HOURS)


def due_at(share: float) -> float:
    """How much of the time is over when this share of the ballots should have been sent."""
    load = share * HOURS
    hour = min(HOURS - 1, bisect_right(BEFORE, load) - 1)
    return (hour + (load - BEFORE[hour]) / WEIGHTS[hour]) / HOURS


class Kill(NamedTuple):
    """What to kill, and when, as a fraction of the run."""

    at: float
    what: str
    spare: bool


def kills(count: int, seed: int) -> list[Kill]:
    """So many, one in each equal part of the run, at any moment of it."""
    chance = random.Random(seed)
    planned = []
    for number in range(count):
        at, what = (number + chance.random()) / count, chance.choice(KINDS)
        spare = hour_at(at) in SPARED
        planned.append(Kill(at, "worker" if spare and what.startswith("server") else what, spare))
    return planned
