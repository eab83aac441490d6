"""Do two implementations, of which one is written from the page alone, decide every stage alike, to the byte?"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.domain.selection.decided import decide
from api.domain.selection.record_reader import read_record
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


@with_examples(few=50, every=200)
def test_both_implementations_agree_to_the_byte(examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW, deadline=None)
    @given(records())
    def compare(record: Json) -> None:
        agreed(record)

    compare()


@with_examples(few=20, every=60)
def test_rows_in_another_order_change_nothing(examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=SLOW, deadline=None)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        record = data.draw(records())
        again = data.draw(shuffled(record))
        assert agreed(again) == agreed(record)

    compare()


@with_examples(few=40, every=100)
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


def test_a_stage_that_was_worked_out_by_hand() -> None:
    """Half a vote by text message, one score dropped at either end, and a lot: sha256sum gives the digests."""
    totals = {(1, 3): "70", (2, 3): "80", (3, 3): "90", (1, 8): "84", (2, 8): "85"}
    totals |= {(1, 11): "10", (2, 11): "80", (3, 11): "100"}
    votes = {11: {"WEB": 12}, 3: {"WEB": 10, "SMS": 4}, 8: {"WEB": 9}}
    given = {"points": [], "floor": "0", "bands": [], "channels": {}}
    public = given | {"source": "PUBLIC_VOTE", "weight": "0.4", "normalisation": "SHARE_OF_HIGHEST"}
    experts = given | {"source": "EXPERT_SCORES", "weight": "0.6", "normalisation": "AS_IS"}
    terms = {"drop": 1, "trim_from": 3, "per_criterion": False, "standardised": False, "standardised_from": 5}
    rules = {
        "kind": "EXPERT_SCORES",
        "seats": 1,
        "places": 2,
        "threshold": None,
        "quorum": 3,
        "inputs": [public | {"channels": {"SMS": "0.5"}}, experts],
        "ties": ["FURTHER_CRITERION", "LOT"],
        "further_criteria": [{"source": "EXPERT_SCORES", "criterion": None}],
        "rubric": [{"code": "benefit", "weight": "1", "counted": True}],
        "aggregation": {"method": "TRIMMED_MEAN", "places": 2} | terms,
        "awards": [],
        "lot_digest": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    }
    record: Json = {
        "format": "pingxuan-selection/1",
        "campaign": "by-hand",
        "stage": "FINALIST",
        "rules": rules,
        "candidates": [{"number": number, "votes": each, "vacates": False} for number, each in votes.items()],
        "ballots": {"WEB": 20, "SMS": 4},
        "reviews": [
            {"expert": expert, "project": project, "scores": {"benefit": total}}
            for (expert, project), total in totals.items()
        ],
        "expert_ballots": [],
        "decisions": [],
        "decision": None,
        "seed": "abc",
        "dropped": 0,
    }
    first = "529abad994d99346c03cea020c26115a33a2e0f2de80b6387ac8d26dc378c4a4"
    second = "db5c79ac4ee9d56f5221eadacc6a5b5065b6a2a2f1821655eb55c6dac1402c18"
    trace = agreed(record).trace.decode()
    assert trace[trace.index("experts 3 ") :].splitlines() == [
        "experts 3 reviews 3 score 80",
        "experts 8 reviews 2 score 84.5",
        "experts 11 reviews 3 score 80",
        "quorum 3",
        "short 8 reviews 2",
        "input 1 PUBLIC_VOTE highest 12 lowest 9 ballots 22",
        "value 1 3 value 12 normalised 100 weighted 40",
        "value 1 8 value 9 normalised 75 weighted 30",
        "value 1 11 value 12 normalised 100 weighted 40",
        "input 2 EXPERT_SCORES highest 84.5 lowest 80 ballots none",
        "value 2 3 value 80 normalised 80 weighted 48",
        "value 2 8 value 84.5 normalised 84.5 weighted 50.7",
        "value 2 11 value 80 normalised 80 weighted 48",
        "score 3 sum 88 score 88",
        "score 8 sum 80.7 score 80.7",
        "score 11 sum 88 score 88",
        "tie seats free 1 equal 3 11",
        "step FURTHER_CRITERION EXPERT_SCORES - free 1 equal 3=80 11=80",
        f"step LOT free 1 equal 3={first} 11={second}",
        "settled LOT",
        "result 3 rank 1 score 88 selected",
        "result 11 rank 1 score 88 passed-over",
        "result 8 rank 3 score 80.7 passed-over",
        "vacant seats 0",
        "unreviewed none",
        "unused 0",
        "outcome settled",
    ]
