"""What a correction changes: the projects whose place, seat or award differs between two outcomes of a stage."""

from dataclasses import dataclass
from decimal import Decimal

from api.domain.selection.outcome import Outcome, OutcomeRow


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a project was and is. Rank, score and award are None where the outcome has none, or not the project."""

    number: int
    was_selected: bool
    is_selected: bool
    was_rank: int | None
    is_rank: int | None
    was_score: Decimal | None
    is_score: Decimal | None
    was_award: str | None
    is_award: str | None


def differences(before: Outcome, after: Outcome) -> tuple[RowChange, ...]:
    """Return the projects that differ, by number."""
    old, new = ({row.number: row for row in outcome.rows} for outcome in (before, after))
    pairs = ((number, old.get(number), new.get(number)) for number in sorted(old.keys() | new.keys()))
    changes = ((was, now, _change(number, was, now)) for number, was, now in pairs)
    return tuple(change for was, now, change in changes if _facts(was) != _facts(now))


def _facts(row: OutcomeRow | None) -> tuple[object, ...]:
    return () if row is None else (row.selected, row.rank, row.score, row.award)


def _change(number: int, was: OutcomeRow | None, now: OutcomeRow | None) -> RowChange:
    return RowChange(
        number=number,
        was_selected=was is not None and was.selected,
        is_selected=now is not None and now.selected,
        was_rank=was.rank if was else None,
        is_rank=now.rank if now else None,
        was_score=was.score if was else None,
        is_score=now.score if now else None,
        was_award=was.award if was else None,
        is_award=now.award if now else None,
    )
