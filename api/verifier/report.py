"""What a verification says: the verdict, the first finding, figures, notes, and what nobody can check from a log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.verifier.ballot_states import DayCounts
from api.verifier.findings import Finding, Verdict
from api.verifier.note_signatures import Cosigned

FORMAT = "pingxuan/verification/v1"
UNCHECKABLE = (
    "that every ballot is one voter's, and that voters are people: the log names nobody",
    "when a ballot was cast within its day, and so whether it came within the hours and outside of pauses",
)
EARLIER_RESULTS = "results that were published before the last one: only that is recounted"
VOIDED_BY_TIME = (
    "votes that organizers have voided by time: openings have no times, so their number is taken from the result"
)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A voting day: its ballots in the log, and how many people signed in, where the log says so."""

    counts: DayCounts
    sign_ins: int | None


@dataclass(slots=True)
class Report:
    """All that is known of a log by the end of its verification, or by the first finding."""

    verdict: Verdict = Verdict.BROKEN
    finding: Finding | None = None
    origin: str | None = None
    size: int | None = None
    root: bytes | None = None
    keys: tuple[str, ...] = ()
    keys_given: bool = False
    witnesses: tuple[Cosigned, ...] = ()
    earlier: int = 0  # checkpoints seen before with which the log was compared
    days: Mapping[str, DayFigures] = field(default_factory=dict)
    total: DayCounts = field(default_factory=DayCounts)
    votes: Mapping[int, int] | None = None
    voided_votes: Mapping[int, int] | None = None
    selections: int = 0
    waiting_for: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=lambda: [*UNCHECKABLE])

    def tree(self) -> dict[str, Any]:
        """Return the report as one object of JSON, which docs/verifier.md states."""
        return {
            "format": FORMAT,
            "verdict": self.verdict.name,
            "finding": None if self.finding is None else self.finding.tree(),
            "log": {
                "origin": self.origin,
                "size": self.size,
                "root": None if self.root is None else self.root.hex(),
                "keys": list(self.keys),
                "keysGiven": self.keys_given,
                "witnesses": [
                    {"name": each.name, "at": each.at and each.at.isoformat().replace("+00:00", "Z")}
                    for each in self.witnesses
                ],
                "earlierCheckpoints": self.earlier,
            },
            "ballots": _counts(self.total),
            "days": [
                {"day": day, **_counts(figures.counts), "signIns": figures.sign_ins}
                for day, figures in self.days.items()
            ],
            "votes": None if self.votes is None else self._votes(self.votes),
            "selections": self.selections,
            "waitingFor": list(self.waiting_for),
            "notes": self.notes,
            "unchecked": self.unchecked,
        }

    def _votes(self, votes: Mapping[int, int]) -> list[dict[str, Any]]:
        voided = self.voided_votes
        return [
            {"number": number, "votes": votes[number], "voidedVotes": None if voided is None else voided.get(number, 0)}
            for number in sorted(votes)
        ]


def _counts(counts: DayCounts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in ("cast", "counted", "held", "voided")}
