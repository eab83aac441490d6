"""Are votes, experts' scores and experts' ballots counted as the record says?"""

from dataclasses import replace
from decimal import Decimal

from api.domain.review.terms import Aggregation, AggregationMethod
from api.domain.selection.input_values import RawValues, unreviewed
from api.domain.selection.record import Candidate, ExpertBallot, RubricCriterion
from api.domain.selection.terms import ChannelWeight, CriterionSource, FurtherCriterion, InputSource, StageInput
from api.domain.voting.channels import Channel
from tests.selection_examples import VOTES, by_votes, rich_record, rules, scored

SCORES = StageInput(InputSource.EXPERT_SCORES)
BALLOTS = StageInput(InputSource.EXPERT_BALLOT)
HALF_SMS = StageInput(InputSource.PUBLIC_VOTE, channels=(ChannelWeight(Channel.SMS, Decimal("0.5")),))


def test_votes_count_with_the_weight_of_their_channel_and_as_one_without_any() -> None:
    record = by_votes({1: 0}, rules(1))
    record = replace(
        record,
        candidates=(Candidate(1, {Channel.WEB: 10, Channel.SMS: 5}),),
        ballots={Channel.WEB: 20, Channel.SMS: 7},
    )
    values = RawValues(record)
    assert values.of_input(HALF_SMS) == {1: Decimal("12.5")}
    assert values.of_input(VOTES) == {1: Decimal(15)}
    assert values.ballots(HALF_SMS) == Decimal("23.5")


def test_an_expert_ballot_counts_once_for_each_project_that_it_names() -> None:
    record = by_votes({1: 0, 2: 0, 3: 0}, rules(1, inputs=(BALLOTS,)))
    record = replace(record, expert_ballots=(ExpertBallot(1, frozenset({1, 2})), ExpertBallot(2, frozenset({1}))))
    values = RawValues(record)
    assert values.of_input(BALLOTS) == {1: 2, 2: 1, 3: 0}
    assert values.ballots(BALLOTS) == 2


def test_reviews_come_to_a_score_and_a_project_without_any_has_0() -> None:
    terms = Aggregation(AggregationMethod.MEAN, places=2)
    rubric = (RubricCriterion("a", Decimal(2)), RubricCriterion("b"), RubricCriterion("c", counted=False))
    record = by_votes({1: 0, 2: 0}, rules(1, inputs=(SCORES,), rubric=rubric, aggregation=terms))
    record = replace(record, reviews=(scored(1, 1, 3, 4, 9), scored(2, 1, 2, 1, 9), scored(3, 1, 1, 2, 9)))
    values = RawValues(record)
    assert values.of_input(SCORES) == {1: Decimal("6.33"), 2: 0}  # (10 + 5 + 4) / 3
    assert values.ballots(SCORES) is None
    assert unreviewed(record) == (2,)


def test_further_criteria_are_values_without_a_normalisation() -> None:
    values = RawValues(rich_record())
    by_b = values.of_further_criterion(FurtherCriterion(CriterionSource.CRITERION, "b"))
    assert by_b == {2: Decimal("6.75"), 4: Decimal(5), 9: Decimal("6.75"), 30: Decimal(9)}
    # with the weights of the stage's first input of votes: 2 × 2 + 4 × 0.5
    assert values.of_further_criterion(FurtherCriterion(CriterionSource.PUBLIC_VOTE)) == {2: 6, 4: 0, 9: 6, 30: 18}
    assert values.of_further_criterion(FurtherCriterion(CriterionSource.EXPERT_BALLOT)) == {2: 1, 4: 0, 9: 1, 30: 1}
    assert values.of_further_criterion(FurtherCriterion(CriterionSource.EXPERT_SCORES)) == values.of_input(SCORES)
