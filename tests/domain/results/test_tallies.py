"""Does a recount of the ballots find what a plain count finds, and is every disagreement named?"""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from api.domain.results.tallies import NOTHING, Counts, Difference, differences, recount
from api.domain.voting.ballots import bitmap
from tests.campaigns import DAYS

WIDTH = 7
ballots = st.lists(st.sets(st.integers(1, 50), min_size=1, max_size=30), max_size=40)
positive = st.integers(1, 3)
counts = st.builds(
    Counts,
    st.dictionaries(st.sampled_from(DAYS[:3]), positive),
    st.dictionaries(st.sampled_from(DAYS[:3]), st.dictionaries(st.integers(1, 3), positive, min_size=1)),
)


@given(cast=ballots)
def test_a_recount_equals_a_plain_count(cast: list[set[int]]) -> None:
    naive = Counter(number for chosen in cast for number in chosen)
    assert recount(b"".join(bitmap(chosen, WIDTH) for chosen in cast), WIDTH) == naive


@given(one=ballots, other=ballots)
def test_recounts_of_two_boxes_add_up(one: list[set[int]], other: list[set[int]]) -> None:
    first, second = (b"".join(bitmap(chosen, WIDTH) for chosen in box) for box in (one, other))
    assert recount(first, WIDTH) + recount(second, WIDTH) == recount(first + second, WIDTH)


@given(one=counts, other=counts)
def test_there_are_no_differences_exactly_when_the_counts_are_equal(one: Counts, other: Counts) -> None:
    assert (differences(one, other) == ()) == (one == other)
    assert differences(one, one) == ()


@given(one=counts, other=counts)
def test_differences_seen_from_the_other_side_are_the_same(one: Counts, other: Counts) -> None:
    swapped = tuple(Difference(d.day, d.what, d.recounted, d.tallied) for d in differences(other, one))
    assert differences(one, other) == swapped


@given(one=counts, day=st.sampled_from(DAYS[:3]), project=st.integers(1, 3))
def test_a_single_vote_too_many_is_found(one: Counts, day: date, project: int) -> None:
    before = one.votes.get(day, {}).get(project, 0)
    votes = {**one.votes, day: {**one.votes.get(day, {}), project: before + 1}}
    assert differences(Counts(one.ballots, votes), one) == (
        Difference(day, f"votes of project {project}", before + 1, before),
    )


def test_a_zero_is_the_same_as_nothing() -> None:
    assert differences(Counts({DAYS[0]: 0}, {DAYS[0]: {1: 0}}), NOTHING) == ()


def test_a_ballot_that_was_not_tallied_is_told_before_its_votes() -> None:
    recounted = Counts({DAYS[0]: 1}, {DAYS[0]: {2: 1}})
    assert differences(NOTHING, recounted) == (
        Difference(DAYS[0], "ballots", 0, 1),
        Difference(DAYS[0], "votes of project 2", 0, 1),
    )
