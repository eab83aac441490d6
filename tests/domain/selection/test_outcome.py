"""Does a record come to what it comes to by hand?"""

from dataclasses import replace
from decimal import Decimal
from random import Random

from api.domain.campaigns.stages import TieStep
from api.domain.review.terms import Aggregation, AggregationMethod
from api.domain.selection.lot import lot, seed_digest
from api.domain.selection.outcome import Outcome, outcome_of
from api.domain.selection.record import AwardRule, Record, RubricCriterion, TieDecision
from api.domain.selection.terms import InputSource, Normalisation, StageInput, StageKind
from tests.selection_examples import REASON, SEED, by_votes, decided_by, rich_record, rules, scored


def ranks(outcome: Outcome) -> dict[int, int | None]:
    return {row.number: row.rank for row in outcome.rows}


def awards(outcome: Outcome) -> dict[int, str]:
    return {row.number: row.award for row in outcome.rows if row.award}


def test_votes_and_scores_are_weighed_and_the_best_pass() -> None:
    inputs = (
        StageInput(InputSource.PUBLIC_VOTE, Decimal("0.4"), Normalisation.SHARE_OF_HIGHEST),
        StageInput(InputSource.EXPERT_SCORES, Decimal("0.6")),
    )
    terms = Aggregation(AggregationMethod.MEAN, places=2)
    stage_rules = rules(2, inputs=inputs, places=2, rubric=(RubricCriterion("a"),), aggregation=terms)
    reviews = (scored(1, 1, 70), scored(1, 2, 90), scored(2, 2, 91), scored(1, 3, 80))
    outcome = outcome_of(by_votes({1: 300, 2: 100, 3: 200}, stage_rules, reviews=reviews))
    second = outcome.rows[1]
    assert [(row.number, row.score, row.rank, row.selected) for row in outcome.rows] == [
        (1, Decimal("82.00"), 1, True),  # 0.4 × 100 + 0.6 × 70
        (3, Decimal("74.67"), 2, True),  # 0.4 × 66.67 + 0.6 × 80 = 74.668
        (2, Decimal("67.63"), 3, False),  # 0.4 × 33.33 + 0.6 × 90.5 = 67.632
    ]
    assert [(own.value, own.normalised, own.weighted) for own in second.inputs] == [
        (Decimal(200), Decimal("66.67"), Decimal("26.668")),
        (Decimal(80), Decimal(80), Decimal(48)),
    ]
    assert outcome.vacant == 0
    assert not outcome.unresolved


def test_equal_scores_share_a_rank_and_the_next_is_further_down() -> None:
    outcome = outcome_of(by_votes({5: 9, 3: 7, 8: 7, 1: 2}, rules(1)))
    assert ranks(outcome) == {5: 1, 3: 2, 8: 2, 1: 4}
    assert [row.number for row in outcome.rows] == [5, 3, 8, 1]


def test_a_score_at_the_threshold_passes_and_one_below_leaves_its_seat_vacant() -> None:
    outcome = outcome_of(by_votes({1: 80, 2: 60, 3: 59}, rules(3, threshold=Decimal(60))))
    assert (outcome.selected, outcome.vacant) == ({1, 2}, 1)


def test_a_tie_at_the_line_that_nobody_has_settled_leaves_the_outcome_open() -> None:
    outcome = outcome_of(by_votes({1: 80, 2: 60, 3: 60}, rules(2, TieStep.RECORDED_DECISION)))
    assert (outcome.unresolved, outcome.selected, outcome.vacant) == (True, {1}, 0)
    assert [(tie.equal, tie.missing) for tie in outcome.ties] == [({2, 3}, TieStep.RECORDED_DECISION)]


def test_a_decision_settles_it_and_one_that_nobody_asked_for_is_unused() -> None:
    needed = TieDecision(TieStep.RECORDED_DECISION, (3, 2), REASON)
    needless = TieDecision(TieStep.RECORDED_DECISION, (1, 2), REASON)
    stage_rules = rules(2, TieStep.RECORDED_DECISION)
    outcome = outcome_of(by_votes({1: 80, 2: 60, 3: 60}, stage_rules, decisions=(needless, needed)))
    assert (outcome.unresolved, outcome.selected, outcome.unused) == (False, {1, 3}, (needless,))


def test_all_in_passes_more_than_there_are_seats() -> None:
    outcome = outcome_of(by_votes({1: 80, 2: 60, 3: 60}, rules(2, TieStep.ALL_IN)))
    assert (outcome.selected, outcome.vacant) == ({1, 2, 3}, 0)


def test_the_seat_of_a_removed_project_stays_vacant_and_changes_nobody_elses_value() -> None:
    share = (StageInput(InputSource.PUBLIC_VOTE, normalisation=Normalisation.SHARE_OF_HIGHEST),)
    outcome = outcome_of(by_votes({1: 400, 2: 200, 3: 100, 4: 50}, rules(3, inputs=share), vacating={1}))
    by_number = {row.number: row for row in outcome.rows}
    assert (outcome.selected, outcome.vacant) == ({2, 3}, 1)
    assert {number: row.score for number, row in by_number.items()} == {1: 100, 2: 100, 3: 50, 4: 25}
    assert ranks(outcome) == {1: 1, 2: 1, 3: 3, 4: 4}
    assert by_number[1].vacates
    assert not by_number[1].selected


def test_awards_are_cut_in_their_order_and_a_removed_project_takes_its_award_with_it() -> None:
    tiers = (AwardRule("top", 2), AwardRule("good", 2, Decimal(50)))
    votes = {1: 90, 2: 80, 3: 70, 4: 60, 5: 40}
    assert awards(outcome_of(by_votes(votes, rules(5, awards=tiers)))) == {1: "top", 2: "top", 3: "good", 4: "good"}
    outcome = outcome_of(by_votes(votes, rules(5, awards=tiers), vacating={2}))
    assert awards(outcome) == {1: "top", 3: "good", 4: "good"}
    assert outcome.vacant_awards == {"top": 1, "good": 0}


def test_an_award_below_its_threshold_stays_vacant() -> None:
    tiers = (AwardRule("grand", 1, Decimal(95)), AwardRule("top", 2, Decimal(75)))
    outcome = outcome_of(by_votes({1: 90, 2: 70}, rules(2, awards=tiers)))
    assert (awards(outcome), outcome.vacant_awards) == ({1: "top"}, {"grand": 1, "top": 1})


def test_a_tie_for_an_award_is_settled_among_those_who_passed() -> None:
    stage_rules = rules(3, TieStep.LOT, awards=(AwardRule("top", 1),), lot_digest=seed_digest(SEED))
    outcome = outcome_of(by_votes({1: 5, 2: 5, 3: 5, 4: 2}, stage_rules, seed=SEED))
    first = min((1, 2, 3), key=lambda number: lot(SEED, "thirty", number))
    assert awards(outcome) == {first: "top"}
    assert [(tie.award, tie.numbers) for tie in outcome.ties] == [("top", {1, 2, 3})]


def test_what_the_seats_have_settled_stays_settled_for_the_awards() -> None:
    decision = TieDecision(TieStep.RECORDED_DECISION, (4, 2, 3, 1), REASON)
    stage_rules = rules(3, TieStep.RECORDED_DECISION, awards=(AwardRule("top", 1), AwardRule("good", 1)))
    outcome = outcome_of(by_votes(dict.fromkeys(range(1, 5), 5), stage_rules, decisions=(decision,)))
    assert (outcome.selected, awards(outcome)) == ({2, 3, 4}, {4: "top", 2: "good"})
    assert len(outcome.ties) == 1


def test_a_revote_may_settle_the_seats_and_leave_a_tie_for_an_award() -> None:
    revote = TieDecision(TieStep.EXPERT_REVOTE, (4, 2, 1), REASON, (6, 6, 1))
    stage_rules = rules(2, TieStep.EXPERT_REVOTE, awards=(AwardRule("top", 1),))
    record = by_votes({1: 5, 2: 5, 4: 5}, stage_rules, decisions=(revote,))
    outcome = outcome_of(record)
    assert (outcome.selected, outcome.unresolved) == ({2, 4}, True)
    assert [(tie.award, tie.resolved, tie.equal) for tie in outcome.ties] == [
        (None, True, set()),
        ("top", False, {2, 4}),
    ]
    again = TieDecision(TieStep.EXPERT_REVOTE, (2, 4), REASON, (5, 4))
    assert awards(outcome_of(replace(record, decisions=(revote, again)))) == {2: "top"}


def test_a_decision_selects_without_scores_and_awards_go_by_its_order() -> None:
    outcome = outcome_of(decided_by((4, 2), awards=(AwardRule("top", 1, Decimal(60)), AwardRule("good", 5))))
    assert (outcome.selected, outcome.vacant, outcome.unresolved) == ({2, 4}, 1, False)
    assert awards(outcome) == {4: "top", 2: "good"}
    assert {(row.score, row.rank, row.inputs) for row in outcome.rows} == {(None, None, ())}


def test_a_decision_has_its_reason_and_no_other_stage_has_one() -> None:
    assert outcome_of(decided_by((4, 2))).decision_reason == REASON
    assert outcome_of(rich_record()).decision_reason is None


def test_a_stage_that_is_to_be_decided_and_is_not_is_open() -> None:
    outcome = outcome_of(by_votes({1: 5}, rules(1, kind=StageKind.DECISION)))
    assert (outcome.unresolved, outcome.selected, outcome.decision_reason) == (True, set(), None)


def test_nobody_stands_and_every_seat_stays_vacant() -> None:
    outcome = outcome_of(by_votes({}, rules(3)))
    assert (outcome.rows, outcome.vacant, outcome.unresolved) == ((), 3, False)


def shuffled(record: Record, random: Random) -> Record:
    def mixed(rows: tuple) -> tuple:
        return tuple(random.sample(rows, len(rows)))

    return replace(
        record,
        candidates=mixed(record.candidates),
        reviews=mixed(record.reviews),
        expert_ballots=mixed(record.expert_ballots),
        decisions=mixed(record.decisions),
        rules=replace(record.rules, rubric=mixed(record.rules.rubric)),
    )


def test_the_order_of_rows_changes_nothing() -> None:
    expected, random = outcome_of(rich_record()), Random(7)
    assert expected.ties
    for _ in range(20):
        assert outcome_of(shuffled(rich_record(), random)) == expected
