"""Do two implementations, of which one is written from the page alone, decide every stage alike, to the byte?"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.selection.decided import decide
from api.domain.selection.reading import read_record
from tests.properties import with_examples
from tests.second_selection import Recomputed, canonical, recompute
from tests.second_selection.canonical import Json
from tests.selection_records import CHANNELS, monotone_records, records, shuffled

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)


def agreed(record: Json) -> Recomputed:
    """Decide it by both, and compare all that they say."""
    text = canonical.text(record)
    ours, theirs = decide(read_record(text)), recompute(text)
    assert ours.record_text == canonical.text(canonical.in_order(record))
    assert ours.trace.encode() == theirs.trace
    assert ours.digest == theirs.digest
    return theirs


@with_examples(few=150, every=5_000)
def test_both_implementations_agree_to_the_byte(examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW, deadline=None)
    @given(records())
    def compare(record: Json) -> None:
        agreed(record)

    compare()


@with_examples(few=50, every=1_000)
def test_rows_in_another_order_change_nothing(examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW, deadline=None)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        record = data.draw(records())
        again = data.draw(shuffled(record))
        assert agreed(again) == agreed(record)

    compare()


@with_examples(few=100, every=2_000)
def test_more_votes_never_lower_a_projects_rank_where_the_formula_is_monotone(examples: int) -> None:
    """It is where no ladder rises, no band falls, and those in the basis are compared: what vacates is none of it."""

    @settings(max_examples=examples, suppress_health_check=SLOW, deadline=None)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        record = data.draw(monotone_records())
        before = agreed(record)
        raised = data.draw(st.sampled_from([each for each in record["candidates"] if not each["vacates"]]))
        channel, more = data.draw(st.sampled_from(CHANNELS)), data.draw(st.integers(1, 1_000))
        raised["votes"][channel] = raised["votes"].get(channel, 0) + more
        record["ballots"][channel] = record["ballots"].get(channel, 0) + more
        assert agreed(record).ranks[raised["number"]] <= before.ranks[raised["number"]]

    compare()
