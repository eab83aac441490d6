"""Is the trace what docs/selection.md says, line by line, and is the page's example what the program makes of it?"""

import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from api.domain.review.terms import Aggregation, AggregationMethod
from api.domain.selection.canonical import canonical_record
from api.domain.selection.outcome import outcome_of
from api.domain.selection.record import Record
from api.domain.selection.record_reader import read_record
from api.domain.selection.terms import StageKind
from api.domain.selection.trace import digest_of, trace_of
from tests.selection_examples import by_votes, decided_by, rich_record, rules

PAGE = (Path(__file__).parents[3] / "docs" / "selection.md").read_text("utf-8")
EXAMPLE = PAGE.partition("## A small example")[2]


def lines(record: Record, *starts: str) -> list[str]:
    """The lines of the record's trace that begin with one of these words."""
    trace = trace_of(record, outcome_of(record))
    return [line for line in trace.splitlines() if line.split(" ")[0] in starts]


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", EXAMPLE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_pages_example_is_what_the_program_makes_of_it() -> None:
    record = read_record(block("json"))
    trace = trace_of(record, outcome_of(record))
    assert trace == block("text")
    assert f"Its digest is `{digest_of(trace)}`." in EXAMPLE


def test_a_trace_begins_with_its_record_and_ends_with_a_line_feed() -> None:
    record = rich_record()
    trace = trace_of(record, outcome_of(record))
    first, second, *_ = trace.split("\n")
    assert first == "pingxuan-selection-trace/1"
    assert second == f"record {sha256(canonical_record(record).encode()).hexdigest()}"
    assert trace.endswith("\noutcome settled\n")
    assert "\r" not in trace


def test_the_digest_is_the_sum_of_the_bytes() -> None:
    assert digest_of("评\n") == sha256("评\n".encode()).hexdigest()


def test_inputs_are_told_with_their_basis_and_each_value() -> None:
    assert lines(rich_record(), "input", "value", "score")[:5] == [
        "input 1 PUBLIC_VOTE highest 6 lowest 0 ballots 28",  # 12 × 2 + 8 × 0.5
        "value 1 2 value 6 normalised 90 weighted 36",  # (100 + 80) ÷ 2
        "value 1 4 value 0 normalised 60.5 weighted 24.2",
        "value 1 9 value 6 normalised 90 weighted 36",
        "value 1 30 value 18 normalised 100 weighted 40",
    ]
    assert lines(rich_record(), "score")[1] == "score 4 sum 54.2 score 54.2"


def test_ties_are_told_step_by_step() -> None:
    told = lines(rich_record(), "tie", "step", "settled", "open")
    assert told[:4] == [
        "tie seats free 1 equal 2 9",
        "step FURTHER_CRITERION CRITERION b free 1 equal 2=6.75 9=6.75",
        "step FURTHER_CRITERION PUBLIC_VOTE - free 1 equal 2=6 9=6",
        "step EXPERT_REVOTE free 1 equal 2=3 9=3",
    ]
    assert told[4].startswith("step LOT free 1 equal 2=a36afbc8")
    assert told[5:] == ["settled LOT"]


def test_a_missing_decision_is_told() -> None:
    record = replace(rich_record(), decisions=())
    assert lines(record, "step", "settled", "open", "outcome")[2:] == [
        "step EXPERT_REVOTE missing free 1 equal 2 9",
        "open",
        "outcome open",
    ]


def test_the_outcome_is_told_by_rank() -> None:
    assert lines(rich_record(), "result", "vacant", "unreviewed", "unused") == [
        "result 30 rank 1 score 85 vacates",
        "result 4 rank 2 score 54.2 selected award good",
        "result 2 rank 3 score 51 selected award good",
        "result 9 rank 3 score 51 passed-over",
        "vacant seats 1",
        "vacant award top 1",
        "vacant award good 0",
        "unreviewed none",
        "unused 0",
    ]


def test_a_decision_has_neither_scores_nor_ranks() -> None:
    told = lines(decided_by((4, 2)), "decision", "score", "result")
    assert told[0].startswith('decision {"reason":{')
    assert told[1:3] == ["result 1 rank none score none passed-over", "result 2 rank none score none selected"]
    undecided = by_votes({1: 1}, rules(1, kind=StageKind.DECISION))
    assert lines(undecided, "outcome") == ["outcome open"]


def test_a_quorum_that_is_not_met_is_told() -> None:
    record = replace(rich_record(), rules=replace(rich_record().rules, quorum=4), dropped=1)
    assert lines(record, "quorum", "short") == [
        "quorum 3",
        *("short 2 reviews 2", "short 4 reviews 1", "short 9 reviews 2"),
        "short ballots 2",
    ]


def with_terms(terms: Aggregation) -> Record:
    return replace(rich_record(), rules=replace(rich_record().rules, aggregation=terms))


def test_standard_scores_are_told_by_expert_and_review() -> None:
    assert lines(rich_record(), "expert", "mark")[:5] == [
        "expert 1 reviews 3 mean 35/2 sd 3.535533905933",  # of 15, 15, 22.5
        "expert 2 reviews 2 mean 77/4 sd 0",
        "expert 3 reviews 1 none",
        "mark 1 2 -0.707106781186",
        "mark 1 9 -0.707106781186",
    ]


def test_points_by_rank_are_fractions() -> None:
    assert lines(with_terms(Aggregation(AggregationMethod.RANK_SUM)), "expert", "mark") == [
        *("mark 1 2 50", "mark 1 9 50", "mark 1 30 100"),  # (1 + 2) ÷ 2 ÷ 3 × 100, and 3 ÷ 3 × 100
        *("mark 2 2 75", "mark 2 9 75"),
        "mark 3 4 100",
    ]


def test_totals_need_no_marks() -> None:
    assert lines(with_terms(Aggregation()), "expert", "mark") == []
