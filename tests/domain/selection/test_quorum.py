"""Is it seen where too few experts took part?"""

from dataclasses import replace

import pytest

from api.domain.review.terms import Aggregation
from api.domain.selection.quorum import QuorumShortfall, effective_quorum, quorum_shortfalls
from api.domain.selection.record import ExpertBallot, RubricCriterion
from api.domain.selection.terms import InputSource, StageInput
from tests.selection_examples import VOTES, by_votes, rules, scored

INPUTS = (VOTES, StageInput(InputSource.EXPERT_SCORES), StageInput(InputSource.EXPERT_BALLOT))


def with_quorum(quorum: int | None, inputs=INPUTS, vacating=()):
    stage_rules = rules(1, inputs=inputs, quorum=quorum, rubric=(RubricCriterion("a"),), aggregation=Aggregation())
    reviews = (scored(1, 1, 1), scored(2, 1, 1), scored(1, 2, 1))
    ballots = (ExpertBallot(1, frozenset({1})),)
    return by_votes({1: 1, 2: 1, 3: 1}, stage_rules, vacating, reviews=reviews, expert_ballots=ballots)


def test_every_project_needs_so_many_reviews_and_the_stage_so_many_ballots() -> None:
    expected = (QuorumShortfall(2, 2, 1), QuorumShortfall(3, 2, 0), QuorumShortfall(None, 2, 1))
    assert quorum_shortfalls(with_quorum(2)) == expected


def test_no_reviews_are_needed_where_they_do_not_count() -> None:
    assert quorum_shortfalls(with_quorum(9, inputs=(VOTES,))) == ()
    assert quorum_shortfalls(with_quorum(None)) == ()


def test_none_is_needed_of_a_project_that_vacates() -> None:
    assert [each.project for each in quorum_shortfalls(with_quorum(1, vacating={3}))] == []


@pytest.mark.parametrize(("quorum", "dropped", "expected"), [(5, 0, 5), (5, 2, 3), (2, 2, 1), (1, 7, 1)])
def test_experts_that_were_dropped_lower_it_but_never_below_one(quorum: int, dropped: int, expected: int) -> None:
    assert effective_quorum(quorum, dropped) == expected


def test_a_dropped_expert_lowers_what_is_needed() -> None:
    assert quorum_shortfalls(replace(with_quorum(2), dropped=1)) == (QuorumShortfall(3, 1, 0),)
