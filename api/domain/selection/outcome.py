"""Decide a stage from its record alone: scores, ranks, who passes, who wins what, and what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from api.domain.exact import EXACT, rounded
from api.domain.selection.canonical import canonical, tree_of
from api.domain.selection.cuts import Cut, Cutting
from api.domain.selection.input_values import RawValues, unreviewed
from api.domain.selection.normalisation import Basis, normalised
from api.domain.selection.record import Record, TieDecision
from api.domain.selection.terms import InputSource, StageInput, StageKind
from api.domain.selection.ties import Group, Tie, TieChain, grouped
from api.domain.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class InputScore:
    """What one input is for a project: the value as it came, made comparable, and with its weight."""

    stage_input: StageInput
    value: Decimal
    normalised: Decimal
    weighted: Decimal


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became of a candidate. score, rank: None in a DECISION. award: its code. vacates: as in the record."""

    number: int
    inputs: tuple[InputScore, ...]
    score: Decimal | None
    rank: int | None
    selected: bool
    award: str | None
    vacates: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage has decided. rows: by rank, then number. ties: of the seats, then of the awards in their order.

    vacant: seats that nobody has. vacant_awards: of each award, by code. unreviewed: candidates without a review, where
    experts' scores are an input. unused: decisions that no tie asked for. unresolved: whether a tie, or the whole, is open.
    decision_reason: the organizer's reason in a DECISION, and None in any other stage.
    """

    rows: tuple[OutcomeRow, ...]
    ties: tuple[Tie, ...]
    vacant: int
    vacant_awards: Mapping[str, int]
    unreviewed: tuple[int, ...]
    unused: tuple[TieDecision, ...]
    unresolved: bool
    decision_reason: LocalizedText | None = None

    @property
    def selected(self) -> frozenset[int]:
        """The numbers of those who pass."""
        return frozenset(row.number for row in self.rows if row.selected)


def outcome_of(record: Record) -> Outcome:
    """Decide the stage. The record has to be one that `record_checks.check` accepts."""
    values = RawValues(record)
    inputs = _input_scores(record, values)
    scores = None if record.rules.kind is StageKind.DECISION else _scores(record, inputs)
    cutting = Cutting(TieChain(record, values), scores, record.basis)
    seats = cutting.cut(_groups(record, scores), record.rules.seats, record.rules.threshold)
    awards = cutting.awards(seats.passing, record.rules.awards)
    ties = tuple(cut.tie for cut in (seats, *awards.values()) if cut.tie is not None)
    used = [decision for tie in ties for decision in tie.used]
    is_undecided = record.rules.kind is StageKind.DECISION and record.decision is None
    return Outcome(
        rows=_rows(record, inputs, scores, seats, awards),
        ties=ties,
        vacant=_vacant(record, record.rules.seats, seats),
        vacant_awards={award.code: _vacant(record, award.seats, awards[award.code]) for award in record.rules.awards},
        unreviewed=unreviewed(record) if record.rules.has_input(InputSource.EXPERT_SCORES) else (),
        unused=_unused(record, used),
        unresolved=is_undecided or not all(tie.resolved for tie in ties),
        decision_reason=record.decision.reason if record.decision else None,
    )


def sum_of(inputs: tuple[InputScore, ...]) -> Decimal:
    """Add the weighted values, without rounding."""
    *_, total = accumulate((each.weighted for each in inputs), EXACT.add, initial=Decimal(0))
    return total


def basis_of(values: RawValues, stage_input: StageInput) -> Basis:
    """Return what the values of an input are compared with."""
    of_all = values.of_input(stage_input)
    return Basis(tuple(of_all[number] for number in values.record.basis), values.ballots(stage_input))


def _input_scores(record: Record, values: RawValues) -> dict[int, tuple[InputScore, ...]]:
    places = record.rules.places
    columns = []
    for stage_input in record.rules.inputs:
        of_all, basis = values.of_input(stage_input), basis_of(values, stage_input)
        column = {number: normalised(value, basis, stage_input, places) for number, value in of_all.items()}
        columns.append((stage_input, of_all, column))
    return {
        each.number: tuple(
            InputScore(
                stage_input,
                of_all[each.number],
                column[each.number],
                EXACT.multiply(stage_input.weight, column[each.number]),
            )
            for stage_input, of_all, column in columns
        )
        for each in record.candidates
    }


def _scores(record: Record, inputs: Mapping[int, tuple[InputScore, ...]]) -> dict[int, Decimal]:
    return {number: rounded(sum_of(own), record.rules.places) for number, own in inputs.items()}


def _groups(record: Record, scores: Mapping[int, Decimal] | None) -> tuple[Group, ...]:
    """Put the candidates into groups of equal ones, the best first; in a DECISION, the selected, each alone."""
    if scores is None:
        selected = record.decision.selected if record.decision else ()
        return tuple(frozenset({number}) for number in selected)
    key = {each.number: (-scores[each.number], each.vacates) for each in record.candidates}
    return grouped(key, key)


def _rows(
    record: Record,
    inputs: Mapping[int, tuple[InputScore, ...]],
    scores: Mapping[int, Decimal] | None,
    seats: Cut,
    awards: Mapping[str, Cut],
) -> tuple[OutcomeRow, ...]:
    passing = _standing(record, seats)
    won = {number: code for code, cut in awards.items() for number in _standing(record, cut)}
    ranks = {} if scores is None else _ranks(scores)
    rows = (
        OutcomeRow(
            number=each.number,
            inputs=inputs[each.number],
            score=None if scores is None else scores[each.number],
            rank=ranks.get(each.number),
            selected=each.number in passing,
            award=won.get(each.number),
            vacates=each.vacates,
        )
        for each in record.candidates
    )
    return tuple(sorted(rows, key=lambda row: (row.rank or 0, row.number)))


def _ranks(scores: Mapping[int, Decimal]) -> dict[int, int]:
    ordered = sorted(scores.values(), reverse=True)
    first_places: dict[Decimal, int] = {}
    for place, score in enumerate(ordered, 1):
        first_places.setdefault(score, place)
    return {number: first_places[score] for number, score in scores.items()}


def _standing(record: Record, cut: Cut) -> frozenset[int]:
    return frozenset[int]().union(*cut.passing) & record.basis


def _vacant(record: Record, seats: int, cut: Cut) -> int:
    open_seats = cut.tie.open_seats if cut.tie else 0
    return max(0, seats - len(_standing(record, cut)) - open_seats)


def _unused(record: Record, used: list[TieDecision]) -> tuple[TieDecision, ...]:
    unused = (decision for decision in record.decisions if decision not in used)
    return tuple(sorted(unused, key=lambda decision: canonical(tree_of(decision))))
