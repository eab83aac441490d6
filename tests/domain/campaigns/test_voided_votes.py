"""Which instants are voided, and what does one more time add to those before?"""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.parts import VoidedVotes
from api.domain.campaigns.voided_votes import added_intervals, positions_voided_at, voided_intervals
from tests.campaigns import OPENS, both

REASON = both("刷票", "Bought votes")
SPANS = st.tuples(st.integers(1, 2), st.integers(0, 20), st.none() | st.integers(1, 20)).map(
    lambda span: VoidedVotes(
        span[0],
        OPENS + timedelta(hours=span[1]),
        None if span[2] is None else OPENS + timedelta(hours=span[1] + span[2]),
        REASON,
        OPENS,
    )
)


@given(st.lists(SPANS, max_size=6), SPANS)
def test_what_is_added_is_what_was_not_voided_before(before: list[VoidedVotes], voided: VoidedVotes) -> None:
    added = added_intervals(before, voided)
    merged = voided_intervals([*before, voided], voided.position)
    assert all(end < start for (_, end), (start, _) in pairwise(merged)), "none touches another"
    for hour in range(50):
        instant = OPENS + timedelta(hours=hour)
        was, new = (voided.position in positions_voided_at(each, instant) for each in (before, [voided]))
        assert any(start <= instant < end for start, end in added) == (new and not was)
        assert any(start <= instant < end for start, end in merged) == (new or was)
