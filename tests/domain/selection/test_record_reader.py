"""Is a record read strictly, and is every mistake told with its place and what would be right?"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from api.domain.selection.canonical import canonical_record, record_tree
from api.domain.selection.plain_values import RecordError
from api.domain.selection.record_reader import read_record
from tests.selection_examples import decided_by, rich_record


def tree() -> dict[str, Any]:
    return json.loads(canonical_record(rich_record()))


def refusal(text: str) -> str:
    with pytest.raises(RecordError) as refused:
        read_record(text)
    return str(refused.value)


@pytest.mark.parametrize("record", [rich_record(), decided_by((4, 2))], ids=["rich", "decision"])
def test_what_is_written_is_read_back(record) -> None:
    text = canonical_record(record)
    assert canonical_record(read_record(text)) == text


def test_rows_and_keys_may_come_in_any_order() -> None:
    turned = {
        key: value[::-1] if key in {"candidates", "reviews"} else value for key, value in reversed(tree().items())
    }
    assert canonical_record(read_record(json.dumps(turned, indent=1))) == canonical_record(rich_record())


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        tree[path[-1]] = value

    return change


def drop(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(tree: Any) -> None:
        for key in path[:-1]:
            tree = tree[key]
        del tree[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (put("format", value="other/1"), "format: 'other/1' should be \"pingxuan-selection/1\"."),
        (drop("seed"), "seed is missing."),
        (put("sead", value=1), "sead is unknown; there are format, campaign,"),
        (drop("candidates", 0, "vacates"), "candidates[0].vacates is missing."),
        (put("candidates", 0, "votes", "FAX", value=1), "candidates[0].votes.FAX: 'FAX' should be one of WEB, WECHAT,"),
        (
            put("candidates", 0, "votes", "WEB", value=0),
            "candidates[0].votes.WEB: 0 should be a whole number from 1 to",
        ),
        (put("candidates", 0, "votes", "WEB", value=1.0), "candidates[0].votes.WEB: 1.0 should be a whole number"),
        (put("candidates", 0, "number", value=True), "candidates[0].number: True should be a whole number"),
        (put("candidates", 0, "vacates", value=0), "candidates[0].vacates: 0 should be true or false."),
        (put("candidates", value={}), "candidates: {} should be a list."),
        (put("rules", value=[]), "rules: [] should be an object."),
        (put("rules", "kind", value="SUBMISSION"), "rules.kind: 'SUBMISSION' should be one of PUBLIC_VOTE,"),
        (put("rules", "places", value=13), "rules.places: 13 should be a whole number from 0 to 12."),
        (put("rules", "threshold", value="1.0"), "rules.threshold: '1.0' should be a decimal as a text"),
        (put("rules", "threshold", value="-0"), "rules.threshold: '-0' should be a decimal as a text"),
        (put("rules", "threshold", value=1), "rules.threshold: 1 should be a decimal as a text"),
        (put("rules", "threshold", value="1e3"), "rules.threshold: '1e3' should be a decimal as a text"),
        (put("rules", "threshold", value="１"), "rules.threshold: '１' should be a decimal as a text"),
        (put("rules", "lot_digest", value="A" * 64), "should be a SHA-256 in 64 small hexadecimal digits."),
        (put("rules", "awards", 0, "code", value="a b"), "rules.awards[0].code: 'a b' should be a code"),
        (put("campaign", value="a\nb"), "campaign: 'a\\nb' should be a code"),
        (put("decisions", 0, "step", value="LOT"), "decisions[0].step: 'LOT' should be one of EXPERT_REVOTE, RECORDED"),
        (
            put("decisions", 0, "order", value=[2, 2]),
            "decisions[0].order: [2, 2] should be a list in which each number",
        ),
        (put("decisions", 0, "reason", value={}), "decisions[0].reason: {} should be texts by language"),
        (put("decisions", 0, "reason", value={"zh": "\ud800"}), "decisions[0].reason.zh: '\\ud800' should be a text."),
        (put("seed", value=""), "seed: '' should be a text."),
    ],
)
def test_a_mistake_is_told_with_its_place(change: Callable[[dict[str, Any]], None], told: str) -> None:
    changed = tree()
    change(changed)
    assert told in refusal(json.dumps(changed))


def test_what_is_no_json_is_told_with_its_line() -> None:
    assert "line 2, column 1" in refusal('{"a": 1,\n}')
    assert "the record: [] should be an object." in refusal("[]")
    assert "lie too deep" in refusal("[" * 100_000)


def test_a_key_that_stands_twice_is_refused() -> None:
    text = json.dumps(record_tree(rich_record())).replace('"WEB": 12', '"WEB": 12, "WEB": 13')
    assert refusal(text) == '"WEB" stands in one object more than once.'


def test_a_float_that_is_no_number_is_refused() -> None:
    assert "dropped: nan" in refusal(json.dumps(tree() | {"dropped": float("nan")}))
