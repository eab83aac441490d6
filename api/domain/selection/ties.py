"""Settle a tie by a stage's chain: each step divides those that are equal, and passes on what is still equal."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from api.domain.campaigns.stages import TieStep
from api.domain.exact import plain
from api.domain.selection.input_values import RawValues
from api.domain.selection.lot import lot
from api.domain.selection.record import Record, TieDecision
from api.domain.selection.terms import FurtherCriterion

Group = frozenset[int]  # candidates that are equal


@dataclass(frozen=True, slots=True)
class TieDetail:
    """One step of a tie: who was still equal, for how many free seats, and what each has by the step, the best first.

    further: of FURTHER_CRITERION. values: empty for ALL_IN, and where the step waits for a decision or the seed (`is_missing`).
    """

    step: TieStep
    free: int
    equal: Group
    further: FurtherCriterion | None = None
    values: tuple[tuple[int, str], ...] = ()
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """Equal candidates of which not all fit. award: the code of the award that the tie is about; None for the stage's seats.

    step: what settled it; None while it is open. passing: those that got the free seats. order: groups of equal ones, the best
    first. equal: those that are still equal at the cut. missing: the step that waits for a decision or the seed. used: the
    decisions that were asked for.
    """

    numbers: Group
    free: int
    award: str | None
    step: TieStep | None
    passing: Group
    order: tuple[Group, ...]
    equal: Group = frozenset()
    missing: TieStep | None = None
    details: tuple[TieDetail, ...] = ()
    used: tuple[TieDecision, ...] = ()

    @property
    def resolved(self) -> bool:
        """Whether it is known who gets the free seats."""
        return self.step is not None

    @property
    def open_seats(self) -> int:
        """How many of the free seats nobody has yet because the tie is open."""
        return 0 if self.resolved else self.free - len(self.passing)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What a step, or one further criterion, says of equal candidates: a key each, the lowest first, and how it is shown."""

    step: TieStep
    further: FurtherCriterion | None = None
    key: Mapping[int, Any] | None = None
    shown: Mapping[int, str] | None = None
    decision: TieDecision | None = None


@dataclass(frozen=True)
class TieChain:
    """The chain of a record's stage."""

    record: Record
    values: RawValues

    def settle(self, numbers: Group, free: int, award: str | None = None) -> Tie:
        """Settle who of equal candidates gets the free seats; there are fewer seats than candidates, and one at least."""
        tie = Tie(numbers, free, award, None, frozenset(), (numbers,), equal=numbers)
        for step in self.record.rules.ties:
            if step is TieStep.ALL_IN:
                return _all_in(tie)
            for compare in self._comparisons(step):
                tie = _compared(tie, compare(tie.equal))
                if tie.resolved or tie.missing:
                    return tie
        return tie

    def _comparisons(self, step: TieStep) -> Iterator[Callable[[Group], _Comparison]]:
        match step:
            case TieStep.FURTHER_CRITERION:
                for further in self.record.rules.further_criteria:
                    yield partial(self._by_criterion, further)
            case TieStep.LOT:
                yield self._by_lot
            case _:
                yield partial(self._by_decision, step)

    def _by_criterion(self, further: FurtherCriterion, equal: Group) -> _Comparison:
        values = self.values.of_further_criterion(further)
        key = {number: -values[number] for number in equal}
        shown = {number: plain(values[number]) for number in equal}
        return _Comparison(TieStep.FURTHER_CRITERION, further, key, shown)

    def _by_lot(self, equal: Group) -> _Comparison:
        if self.record.seed is None:
            return _Comparison(TieStep.LOT)
        lots = {number: lot(self.record.seed, self.record.stage, number) for number in equal}
        return _Comparison(TieStep.LOT, None, lots, lots)

    def _by_decision(self, step: TieStep, equal: Group) -> _Comparison:
        fitting = (each for each in self.record.decisions if each.step is step and frozenset(each.order) == equal)
        decision = next(fitting, None)
        if decision is None:
            return _Comparison(step)
        if step is TieStep.EXPERT_REVOTE:
            votes = dict(zip(decision.order, decision.votes, strict=True))
            key = {number: -count for number, count in votes.items()}
            return _Comparison(step, None, key, _texts(votes), decision)
        places = {number: place for place, number in enumerate(decision.order, 1)}
        return _Comparison(step, None, places, _texts(places), decision)


def grouped(numbers: Iterable[int], key: Mapping[int, Any]) -> tuple[Group, ...]:
    """Divide candidates into groups with equal keys, the lowest first."""
    groups: dict[Any, set[int]] = {}
    for number in numbers:
        groups.setdefault(key[number], set()).add(number)
    return tuple(frozenset(groups[own]) for own in sorted(groups))


def _all_in(tie: Tie) -> Tie:
    detail = TieDetail(TieStep.ALL_IN, tie.free - len(tie.passing), tie.equal)
    return replace(
        tie,
        step=TieStep.ALL_IN,
        passing=tie.passing | tie.equal,
        equal=frozenset(),
        details=(*tie.details, detail),
    )


def _compared(tie: Tie, by: _Comparison) -> Tie:
    """Go one step on: take those above the group that straddles the cut, which alone is still equal."""
    free = tie.free - len(tie.passing)
    if by.key is None or by.shown is None:
        detail = TieDetail(by.step, free, tie.equal, is_missing=True)
        return replace(tie, missing=by.step, details=(*tie.details, detail))
    key, shown = by.key, by.shown
    values = tuple((number, shown[number]) for number in sorted(tie.equal, key=lambda each: (key[each], each)))
    detail = TieDetail(by.step, free, tie.equal, by.further, values)
    groups, passing = grouped(tie.equal, key), set[int]()
    straddling: Group = frozenset()
    for group in groups:
        if len(passing) + len(group) > free:
            straddling = group if len(passing) < free else frozenset()
            break
        passing |= group
    at = tie.order.index(tie.equal)
    return replace(
        tie,
        step=None if straddling else by.step,
        passing=tie.passing | passing,
        order=(*tie.order[:at], *groups, *tie.order[at + 1 :]),
        equal=straddling,
        details=(*tie.details, detail),
        used=(*tie.used, by.decision) if by.decision else tie.used,
    )


def _texts(values: Mapping[int, int]) -> dict[int, str]:
    return {number: str(value) for number, value in values.items()}
