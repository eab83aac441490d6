"""The one way in which a record is written as JSON, whatever the order of its rows: docs/selection.md states it."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from api.domain.exact import plain
from api.domain.selection.record import FORMAT, Record, StageRules
from api.domain.selection.terms import ChannelWeight, StageInput
from api.domain.texts import LocalizedText
from api.domain.voting.channels import Channel


def canonical_record(record: Record) -> str:
    """Write the record in canonical JSON, without a line feed at the end."""
    return canonical(record_tree(record))


def canonical(tree: object) -> str:
    """Write plain values as canonical JSON."""
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def record_tree(record: Record) -> dict[str, Any]:
    """Return the record as plain values, its rows in canonical order."""
    return {
        "format": FORMAT,
        "campaign": record.campaign,
        "stage": record.stage,
        "rules": rules_tree(record.rules),
        "candidates": sorted(
            (
                {"number": each.number, "votes": counts_tree(each.votes), "vacates": each.vacates}
                for each in record.candidates
            ),
            key=lambda tree: tree["number"],
        ),
        "ballots": counts_tree(record.ballots),
        "reviews": [tree_of(each) for each in sorted(record.reviews, key=lambda each: (each.expert, each.project))],
        "expert_ballots": [tree_of(each) for each in sorted(record.expert_ballots, key=lambda each: each.expert)],
        "decisions": sorted(map(tree_of, record.decisions), key=canonical),
        "decision": tree_of(record.decision),
        "seed": record.seed,
        "dropped": record.dropped,
    }


def rules_tree(rules: StageRules) -> dict[str, Any]:
    """Return the rules as plain values."""
    rubric = sorted(rules.rubric, key=lambda criterion: criterion.code)
    return {
        **{each.name: tree_of(getattr(rules, each.name)) for each in fields(rules)},
        "inputs": [_input_tree(each) for each in rules.inputs],
        "rubric": [tree_of(each) for each in rubric],
    }


def counts_tree(counts: Mapping[Channel, int]) -> dict[str, int]:
    """Return counts by the names of their channels, sorted, without those that are 0."""
    return {channel.name: count for channel, count in sorted(counts.items(), key=lambda item: item[0].name) if count}


def tree_of(value: Any) -> Any:
    """Return a value of the domain as JSON has it."""
    if isinstance(value, LocalizedText):
        return dict(value.translations)
    if is_dataclass(value):
        return {each.name: tree_of(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: tree_of(each) for key, each in value.items()}
    if isinstance(value, frozenset | tuple):
        return [tree_of(each) for each in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, Enum):
        return value.name
    return plain(value) if isinstance(value, Decimal) else value


def _input_tree(stage_input: StageInput) -> dict[str, Any]:
    bands = sorted(stage_input.bands, key=lambda band: band.at_least)
    return {
        **tree_of(stage_input),
        "bands": [tree_of(band) for band in bands],
        "channels": _weights_tree(stage_input.channels),
    }


def _weights_tree(weights: tuple[ChannelWeight, ...]) -> dict[str, str]:
    return {each.channel.name: plain(each.weight) for each in weights}
