"""Is a record written in one form, whatever the order of its rows?"""

import json
from dataclasses import replace
from decimal import Decimal

from api.domain.selection.canonical import canonical, canonical_record, record_tree
from api.domain.selection.record import ExpertBallot
from api.domain.selection.terms import Band
from api.domain.voting.channels import Channel
from tests.selection_examples import by_votes, rich_record, rules


def test_json_has_sorted_keys_no_spaces_and_letters_as_they_are() -> None:
    assert canonical({"b": ["评", 1], "a": {"y": None, "x": True}}) == '{"a":{"x":true,"y":null},"b":["评",1]}'
    assert canonical('"\\/\n\x1f\x7f\u2028') == '"\\"\\\\/\\n\\u001f\x7f\u2028"'


def test_rows_are_in_the_order_of_their_numbers_and_codes() -> None:
    tree = record_tree(rich_record())
    assert [each["number"] for each in tree["candidates"]] == [2, 4, 9, 30]
    assert [(each["expert"], each["project"]) for each in tree["reviews"]] == [
        *((1, 2), (1, 9), (1, 30), (2, 2), (2, 9), (3, 4)),
    ]
    assert tree["expert_ballots"] == [{"expert": 1, "projects": [30]}, {"expert": 2, "projects": [2, 9]}]
    assert [each["code"] for each in tree["rules"]["rubric"]] == ["a", "b", "c"]
    assert tree["rules"]["inputs"][1]["bands"] == [
        {"at_least": "2", "points": "25"},
        {"at_least": "5", "points": "50"},
    ]
    assert tree["rules"]["inputs"][0]["channels"] == {"SMS": "0.5", "WEB": "2"}


def test_channels_without_votes_are_left_out() -> None:
    record = by_votes({1: 0}, rules(1))
    tree = record_tree(replace(record, ballots={Channel.SMS: 0, Channel.WEB: 3}))
    assert (tree["candidates"], tree["ballots"]) == ([{"number": 1, "votes": {}, "vacates": False}], {"WEB": 3})


def test_decimals_are_plain_texts() -> None:
    record = by_votes({1: 1}, rules(1, threshold=Decimal("60.500")))
    assert record_tree(record)["rules"]["threshold"] == "60.5"


def test_equal_records_are_the_same_bytes() -> None:
    record = rich_record()
    stage_input = record.rules.inputs[1]
    turned = replace(
        record,
        candidates=record.candidates[::-1],
        reviews=record.reviews[::-1],
        expert_ballots=(ExpertBallot(1, frozenset({30})), ExpertBallot(2, frozenset({2, 9}))),
        rules=replace(
            record.rules,
            rubric=record.rules.rubric[::-1],
            inputs=(
                record.rules.inputs[0],
                replace(stage_input, bands=(Band(Decimal("2.0"), Decimal(25)), Band(Decimal(5), Decimal(50)))),
                *record.rules.inputs[2:],
            ),
        ),
    )
    assert canonical_record(turned) == canonical_record(record)
    assert json.loads(canonical_record(record))["format"] == "pingxuan-selection/1"
