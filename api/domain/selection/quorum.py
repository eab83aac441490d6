"""Whether enough experts took part: which projects lack reviews, and whether the stage lacks expert ballots."""

from collections import Counter
from dataclasses import dataclass

from api.domain.selection.record import Record
from api.domain.selection.terms import InputSource


@dataclass(frozen=True, slots=True)
class QuorumShortfall:
    """Too few took part. project: its number, where reviews of it are too few; None where expert ballots are."""

    project: int | None
    needed: int
    actual: int


def effective_quorum(quorum: int, dropped: int) -> int:
    """Return the quorum after so many experts were dropped; it never sinks below 1."""
    return max(1, quorum - dropped)


def quorum_shortfalls(record: Record) -> tuple[QuorumShortfall, ...]:
    """Return where too few experts took part, by project; nothing where no quorum is stated."""
    rules = record.rules
    if rules.quorum is None:
        return ()
    needed, shortfalls = effective_quorum(rules.quorum, record.dropped), list[QuorumShortfall]()
    if rules.has_input(InputSource.EXPERT_SCORES):
        reviews = Counter(review.project for review in record.reviews)
        short = (number for number in sorted(record.basis) if reviews[number] < needed)
        shortfalls += (QuorumShortfall(number, needed, reviews[number]) for number in short)
    ballots = len(record.expert_ballots)
    if rules.has_input(InputSource.EXPERT_BALLOT) and ballots < needed:
        shortfalls.append(QuorumShortfall(None, needed, ballots))
    return tuple(shortfalls)
