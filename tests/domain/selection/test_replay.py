"""Is everything that differs from the first time found, and told by its first line?"""

import json
from dataclasses import replace
from decimal import Decimal

from api.domain.selection.decided import decide
from api.domain.selection.replay import compare, first_difference, is_same_outcome, replay, replay_version
from api.domain.texts import localized
from tests.selection_examples import rich_record

DECIDED = decide(rich_record())


def test_the_same_record_comes_to_the_same_bytes() -> None:
    again = replay_version(DECIDED.record_text, DECIDED.digest, DECIDED.trace)
    assert again.wrong == ()
    assert (again.decided.trace, again.decided.digest) == (DECIDED.trace, DECIDED.digest)


def test_another_digest_and_another_line_are_told() -> None:
    changed = DECIDED.trace.replace("score 54.2 selected", "score 54.3 selected")
    digest, trace = compare(DECIDED, "0" * 64, changed)
    assert digest == f"the digest differs\n  stored:   {'0' * 64}\n  replayed: {DECIDED.digest}"
    assert trace.splitlines()[1:] == [
        "  stored:   result 4 rank 2 score 54.3 selected award good",
        "  replayed: result 4 rank 2 score 54.2 selected award good",
    ]


def test_nothing_is_compared_that_is_not_given() -> None:
    assert compare(DECIDED) == ()


def test_a_text_that_ends_early_differs_at_its_end() -> None:
    difference = first_difference("a\nb\n", "a\n")
    assert difference is not None
    assert (difference.line, difference.stored, difference.replayed) == (2, "b", "")
    other = first_difference("a\n", "a\nb\nc")
    assert other is not None
    assert str(other) == "line 2 differs\n  stored:   \n  replayed: b"
    assert first_difference("a\n", "a\n") is None


def test_a_record_that_is_written_otherwise_is_the_same_record_and_not_the_same_bytes() -> None:
    text = json.dumps(json.loads(DECIDED.record_text), indent=2)
    assert replay(text) == decide(replay(DECIDED.record_text).record)
    again = replay_version(text, DECIDED.digest, DECIDED.trace)
    assert again.wrong == ("the record: it is not stored in its canonical form",)


def test_an_outcome_is_the_same_whatever_the_order_of_channels_and_languages() -> None:
    [sms, web] = DECIDED.record.rules.inputs[0].channels
    turned = replace(DECIDED.record.rules.inputs[0], channels=(web, sms))
    inputs = (turned, *DECIDED.record.rules.inputs[1:])
    again = decide(replace(DECIDED.record, rules=replace(DECIDED.record.rules, inputs=inputs)))
    assert (again.digest, is_same_outcome(again.outcome, DECIDED.outcome)) == (DECIDED.digest, True)
    assert is_same_outcome(replay(DECIDED.record_text).outcome, DECIDED.outcome)
    reasons = [localized(turned) for turned in ({"en": "So.", "zh": "如此。"}, {"zh": "如此。", "en": "So."})]
    one, other = (replace(DECIDED.outcome, decision_reason=reason) for reason in reasons)
    assert is_same_outcome(one, other)
    assert not is_same_outcome(one, DECIDED.outcome)
    row = DECIDED.outcome.rows[0]
    other = replace(row, inputs=(replace(row.inputs[0], value=Decimal(7)), *row.inputs[1:]))
    assert not is_same_outcome(replace(DECIDED.outcome, rows=(other, *DECIDED.outcome.rows[1:])), DECIDED.outcome)
    assert not is_same_outcome(replace(DECIDED.outcome, vacant=0), DECIDED.outcome)
