"""Do cuts give the seats to the best, leave those of removed projects vacant, and go on where the last one ended?"""

from decimal import Decimal

from api.domain.campaigns.stages import TieStep
from api.domain.selection.cuts import Cut, Cutting
from api.domain.selection.input_values import RawValues
from api.domain.selection.record import AwardRule
from api.domain.selection.ties import TieChain, grouped
from tests.selection_examples import by_votes, rules

SCORES = {1: 90, 2: 80, 3: 80, 4: 80, 5: 70, 6: 60}


def cutting(*chain: TieStep, vacating: set[int] = frozenset()) -> tuple[Cutting, tuple[frozenset[int], ...]]:
    record = by_votes(SCORES, rules(3, *chain), vacating)
    scores = {number: Decimal(score) for number, score in SCORES.items()}
    groups = grouped(scores, {number: (-score, number in vacating) for number, score in scores.items()})
    return Cutting(TieChain(record, RawValues(record)), scores, record.basis), groups


def numbers(cut: Cut) -> list[set[int]]:
    return [set(group) for group in cut.passing]


def test_seats_that_end_between_two_scores_are_no_tie() -> None:
    cuts, groups = cutting()
    cut = cuts.cut(groups, 4, None)
    assert (numbers(cut), cut.tie) == ([{1}, {2, 3, 4}], None)
    assert cut.rest == ({5}, {6})


def test_seats_that_end_among_equal_scores_are_a_tie() -> None:
    cuts, groups = cutting()
    cut = cuts.cut(groups, 2, None)
    assert numbers(cut) == [{1}]
    assert cut.tie is not None
    assert (cut.tie.numbers, cut.tie.free) == ({2, 3, 4}, 1)


def test_who_is_below_the_threshold_has_no_part_in_it() -> None:
    cuts, groups = cutting()
    assert numbers(cuts.cut(groups, 6, Decimal(80))) == [{1}, {2, 3, 4}]
    assert numbers(cuts.cut(groups, 6, Decimal("80.0001"))) == [{1}]


def test_more_seats_than_candidates_take_all() -> None:
    cuts, groups = cutting()
    cut = cuts.cut(groups, 99, None)
    assert (len(cut.passing), cut.rest) == (4, ())


def test_one_that_vacates_comes_after_its_equals_and_is_never_tied() -> None:
    cuts, groups = cutting(vacating={2})
    assert numbers(cuts.cut(groups, 3, None)) == [{1}, {3, 4}]
    tied = cuts.cut(groups, 2, None)
    assert tied.tie is not None
    assert tied.tie.numbers == {3, 4}
    assert numbers(cuts.cut(groups, 4, None)) == [{1}, {3, 4}, {2}]


def test_several_that_vacate_leave_as_many_seats_vacant_as_there_are() -> None:
    cuts, groups = cutting(vacating={2, 3, 4})
    cut = cuts.cut(groups, 3, None)
    assert (sum(map(len, cut.passing)), cut.tie) == (3, None)
    assert sum(map(len, cut.rest)) == 3


def test_awards_go_on_where_the_last_one_ended() -> None:
    cuts, groups = cutting()
    awards = (AwardRule("first", 1), AwardRule("second", 3, Decimal(75)), AwardRule("third", 5, Decimal(65)))
    cut = cuts.awards(groups, awards)
    assert {code: numbers(own) for code, own in cut.items()} == {"first": [{1}], "second": [{2, 3, 4}], "third": [{5}]}


def test_an_award_that_nobody_reaches_leaves_them_to_the_next() -> None:
    cuts, groups = cutting()
    cut = cuts.awards(groups, (AwardRule("grand", 2, Decimal(95)), AwardRule("first", 1)))
    assert {code: numbers(own) for code, own in cut.items()} == {"grand": [], "first": [{1}]}


def test_all_in_may_make_more_than_an_award_has_and_the_next_begins_after_them() -> None:
    cuts, groups = cutting(TieStep.ALL_IN)
    cut = cuts.awards(groups, (AwardRule("first", 2), AwardRule("second", 1)))
    assert {code: numbers(own) for code, own in cut.items()} == {"first": [{1}, {2, 3, 4}], "second": [{5}]}


def test_an_open_tie_goes_to_no_award() -> None:
    cuts, groups = cutting()
    cut = cuts.awards(groups, (AwardRule("first", 2), AwardRule("second", 1)))
    assert {code: numbers(own) for code, own in cut.items()} == {"first": [{1}], "second": [{5}]}
    assert cut["first"].tie is not None
    assert cut["first"].tie.award == "first"
