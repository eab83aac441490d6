"""Counts of ballots and votes per voting day, and the recount of the stored ballots that must equal them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from api.domain.voting.ballots import positions_in
from api.domain.voting.channels import Channel

T = TypeVar("T")


@dataclass(frozen=True)
class Counts:
    """The counts of one campaign: ballots by voting day, and votes by day and position of the project. What is absent is 0.

    A vote is one ballot's choice of one project. Held and voided ballots are counted apart, and their votes nowhere. Votes
    that are voided on ballots that count are under the negative position of their project: they are choices, and no more.
    channels: the ballots by voting day and the channel that they came by.
    """

    ballots: Mapping[date, int]
    votes: Mapping[date, Mapping[int, int]]
    held: Mapping[date, int] = field(default_factory=dict)
    voided: Mapping[date, int] = field(default_factory=dict)
    channels: Mapping[date, Mapping[Channel, int]] = field(default_factory=dict)

    @property
    def cast(self) -> int:
        """How many ballots were cast, whether or not they count."""
        return sum(sum(days.values()) for days in (self.ballots, self.held, self.voided))

    @property
    def choices(self) -> int:
        """How many choices all ballots that count make together."""
        return sum(sum(votes.values()) for votes in self.votes.values())

    def without(self, positions: Collection[int]) -> "Counts":
        """Return the counts with no votes for these projects."""
        votes = {day: {p: n for p, n in of_day.items() if p not in positions} for day, of_day in self.votes.items()}
        return replace(self, votes=votes) if positions else self

    def of(self, days: Collection[date]) -> "Counts":
        """Return the counts of these days alone."""
        ballots, held, voided = (_of(days, counts) for counts in (self.ballots, self.held, self.voided))
        return Counts(ballots, _of(days, self.votes), held, voided, _of(days, self.channels))


def _of(days: Collection[date], values: Mapping[date, T]) -> dict[date, T]:
    return {day: value for day, value in values.items() if day in days}


NOTHING = Counts({}, {})


@dataclass(frozen=True, slots=True)
class Difference:
    """One number in which tallies and recount disagree; what is `ballots`, `held ballots`, `votes of project 3` and so on."""

    day: date
    what: str
    tallied: int
    recounted: int


def recount(choices: bytes, width: int) -> Counter[int]:
    """Count the votes per position over many ballots' bitmaps of `width` bytes laid end to end.

    Equal bytes of a column are counted before their bits are read, so a million ballots take a fraction of a second.
    """
    votes: Counter[int] = Counter()
    for column in range(width):
        for byte, times in Counter(choices[column::width]).items():
            for position in positions_in(bytes([byte])):
                votes[8 * column + position] += times
    return votes


def differences(tallied: Counts, recounted: Counts, numbers: Mapping[int, int] | None = None) -> tuple[Difference, ...]:
    """Return every number in which two counts of the same ballots differ, by day; () when they agree.

    numbers: those of the projects by position, which they are called by.
    """
    ours, theirs = _numbers(tallied, numbers or {}), _numbers(recounted, numbers or {})
    return tuple(
        Difference(day, what, ours.get((day, order, what), 0), theirs.get((day, order, what), 0))
        for day, order, what in sorted({*ours, *theirs})
        if ours.get((day, order, what), 0) != theirs.get((day, order, what), 0)
    )


def _numbers(counts: Counts, numbers: Mapping[int, int]) -> dict[tuple[date, int, str], int]:
    """Return every number of a count by its day, its place in the report, and its name there."""
    kinds = (("ballots", counts.ballots), ("held ballots", counts.held), ("voided ballots", counts.voided))
    ballots = {(day, 0, name): count for name, days in kinds for day, count in days.items()}
    votes = counts.votes.items()
    return ballots | {
        (day, abs(n), f"{'voided ' if n < 0 else ''}votes of project {numbers.get(abs(n), abs(n))}"): v
        for day, projects in votes
        for n, v in projects.items()
    }
