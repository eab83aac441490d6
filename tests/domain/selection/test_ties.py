"""Is a tie settled by the stage's chain, step by step, each passing on what it leaves equal?"""

from decimal import Decimal

from api.domain.campaigns.stages import TieStep
from api.domain.review.terms import Aggregation
from api.domain.selection.input_values import RawValues
from api.domain.selection.lot import lot, seed_digest
from api.domain.selection.record import ExpertBallot, Record, RubricCriterion, TieDecision
from api.domain.selection.terms import CriterionSource, FurtherCriterion
from api.domain.selection.ties import Tie, TieChain
from tests.selection_examples import REASON, SEED, by_votes, rules, scored

EQUAL = frozenset({1, 2, 3})
BY_BALLOTS = FurtherCriterion(CriterionSource.EXPERT_BALLOT)
BY_A = FurtherCriterion(CriterionSource.CRITERION, "a")


def tied(*chain: TieStep, further: tuple[FurtherCriterion, ...] = (), **others) -> Record:
    terms = {"rubric": (RubricCriterion("a"),), "aggregation": Aggregation(places=1), "lot_digest": seed_digest(SEED)}
    return by_votes(dict.fromkeys(range(1, 4), 5), rules(2, *chain, further_criteria=further, **terms), **others)


def settle(record: Record, free: int = 2, numbers: frozenset[int] = EQUAL) -> Tie:
    return TieChain(record, RawValues(record)).settle(numbers, free)


def test_without_a_chain_a_tie_stays_open() -> None:
    tie = settle(tied())
    assert (tie.resolved, tie.passing, tie.equal, tie.missing, tie.open_seats) == (False, frozenset(), EQUAL, None, 2)


def test_all_in_takes_them_all() -> None:
    tie = settle(tied(TieStep.ALL_IN, TieStep.LOT))
    assert (tie.step, tie.passing, tie.open_seats) == (TieStep.ALL_IN, EQUAL, 0)
    assert [(detail.free, detail.equal) for detail in tie.details] == [(2, EQUAL)]


def test_a_further_criterion_settles_what_it_tells_apart() -> None:
    reviews = (scored(1, 1, 2), scored(1, 2, 4), scored(1, 3, 3), scored(2, 3, 6))
    tie = settle(tied(TieStep.FURTHER_CRITERION, further=(BY_A,), reviews=reviews))
    assert (tie.step, tie.passing) == (TieStep.FURTHER_CRITERION, {2, 3})
    assert tie.order == ({3}, {2}, {1})
    assert tie.details[0].values == ((3, "4.5"), (2, "4"), (1, "2"))


def test_only_those_that_straddle_the_cut_go_on_to_the_next_criterion() -> None:
    ballots = (ExpertBallot(1, frozenset({3})), ExpertBallot(2, frozenset({3})))
    reviews = (scored(1, 1, 2), scored(1, 2, 4), scored(1, 3, 1))
    record = tied(TieStep.FURTHER_CRITERION, further=(BY_BALLOTS, BY_A), expert_ballots=ballots, reviews=reviews)
    tie = settle(record)
    assert (tie.passing, tie.order) == ({2, 3}, ({3}, {2}, {1}))
    assert [(detail.further, detail.free, detail.equal) for detail in tie.details] == [
        (BY_BALLOTS, 2, EQUAL),
        (BY_A, 1, {1, 2}),
    ]


def test_what_a_criterion_leaves_equal_below_the_cut_stays_equal() -> None:
    tie = settle(tied(TieStep.FURTHER_CRITERION, further=(BY_A,), reviews=(scored(1, 2, 4),)), free=1)
    assert (tie.passing, tie.order) == ({2}, ({2}, {1, 3}))


def test_a_criterion_that_tells_nobody_apart_leaves_the_tie_open() -> None:
    tie = settle(tied(TieStep.FURTHER_CRITERION, further=(BY_BALLOTS,)))
    assert (tie.resolved, tie.equal, tie.missing) == (False, EQUAL, None)


def test_a_recorded_decision_orders_exactly_those_that_are_equal() -> None:
    decision = TieDecision(TieStep.RECORDED_DECISION, (3, 1, 2), REASON)
    tie = settle(tied(TieStep.RECORDED_DECISION, decisions=(decision,)))
    assert (tie.step, tie.passing, tie.used) == (TieStep.RECORDED_DECISION, {1, 3}, (decision,))
    assert tie.details[0].values == ((3, "1"), (1, "2"), (2, "3"))


def test_a_decision_about_others_or_by_another_step_is_none() -> None:
    others = TieDecision(TieStep.RECORDED_DECISION, (3, 1), REASON)
    revote = TieDecision(TieStep.EXPERT_REVOTE, (3, 1, 2), REASON, (3, 2, 1))
    tie = settle(tied(TieStep.RECORDED_DECISION, TieStep.LOT, decisions=(others, revote), seed=SEED))
    assert (tie.resolved, tie.missing, tie.equal) == (False, TieStep.RECORDED_DECISION, EQUAL)
    assert tie.details[-1].is_missing


def test_a_revote_that_leaves_some_equal_passes_them_on() -> None:
    revote = TieDecision(TieStep.EXPERT_REVOTE, (2, 3, 1), REASON, (7, 4, 4))
    decision = TieDecision(TieStep.RECORDED_DECISION, (1, 3), REASON)
    chain = (TieStep.EXPERT_REVOTE, TieStep.RECORDED_DECISION)
    assert settle(tied(*chain, decisions=(revote,))).equal == {1, 3}
    tie = settle(tied(*chain, decisions=(revote, decision)))
    assert (tie.step, tie.passing, tie.order) == (TieStep.RECORDED_DECISION, {1, 2}, ({2}, {1}, {3}))


def test_lots_go_by_the_seed_alone_and_never_by_the_order_of_numbers() -> None:
    record = tied(TieStep.LOT, seed=SEED)
    first = min(EQUAL, key=lambda number: lot(SEED, "thirty", number))
    tie = settle(record, free=1)
    assert (tie.step, tie.passing) == (TieStep.LOT, {first})
    assert first == 3  # so it is not the lowest number


def test_without_the_seed_no_lots_are_drawn() -> None:
    tie = settle(tied(TieStep.LOT))
    assert (tie.resolved, tie.missing) == (False, TieStep.LOT)


def test_zero_values_are_values() -> None:
    record = tied(TieStep.FURTHER_CRITERION, further=(FurtherCriterion(CriterionSource.EXPERT_SCORES),))
    assert settle(record).details[0].values == ((1, "0"), (2, "0"), (3, "0"))
    assert RawValues(record).expert_scores[1] == Decimal(0)
