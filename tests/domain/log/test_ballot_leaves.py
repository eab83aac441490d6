"""Are the entries of many ballots those that each would have by itself?"""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from api.domain.log.ballot_leaves import BallotLeaves
from api.domain.log.entries import ballot_entry, ballot_nonce, commitment
from api.domain.log.merkle import leaf_hash
from api.domain.voting.ballots import bitmap

IDS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26)
DAY = date(2017, 3, 22)
NUMBERS = {position: 100 - position for position in range(1, 51)}  # not in the order of the positions
BALLOTS = st.tuples(
    IDS,
    st.sampled_from([DAY, date(2017, 3, 23)]),
    st.none() | st.binary(min_size=32, max_size=32),
    st.frozensets(st.integers(1, 50), min_size=1),
)


@given(st.lists(BALLOTS, unique_by=lambda ballot: ballot[0]))
def test_each_is_the_entry_of_its_ballot_and_they_are_sorted_by_leaf_hash(ballots: list) -> None:
    rows = [
        (ballot, day, tag, bitmap(sorted(chosen), (max(chosen) + 7) // 8), DAY) for ballot, day, tag, chosen in ballots
    ]
    expected = {
        ballot: ballot_entry(
            day, commitment("shanghai-2017", day, ballot_nonce(ballot), tag, [NUMBERS[each] for each in chosen])
        )
        for ballot, day, tag, chosen in ballots
    }
    leaves = BallotLeaves("shanghai-2017", NUMBERS).sorted(rows)
    assert {ballot: entry for _, entry, ballot in leaves} == expected
    assert [leaf for leaf, _, _ in leaves] == sorted(map(leaf_hash, expected.values()))


def test_days_as_text_are_the_same_days() -> None:
    rows = [("a" * 26, day, None, b"\x01", DAY) for day in (DAY, "2017-03-22")]
    one, other = (BallotLeaves("shanghai-2017", {1: 1}).sorted([row]) for row in rows)
    assert one == other


def test_the_example_of_the_formats() -> None:
    rows = [("a" * 26, DAY, None, bitmap(tuple(range(1, 11)), 2), DAY)]
    [(_, entry, _)] = BallotLeaves("shanghai-2017", {n: n for n in range(1, 11)}).sorted(rows)
    assert entry == ballot_entry(DAY, commitment("shanghai-2017", DAY, ballot_nonce("a" * 26), None, range(1, 11)))
