"""Outcomes as JSON, to be stored beside the record that they follow from: with the inputs once, not once a row."""

import json
from decimal import Decimal
from typing import Any

from api.domain.campaigns.stages import TieStep
from api.domain.selection.canonical import canonical, tree_of
from api.domain.selection.outcome import InputScore, Outcome, OutcomeRow
from api.domain.selection.plain_values import Plain
from api.domain.selection.record_reader import read_tie_decision
from api.domain.selection.rules_reader import read_further_criterion, read_input
from api.domain.selection.terms import StageInput
from api.domain.selection.ties import Group, Tie, TieDetail


def outcome_text(outcome: Outcome) -> str:
    """Write an outcome as JSON."""
    inputs = [each.stage_input for each in outcome.rows[0].inputs] if outcome.rows else []
    return canonical(
        {
            **tree_of(outcome),
            "inputs": [_input_tree(each) for each in inputs],
            "rows": [_row_tree(row) for row in outcome.rows],
        }
    )


def read_outcome(text: str) -> Outcome:
    """Read an outcome from its JSON. Raises RecordError, or ValueError for what is no JSON."""
    names = ("inputs", "rows", "ties", "vacant", "vacant_awards", "unreviewed", "unused", "unresolved")
    parts = Plain(json.loads(text), "outcome").fields(*names)
    inputs = parts["inputs"].each(read_input)
    return Outcome(
        rows=tuple(_row(plain, inputs) for plain in parts["rows"].items()),
        ties=parts["ties"].each(_tie),
        vacant=parts["vacant"].whole(),
        vacant_awards={code: value.whole() for code, value in parts["vacant_awards"].entries().items()},
        unreviewed=parts["unreviewed"].each(Plain.whole),
        unused=parts["unused"].each(read_tie_decision),
        unresolved=parts["unresolved"].flag(),
    )


def _input_tree(stage_input: StageInput) -> dict[str, Any]:
    weights = {each.channel.name: tree_of(each.weight) for each in stage_input.channels}
    return {**tree_of(stage_input), "channels": weights}


def _row_tree(row: OutcomeRow) -> dict[str, Any]:
    inputs = [[tree_of(value) for value in (each.value, each.normalised, each.weighted)] for each in row.inputs]
    return {**tree_of(row), "inputs": inputs}


def _row(plain: Plain, inputs: tuple[StageInput, ...]) -> OutcomeRow:
    parts = plain.fields("number", "inputs", "score", "rank", "selected", "award", "vacates")
    scores = zip(inputs, parts["inputs"].items(), strict=True)
    return OutcomeRow(
        number=parts["number"].whole(1),
        inputs=tuple(InputScore(own, *values.each(_number)) for own, values in scores),
        score=parts["score"].optional(_number),
        rank=parts["rank"].optional(Plain.whole),
        selected=parts["selected"].flag(),
        award=parts["award"].optional(Plain.code),
        vacates=parts["vacates"].flag(),
    )


def _tie(plain: Plain) -> Tie:
    parts = plain.fields(
        *("numbers", "free", "award", "step", "passing", "order", "equal", "missing", "details", "used")
    )
    return Tie(
        numbers=_group(parts["numbers"]),
        free=parts["free"].whole(),
        award=parts["award"].optional(Plain.code),
        step=parts["step"].optional(_step),
        passing=_group(parts["passing"]),
        order=parts["order"].each(_group),
        equal=_group(parts["equal"]),
        missing=parts["missing"].optional(_step),
        details=parts["details"].each(_detail),
        used=parts["used"].each(read_tie_decision),
    )


def _detail(plain: Plain) -> TieDetail:
    parts = plain.fields("step", "free", "equal", "further", "values", "is_missing")
    pairs = (value.items() for value in parts["values"].items())
    return TieDetail(
        step=_step(parts["step"]),
        free=parts["free"].whole(),
        equal=_group(parts["equal"]),
        further=parts["further"].optional(read_further_criterion),
        values=tuple((number.whole(1), shown.text()) for number, shown in pairs),
        is_missing=parts["is_missing"].flag(),
    )


def _number(plain: Plain) -> Decimal:
    return Decimal(plain.text())  # products have more digits than a record's decimals


def _step(plain: Plain) -> TieStep:
    return plain.member(TieStep)


def _group(plain: Plain) -> Group:
    return frozenset(plain.each(Plain.whole))
