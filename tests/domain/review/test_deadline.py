"""Does a panel's deadline move later only, within a year, and before what rests on its scores begins?"""

from datetime import UTC, datetime, timedelta

import pytest

from api.domain.campaigns.stages import Stage
from api.domain.review.deadline import deadline_problems
from api.domain.review.terms import PanelTerms
from api.domain.selection.terms import StageKind
from tests.campaigns import a_campaign, both

OPENS, CLOSES = datetime(2017, 3, 25, tzinfo=UTC), datetime(2017, 4, 5, tzinfo=UTC)
BALLOT = datetime(2017, 4, 10, tzinfo=UTC)
SCORED = Stage("FINALIST", both("入围", "Finalists"), 30, decided=False, kind=StageKind.EXPERT_SCORES)
VOTED = Stage("WINNER", both("获奖", "Winners"), 10, decided=False, kind=StageKind.EXPERT_BALLOT, opens_at=BALLOT)


@pytest.mark.parametrize(
    ("closes_at", "words"),
    [
        (CLOSES, ["not later than"]),
        (CLOSES + timedelta(microseconds=1), []),
        (BALLOT, []),
        (BALLOT + timedelta(microseconds=1), ["ballot of WINNER opens"]),
        (OPENS + timedelta(days=366, seconds=1), ["more than 366 days", "ballot of WINNER opens"]),
    ],
)
def test_a_deadline_moves_within_bounds(closes_at: datetime, words: list[str]) -> None:
    terms = PanelTerms(OPENS, CLOSES)
    campaign = a_campaign(panel=terms, stages=(SCORED, VOTED))
    found = [*deadline_problems(campaign, terms, closes_at)]
    assert [word in problem.message.en for word, problem in zip(words, found, strict=True)] == [True] * len(words)


def test_a_ballot_that_does_not_rest_on_scores_does_not_wait_for_them() -> None:
    terms = PanelTerms(OPENS, CLOSES)
    campaign = a_campaign(panel=terms, stages=(VOTED, SCORED))
    assert [*deadline_problems(campaign, terms, BALLOT + timedelta(days=1))] == []
