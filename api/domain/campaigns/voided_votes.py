"""Times in which the votes for a project count nowhere: whether an instant is in one, and what one adds to others."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from api.domain.campaigns.parts import VoidedVotes

FOREVER = datetime.max.replace(tzinfo=UTC)
Interval = tuple[datetime, datetime]  # from the first instant on, before the second one; FOREVER: without an end


def positions_voided_at(voided_votes: Iterable[VoidedVotes], instant: datetime) -> frozenset[int]:
    """The positions of the projects for which a vote that is cast at this instant does not count."""
    return frozenset(v.position for v in voided_votes if v.start <= instant and (v.end is None or instant < v.end))


def voided_intervals(voided_votes: Iterable[VoidedVotes], position: int) -> tuple[Interval, ...]:
    """The times in which votes for a project do not count, in order, none of which touches another."""
    merged: list[Interval] = []
    for start, end in sorted((v.start, v.end or FOREVER) for v in voided_votes if v.position == position):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def added_intervals(before: Iterable[VoidedVotes], voided: VoidedVotes) -> tuple[Interval, ...]:
    """What of the time of `voided` is in none of those before it."""
    added, start, end = [], voided.start, voided.end or FOREVER
    for known_start, known_end in voided_intervals(before, voided.position):
        if start < min(known_start, end):
            added.append((start, min(known_start, end)))
        start = max(start, known_end)
    return tuple(added) if start >= end else (*added, (start, end))


def is_voided(before: Sequence[VoidedVotes], voided: VoidedVotes) -> bool:
    """Whether all of its time is in those before it."""
    return not added_intervals(before, voided)
