"""Read the rules of a stage from a record, strictly."""

import re

from api.domain.campaigns.stages import TieStep
from api.domain.review.terms import Aggregation, AggregationMethod
from api.domain.selection.plain_values import Plain
from api.domain.selection.record import AwardRule, RubricCriterion, StageRules
from api.domain.selection.terms import (
    Band,
    ChannelWeight,
    CriterionSource,
    FurtherCriterion,
    InputSource,
    Normalisation,
    StageInput,
    StageKind,
)
from api.domain.voting.channels import Channel

COMPUTED = tuple(kind.name for kind in StageKind if kind is not StageKind.SUBMISSION)
MAX_PLACES = 12


def read_rules(plain: Plain) -> StageRules:
    """Read them. Raises RecordError."""
    parts = plain.fields(
        *("kind", "seats", "places", "threshold", "quorum", "inputs", "ties", "further_criteria"),
        *("rubric", "aggregation", "awards", "lot_digest"),
    )
    return StageRules(
        kind=parts["kind"].member(StageKind, COMPUTED),
        seats=_at_least_one(parts["seats"]),
        places=_places(parts["places"]),
        threshold=parts["threshold"].optional(Plain.decimal),
        quorum=parts["quorum"].optional(_at_least_one),
        inputs=parts["inputs"].each(read_input),
        ties=parts["ties"].each(_step),
        further_criteria=parts["further_criteria"].each(read_further_criterion),
        rubric=parts["rubric"].each(_rubric_criterion),
        aggregation=parts["aggregation"].optional(_aggregation),
        awards=parts["awards"].each(_award),
        lot_digest=parts["lot_digest"].optional(_digest),
    )


def channel_entries(plain: Plain) -> dict[Channel, Plain]:
    """Return what an object has for channels."""
    return {Plain(name, value.path).member(Channel): value for name, value in plain.entries().items()}


def _at_least_one(plain: Plain) -> int:
    return plain.whole(1)


def _places(plain: Plain) -> int:
    return plain.whole(0, MAX_PLACES)


def _step(plain: Plain) -> TieStep:
    return plain.member(TieStep)


def read_input(plain: Plain) -> StageInput:
    """Read one part of a score. Raises RecordError."""
    parts = plain.fields("source", "weight", "normalisation", "points", "floor", "bands", "channels")
    weights = {channel: value.decimal() for channel, value in channel_entries(parts["channels"]).items()}
    return StageInput(
        source=parts["source"].member(InputSource),
        weight=parts["weight"].decimal(),
        normalisation=parts["normalisation"].member(Normalisation),
        points=parts["points"].each(Plain.decimal),
        floor=parts["floor"].decimal(),
        bands=parts["bands"].each(_band),
        channels=tuple(ChannelWeight(channel, weight) for channel, weight in weights.items()),
    )


def _band(plain: Plain) -> Band:
    parts = plain.fields("at_least", "points")
    return Band(parts["at_least"].decimal(), parts["points"].decimal())


def read_further_criterion(plain: Plain) -> FurtherCriterion:
    """Read what breaks a tie. Raises RecordError."""
    parts = plain.fields("source", "criterion")
    return FurtherCriterion(parts["source"].member(CriterionSource), parts["criterion"].optional(Plain.code))


def _rubric_criterion(plain: Plain) -> RubricCriterion:
    parts = plain.fields("code", "weight", "counted")
    return RubricCriterion(parts["code"].code(), parts["weight"].decimal(), parts["counted"].flag())


def _aggregation(plain: Plain) -> Aggregation:
    parts = plain.fields("method", "drop", "trim_from", "per_criterion", "standardised", "standardised_from", "places")
    return Aggregation(
        method=parts["method"].member(AggregationMethod),
        drop=parts["drop"].whole(),
        trim_from=parts["trim_from"].whole(),
        per_criterion=parts["per_criterion"].flag(),
        standardised=parts["standardised"].flag(),
        standardised_from=parts["standardised_from"].whole(),
        places=_places(parts["places"]),
    )


def _award(plain: Plain) -> AwardRule:
    parts = plain.fields("code", "seats", "threshold")
    return AwardRule(parts["code"].code(), parts["seats"].whole(1), parts["threshold"].optional(Plain.decimal))


def _digest(plain: Plain) -> str:
    if not re.fullmatch("[0-9a-f]{64}", plain.text()):
        raise plain.refuse("a SHA-256 in 64 small hexadecimal digits")
    return plain.text()
