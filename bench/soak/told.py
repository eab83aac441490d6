"""What voters were told, in a few bytes a ballot, so that ten million of them take a hundred megabytes."""

from array import array
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench.soak.schedule import HOURS

UNSENT, UNKNOWN, ACKNOWLEDGED, REFUSED = range(4)
# Milliseconds: the limits of the classes into which latencies fall.
LIMITS = (5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000)


@dataclass
class Interruption:
    """A kill, and what it took callers until all was as before. Seconds: since the run began, then since the kill.

    resumed: until a ballot was acknowledged that was sent after it. settled: until all were answered who were waiting then.
    """

    at: float
    what: str
    waiting: set[int]
    resumed: float | None = None
    settled: float | None = None


@dataclass
class Hour:
    """Of the ballots that were begun in one hour of the selection: how many, how late, and how long they took."""

    ballots: int = 0
    late: float = 0.0
    longest: float = 0.0
    latencies: list[int] = field(default_factory=lambda: [0] * (len(LIMITS) + 1))

    def within(self, share: float) -> int | None:
        """The milliseconds, rounded up to a limit of a class, within which this share was acknowledged."""
        rank, total = share * sum(self.latencies), 0
        for limit, count in zip(LIMITS, self.latencies, strict=False):
            total += count
            if total >= rank:
                return limit
        return None

    def figures(self) -> dict[str, Any]:
        return {
            "ballots": self.ballots,
            "p50_ms": self.within(0.5),
            "p99_ms": self.within(0.99),
            "longest_s": round(self.longest, 2),
            "late_s": round(self.late, 1),
        }


class Told:
    """What was told of each ballot by its number, from 0 on."""

    def __init__(self, ballots: int) -> None:
        self.outcomes = bytearray(ballots)
        self.ids = array("q", bytes(8 * ballots))  # hashes of the ids under which they were acknowledged
        self.acknowledged = self.resent = self.changed = 0
        self.answers = Counter[str]()
        self.hours = [Hour() for _ in range(HOURS)]
        self.interruptions: list[Interruption] = []
        self._open: list[Interruption] = []
        self._begun: dict[int, float] = {}  # by connection: when the ballot that it has under way was begun

    def begin(self, ballot: int, connection: int, now: float) -> None:
        """A ballot is about to be sent."""
        self.outcomes[ballot] = UNKNOWN
        self._begun[connection] = now

    def acknowledge(self, ballot: int, identity: str, connection: int, sent: float, now: float) -> float:
        """A ballot was acknowledged by the answer to what was sent then; return the seconds since it was begun."""
        self.outcomes[ballot] = ACKNOWLEDGED
        self.ids[ballot] = hash(identity)
        self.acknowledged += 1
        if self._open:
            self._close(connection, sent, now)
        return now - self._begun.pop(connection)

    def refuse(self, ballot: int, connection: int) -> None:
        """A ballot was refused, as none should be."""
        self.outcomes[ballot] = REFUSED
        self._begun.pop(connection)

    def note(self, hour: int, late: float, took: float) -> None:
        """Count a ballot: the seconds that it was begun after it was due, and those that it took."""
        counted = self.hours[hour]
        counted.ballots += 1
        counted.late = max(counted.late, late)
        counted.longest = max(counted.longest, took)
        counted.latencies[bisect_left(LIMITS, 1e3 * took)] += 1

    def interrupt(self, what: str, now: float) -> None:
        """Something is killed now."""
        interruption = Interruption(now, what, set(self._begun), settled=None if self._begun else 0.0)
        self.interruptions.append(interruption)
        self._open.append(interruption)

    def _close(self, connection: int, sent: float, now: float) -> None:
        for each in self._open:
            if each.resumed is None and sent > each.at:
                each.resumed = now - each.at
            if connection in each.waiting:
                each.waiting.discard(connection)
                each.settled = None if each.waiting else now - each.at
        self._open = [each for each in self._open if each.resumed is None or each.waiting]
