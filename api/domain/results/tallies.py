"""How many ballots chose each project: counts per voting day, and the recount that must equal them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from api.domain.voting.ballots import numbers_in


@dataclass(frozen=True)
class Counts:
    """What has been counted in one campaign: per voting day the ballots, and per day and project number the votes.

    A vote is one ballot's choice of one project. Ballots and votes are those that count; held and voided ballots are
    counted apart, and their votes nowhere. What is absent is 0.
    """

    ballots: Mapping[date, int]
    votes: Mapping[date, Mapping[int, int]]
    held: Mapping[date, int] = field(default_factory=dict)
    voided: Mapping[date, int] = field(default_factory=dict)

    @property
    def cast(self) -> int:
        """All ballots that were cast, whether or not they count."""
        return sum(sum(days.values()) for days in (self.ballots, self.held, self.voided))


NOTHING = Counts({}, {})


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the tallies and the ballots disagree; what is `ballots`, `held ballots`, `votes of project 3` and so on."""

    day: date
    what: str
    tallied: int
    recounted: int


def recount(choices: bytes, width: int) -> Counter[int]:
    """Votes per project number over many ballots' bitmaps of `width` bytes laid end to end.

    Every byte column is counted as a whole before a bit is looked at, so a million ballots take a fraction of a second.
    """
    votes: Counter[int] = Counter()
    for column in range(width):
        for byte, times in Counter(choices[column::width]).items():
            for number in numbers_in(bytes([byte])):
                votes[8 * column + number] += times
    return votes


def differences(tallied: Counts, recounted: Counts) -> tuple[Difference, ...]:
    """Everything in which two counts of the same ballots differ, by day; empty when they agree."""
    ours, theirs = _figures(tallied), _figures(recounted)
    places = sorted({*ours, *theirs})
    return tuple(
        Difference(day, what, ours.get((day, order, what), 0), theirs.get((day, order, what), 0))
        for day, order, what in places
        if ours.get((day, order, what), 0) != theirs.get((day, order, what), 0)
    )


def _figures(counts: Counts) -> dict[tuple[date, int, str], int]:
    """Every number in a count by its day, its place in the report, and its name there."""
    kinds = (("ballots", counts.ballots), ("held ballots", counts.held), ("voided ballots", counts.voided))
    ballots = {(day, 0, name): count for name, days in kinds for day, count in days.items()}
    votes = counts.votes.items()
    return ballots | {(day, n, f"votes of project {n}"): v for day, projects in votes for n, v in projects.items()}
