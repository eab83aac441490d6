"""What looks odd about ballots: many equal ones, many from one place, many cast too soon, each within a short time.

A suspicion says what was seen, never who did it or that anything is wrong: a school votes from one address, and a ballot
of the thirty leading projects is cast by honest people too. Organizers judge; this only shows them where to look.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

MAX_SPAN_MINUTES = 60  # of a threshold; signals of no suspicion are deleted soon after
MAX_THRESHOLD = 10_000  # ballots


class SuspicionKind(Enum):
    """What the ballots of a suspicion have in common."""

    __hash__ = object.__hash__  # members are equal to themselves alone; Enum's own is not in C

    EQUAL_BALLOTS = "They name exactly the same projects, and were cast within a short time."
    ONE_ADDRESS = "They came from one address (of IPv6, one /64) within a short time."
    ONE_NETWORK = "They came from one network (of IPv4 a /24, of IPv6 a /48) within a short time."
    HASTE = "They were cast sooner after signing in than a person chooses, many of them within a short time."


@dataclass(frozen=True, slots=True)
class Threshold:
    """How many ballots within how many minutes are suspicious."""

    ballots: int
    minutes: int

    @property
    def span(self) -> timedelta:
        """The minutes as a duration."""
        return timedelta(minutes=self.minutes)


Thresholds = Mapping[SuspicionKind, Threshold]


@dataclass(frozen=True, slots=True)
class DetectionConfig:
    """What is looked for, and from how many ballots on. A kind without a threshold is not looked for.

    min_seconds: a ballot cast sooner after signing in is cast in haste. retention: how long suspicions and their signals
    are kept; zero means that nothing is noted at all.
    """

    thresholds: Thresholds
    min_seconds: int
    retention: timedelta


DEFAULT_DETECTION = "EQUAL_BALLOTS=30/10 ONE_ADDRESS=50/10 ONE_NETWORK=200/10 HASTE=30/10 SECONDS=3 DAYS=7"
THRESHOLD = re.compile(r"([0-9]{1,5})/([0-9]{1,2})")
MAX_VALUES = {"SECONDS": 600, "DAYS": 90}


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Ballots of one voting day that have something in common, from the first to the last that were too close in time.

    number grows with every new suspicion; key is what the ballots share, as a keyed hash. held and voided are among ballots.
    """

    number: int
    key: str
    campaign: str
    kind: SuspicionKind
    first_at: datetime
    last_at: datetime
    ballots: int
    held: int
    voided: int


def parse_detection_config(text: str) -> DetectionConfig:
    """Read a setting such as `ONE_ADDRESS=100/10 HASTE=off DAYS=3`; the rest is DEFAULT_DETECTION. Raises ValueError."""
    values: dict[str, str] = {}
    for word in f"{DEFAULT_DETECTION} {text}".split():
        name, _, value = word.partition("=")
        if name not in SuspicionKind.__members__ and name not in MAX_VALUES:
            raise ValueError(f"give words like {DEFAULT_DETECTION}, not {word}")
        values[name] = value
    seconds, days = (_parse_number(name, values[name]) for name in MAX_VALUES)
    enabled = [kind for kind in SuspicionKind if values[kind.name] != "off" and days]
    thresholds = {kind: _parse_threshold(kind.name, values[kind.name]) for kind in enabled}
    return DetectionConfig(thresholds, seconds, timedelta(days=days))


def _parse_threshold(name: str, value: str) -> Threshold:
    match = THRESHOLD.fullmatch(value)
    if match and 2 <= int(match[1]) <= MAX_THRESHOLD and 1 <= int(match[2]) <= MAX_SPAN_MINUTES:
        return Threshold(int(match[1]), int(match[2]))
    limits = f"2 to {MAX_THRESHOLD} ballots in 1 to {MAX_SPAN_MINUTES} minutes"
    raise ValueError(f"give {name}=BALLOTS/MINUTES, {limits}, or {name}=off, not {name}={value}")


def _parse_number(name: str, value: str) -> int:
    if value.isascii() and value.isdigit() and len(value) < 4 and int(value) <= MAX_VALUES[name]:
        return int(value)
    raise ValueError(f"give {name} as a number from 0 to {MAX_VALUES[name]}, not {value}")


def burst(moments: Sequence[datetime], threshold: Threshold) -> tuple[datetime, datetime] | None:
    """From the first to the last of these ascending moments that have enough others within one span; None if none has."""
    others = threshold.ballots - 1
    dense = [
        (first, last) for first, last in zip(moments, moments[others:], strict=False) if last - first <= threshold.span
    ]
    return (dense[0][0], dense[-1][1]) if dense else None
