"""Does a correction name exactly what it changes?"""

from api.domain.selection.differences import RowChange, differences
from api.domain.selection.outcome import outcome_of
from api.domain.selection.record import AwardRule
from tests.selection_examples import by_votes, rules


def test_rows_that_differ_are_told_with_what_they_were_and_are() -> None:
    stage_rules = rules(2, awards=(AwardRule("top", 1),))
    before = outcome_of(by_votes({1: 9, 2: 8, 3: 7, 4: 1}, stage_rules))
    after = outcome_of(by_votes({2: 8, 3: 7, 4: 1}, stage_rules))
    assert differences(before, after) == (
        RowChange(1, True, False, 1, None, 9, None, "top", None),
        RowChange(2, True, True, 2, 1, 8, 8, None, "top"),
        RowChange(3, False, True, 3, 2, 7, 7, None, None),
        RowChange(4, False, False, 4, 3, 1, 1, None, None),
    )


def test_the_same_outcome_differs_in_nothing() -> None:
    outcome = outcome_of(by_votes({1: 9, 2: 8}, rules(1)))
    assert differences(outcome, outcome) == ()
