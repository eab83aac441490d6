"""What the ballots of a log are after each ruling, and how many there are of each voting day."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from api.domain.integrity.rulings import MESSAGES, BallotStatus, RulingKind, problem, status_after


@dataclass(slots=True)
class DayCounts:
    """How many ballots of a day there are, and how many of them are held and voided."""

    cast: int = 0
    held: int = 0
    voided: int = 0

    @property
    def counted(self) -> int:
        """How many count."""
        return self.cast - self.held - self.voided

    def add(self, status: BallotStatus, by: int) -> None:
        """Count a ballot that is in this state now, or with -1 no longer."""
        if status is BallotStatus.HELD:
            self.held += by
        elif status is BallotStatus.VOIDED:
            self.voided += by


@dataclass(slots=True)
class BallotStates:
    """Every ballot's day and state. statuses: of those with rulings, by index."""

    days: list[str] = field(default_factory=list)
    counts: list[DayCounts] = field(default_factory=list)
    statuses: dict[int, BallotStatus] = field(default_factory=dict)
    ballots: int = 0
    _codes: "array[int]" = field(default_factory=lambda: array("H"))  # of each entry: 0 for no ballot, else its day's

    def day_code(self, day: str) -> int:
        """Give a day the code by which it is kept, from 1 on."""
        self.days.append(day)
        self.counts.append(DayCounts())
        return len(self.days)

    def add(self, code: int) -> None:
        """Take the next entry, which is a ballot of the day with this code; 0: no ballot."""
        self._codes.append(code)
        if code:
            self.counts[code - 1].cast += 1
            self.ballots += 1

    def rule(self, kind: RulingKind, index: int) -> str | None:
        """Make a ruling on the ballot at this index; return why that cannot be, if it cannot."""
        code = self._codes[index] if index < len(self._codes) else 0
        if not code:
            return f"entry {index} is no ballot that stands before it"
        status = self.statuses.get(index, BallotStatus.COUNTED)
        if (why := problem(status, kind)) is not None:
            return MESSAGES[why].en
        counts, self.statuses[index] = self.counts[code - 1], status_after(kind)
        counts.add(status, -1)
        counts.add(self.statuses[index], 1)
        return None

    def of_day(self, day: str) -> DayCounts:
        """Return the counts of a day, which may have no ballot."""
        return self.counts[self.days.index(day)] if day in self.days else DayCounts()

    def by_day(self) -> Mapping[str, DayCounts]:
        """Return the counts of every day that has a ballot, in order."""
        return {day: self.of_day(day) for day in sorted(self.days)}

    @property
    def total(self) -> DayCounts:
        """The counts of all days together."""
        sums = [sum(getattr(each, name) for each in self.counts) for name in ("cast", "held", "voided")]
        return DayCounts(*sums)
