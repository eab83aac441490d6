"""The keys of [[stages]], the stages that are made of them, and the trees that they are read from."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.stages import Stage
from api.domain.selection.terms import (
    Band,
    ChannelWeight,
    FurtherCriterion,
    Normalisation,
    StageInput,
    StageKind,
)
from api.domain.texts import Text, localized
from api.formats.campaign.rule_shapes import ChoicesShape
from api.formats.campaign.tree_values import Tree, decimal, given, translations, unless
from api.formats.campaign.value_types import (
    ByChannel,
    Code,
    Flag,
    InputOf,
    Kind,
    Localized,
    Normalised,
    Number,
    Places,
    Seats,
    Shape,
    SignedNumber,
    Tie,
    TieBreaker,
    Time,
    Words,
)

ONE, NOTHING, PLACES = Decimal(1), Decimal(0), 4
MAX_STAGES, MAX_INPUTS, MAX_POINTS, MAX_BANDS, MAX_CHANNELS, MAX_FURTHER = 20, 10, 500, 100, 5, 20


class BandShape(Shape):
    """One of bands in inputs"""

    at_least: Number
    points: Number


class ChannelShape(Shape):
    """One of channels in inputs"""

    channel: ByChannel
    weight: Number


class InputShape(Shape):
    """One of inputs in [[stages]]"""

    source: InputOf
    weight: Number = Field(ONE)
    normalisation: Normalised = Normalisation.AS_IS
    points: Annotated[
        list[Number],
        Field(max_length=MAX_POINTS),
        Text("各名次分数的列表，最多500项", "a list of points by place, at most 500, such as [20, 18, 16]"),
    ] = Field([])
    floor: Number = Field(NOTHING)
    bands: Annotated[
        list[BandShape],
        Field(max_length=MAX_BANDS),
        Text(
            "{ at_least = …, points = … }的列表，最多100个", "a list of at most 100 { at_least = …, points = … } tables"
        ),
    ] = Field([])
    channels: Annotated[
        list[ChannelShape],
        Field(max_length=MAX_CHANNELS),
        Text("{ channel = …, weight = … }的列表，最多5个", "a list of at most 5 { channel = …, weight = … } tables"),
    ] = Field([])


class FurtherShape(Shape):
    """One of further_criteria in [[stages]]"""

    source: TieBreaker
    criterion: Code | None = None


class StageShape(Shape):
    """One of [[stages]]"""

    code: Code
    name: Localized
    seats: Seats
    decided: Flag
    decided_at: Time | None = None
    formula: Words | None = None
    ties: Annotated[
        list[Tie], Text("办法的列表，依次采用", 'a list of steps, such as ["FURTHER_CRITERION", "LOT"]')
    ] = Field([])
    kind: Kind = StageKind.DECISION
    inputs: Annotated[
        list[InputShape],
        Field(max_length=MAX_INPUTS),
        Text(
            "{ source = …, weight = …, normalisation = … }的列表，最多10个",
            "a list of at most 10 { source = …, weight = …, normalisation = … } tables",
        ),
    ] = Field([])
    threshold: SignedNumber | None = None
    places: Places = PLACES
    further_criteria: Annotated[
        list[FurtherShape],
        Field(max_length=MAX_FURTHER),
        Text(
            "{ source = …, criterion = … }的列表，依次采用，最多20个",
            'a list of at most 20 { source = … } tables, in this order, such as [{ source = "EXPERT_SCORES" }]',
        ),
    ] = Field([])
    opens_at: Time | None = None
    closes_at: Time | None = None
    choices: (
        Annotated[ChoicesShape, Text("表{ minimum = …, maximum = … }", "the table { minimum = …, maximum = … }")] | None
    ) = None


def stage_of(shape: StageShape, languages: Sequence[str]) -> Stage:
    """Make a stage."""
    return Stage(
        shape.code,
        localized(shape.name, languages=languages),
        shape.seats,
        shape.decided,
        shape.decided_at,
        shape.formula,
        tuple(shape.ties),
        shape.kind,
        tuple(map(_input, shape.inputs)),
        shape.threshold,
        shape.places,
        tuple(FurtherCriterion(further.source, further.criterion) for further in shape.further_criteria),
        shape.opens_at,
        shape.closes_at,
        ChoiceRange(shape.choices.minimum, shape.choices.maximum) if shape.choices else None,
    )


def _input(shape: InputShape) -> StageInput:
    return StageInput(
        shape.source,
        shape.weight,
        shape.normalisation,
        tuple(shape.points),
        shape.floor,
        tuple(Band(band.at_least, band.points) for band in shape.bands),
        tuple(ChannelWeight(channel.channel, channel.weight) for channel in shape.channels),
    )


def stage_tree(stage: Stage) -> Tree:
    """Write a stage."""
    return given(
        {
            "code": stage.code,
            "name": translations(stage.name),
            "seats": stage.seats,
            "decided": stage.decided,
            "decided_at": stage.decided_at,
            "formula": stage.formula,
            "ties": [step.name for step in stage.ties],
            "kind": unless(StageKind.DECISION.name, stage.kind.name),
            "inputs": [_input_tree(each) for each in stage.inputs],
            "threshold": decimal(stage.threshold),
            "places": unless(PLACES, stage.places),
            "further_criteria": [_further_tree(further) for further in stage.further_criteria],
            "opens_at": stage.opens_at,
            "closes_at": stage.closes_at,
            "choices": _choices_tree(stage.choices) if stage.choices else None,
        }
    )


def _choices_tree(choices: ChoiceRange) -> Tree:
    return {"minimum": choices.minimum, "maximum": choices.maximum}


def _further_tree(further: FurtherCriterion) -> Tree:
    return given({"source": further.source.name, "criterion": further.criterion})


def _input_tree(value: StageInput) -> Tree:
    return given(
        {
            "source": value.source.name,
            "weight": decimal(unless(ONE, value.weight)),
            "normalisation": unless(Normalisation.AS_IS.name, value.normalisation.name),
            "points": [decimal(points) for points in value.points],
            "floor": decimal(unless(NOTHING, value.floor)),
            "bands": [{"at_least": decimal(band.at_least), "points": decimal(band.points)} for band in value.bands],
            "channels": [{"channel": each.channel.name, "weight": decimal(each.weight)} for each in value.channels],
        }
    )
