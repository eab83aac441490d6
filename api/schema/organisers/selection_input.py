"""The stages, the panel, the criteria and the awards of a campaign as organizers send them."""

from datetime import datetime
from decimal import Decimal

import strawberry

from api.domain.campaigns.stages import TieStep
from api.domain.review.terms import AggregationMethod
from api.domain.selection.terms import CriterionSource, InputSource, Normalisation, StageKind
from api.domain.voting.channels import Channel
from api.schema.organisers.texts import TextInput
from api.schema.rules.choices import ChoicesInput

CODE = "Its name for programs, unique among its like: letters, digits, `_` and `-`, a letter first, at most 40."
UNSET = strawberry.UNSET


@strawberry.input(description="What projects can win.")
class AwardInput:
    """Becomes one of `awards`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")
    seats: int = strawberry.field(description="How many projects can win it; it may stay vacant.")
    threshold: Decimal | None = strawberry.field(
        default=UNSET, description="The lowest score of the last stage that wins it; left out, every score does."
    )


@strawberry.input(description="What a score stands for, in words.")
class AnchorInput:
    """Becomes one of `anchors`."""

    score: Decimal = strawberry.field(description="The score, on the criterion's scale, each once.")
    text: TextInput = strawberry.field(description="What a project is like that has it.")


@strawberry.input(description="What the experts score by. Once voting or the panel opens it cannot change.")
class CriterionInput:
    """Becomes one of `criteria`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")
    weight: Decimal | None = strawberry.field(
        default=UNSET, description="By what a score is multiplied in the total; left out, 1."
    )
    minimum: Decimal | None = strawberry.field(default=UNSET, description="The lowest score; left out, 0.")
    maximum: Decimal | None = strawberry.field(default=UNSET, description="The highest score. A panel needs it.")
    step: Decimal | None = strawberry.field(
        default=UNSET, description="By how much neighbouring scores differ; it divides the scale. Left out, 1."
    )
    anchors: list[AnchorInput] | None = strawberry.field(default=UNSET, description="What some scores stand for.")
    counted: bool | None = strawberry.field(
        default=UNSET, description="Whether it is part of the total; left out, it is. One at least has to be."
    )


@strawberry.input(description="How the scores that experts give a project become one.")
class AggregationInput:
    """Becomes `aggregation` of the panel."""

    method: AggregationMethod | None = strawberry.field(default=UNSET, description="Left out, `MEAN`.")
    drop: int | None = strawberry.field(
        default=UNSET, description="How many scores `TRIMMED_MEAN` leaves out at either end; left out, 1."
    )
    trim_from: int | None = strawberry.field(
        default=UNSET, description="From how many scores on it does: more than twice `drop`. Left out, 3."
    )
    per_criterion: bool | None = strawberry.field(
        default=UNSET, description="Whether it does so with each criterion apart; left out, with the totals."
    )
    standardised: bool | None = strawberry.field(
        default=UNSET,
        description="Whether each expert's totals become standard scores first; left out, they do not. Not with `RANK_SUM` "
        "and not with `perCriterion`.",
    )
    standardised_from: int | None = strawberry.field(
        default=UNSET, description="From how many submitted reviews of an expert on they do; left out, 5."
    )
    places: int | None = strawberry.field(
        default=UNSET, description="To how many decimal places a project's score is rounded, 0 to 12; left out, 4."
    )


@strawberry.input(description="When the experts score, and how. `opensAt <= t < closesAt`.")
class PanelInput:
    """Becomes `panel`."""

    opens_at: datetime = strawberry.field(description="The first instant at which an expert can save a review.")
    closes_at: datetime = strawberry.field(
        description="The first instant at which none can be saved any more. Once the panel is open, it moves by "
        "`extendPanel` alone."
    )
    aggregation: AggregationInput | None = strawberry.field(
        default=UNSET, description="How scores are put together; left out, by their mean."
    )
    quorum: int | None = strawberry.field(
        default=UNSET,
        description="The fewest submitted reviews of each project, and expert ballots of a stage, that a selection can rest "
        "on.",
    )
    published: bool | None = strawberry.field(
        default=UNSET, description="Whether everybody sees who is on the panel; left out, staff alone do."
    )


@strawberry.input(description="The points of every value that is at least so high.")
class BandInput:
    """Becomes one of `bands`."""

    at_least: Decimal = strawberry.field(description="The lowest value that has them.")
    points: Decimal = strawberry.field(description="The points; more than those of lower bands.")


@strawberry.input(description="How much a vote by one channel counts.")
class ChannelWeightInput:
    """Becomes one of `channels`."""

    channel: Channel = strawberry.field(description="The channel, each once.")
    weight: Decimal = strawberry.field(description="By what its votes are multiplied.")


@strawberry.input(description="One part of a stage's score.")
class WeightedInput:
    """Becomes one of `inputs`."""

    source: InputSource = strawberry.field(description="Where its values come from.")
    weight: Decimal | None = strawberry.field(
        default=UNSET, description="By what its normalised value is multiplied; left out, 1. Not all can be 0."
    )
    normalisation: Normalisation | None = strawberry.field(
        default=UNSET, description="How values are made comparable; left out, `AS_IS`."
    )
    points: list[Decimal] | None = strawberry.field(
        default=UNSET, description="Of `RANK_LADDER`: the points by place, which do not rise."
    )
    floor: Decimal | None = strawberry.field(
        default=UNSET, description="Of `RANK_LADDER` and `BANDS`: the points of all others; left out, 0."
    )
    bands: list[BandInput] | None = strawberry.field(default=UNSET, description="Of `BANDS`.")
    channels: list[ChannelWeightInput] | None = strawberry.field(
        default=UNSET, description="Of `PUBLIC_VOTE`: how much votes count by channel; left out, 1 each."
    )


@strawberry.input(description="What breaks a tie under `FURTHER_CRITERION`.")
class FurtherCriterionInput:
    """Becomes one of `further_criteria`."""

    source: CriterionSource = strawberry.field(description="Which value it is: the higher goes first.")
    criterion: str | None = strawberry.field(
        default=UNSET, description="Of `CRITERION`: the code of the criterion whose mean it is."
    )


@strawberry.input(description="One step of the selection.")
class CampaignStageInput:
    """Becomes one of `stages`."""

    code: str = strawberry.field(description=CODE)
    name: TextInput = strawberry.field(description="Its name.")
    seats: int = strawberry.field(description="How many projects pass it.")
    decided: bool = strawberry.field(default=False, description="Whether it is decided.")
    decided_at: datetime | None = strawberry.field(default=UNSET, description="When it was decided.")
    formula: str | None = strawberry.field(
        default=UNSET, description="What there is to say of how it is decided, in your own words. Nothing goes by it."
    )
    ties: list[TieStep] | None = strawberry.field(
        default=UNSET, description="How ties at its cut line are settled, in this order. Required before presenting."
    )
    kind: StageKind | None = strawberry.field(default=UNSET, description="How it is decided; left out, `DECISION`.")
    inputs: list[WeightedInput] | None = strawberry.field(
        default=UNSET,
        description="What its score is made of; left out, of what its kind names, as it is. Not of `SUBMISSION` and "
        "`DECISION`.",
    )
    threshold: Decimal | None = strawberry.field(default=UNSET, description="The lowest score that passes.")
    places: int | None = strawberry.field(
        default=UNSET, description="To how many decimal places scores are rounded, 0 to 12; left out, 4."
    )
    further_criteria: list[FurtherCriterionInput] | None = strawberry.field(
        default=UNSET, description="What breaks ties under `FURTHER_CRITERION`, in this order."
    )
    opens_at: datetime | None = strawberry.field(
        default=UNSET, description="Of `EXPERT_BALLOT`: when the experts' ballot opens; not before voting closes."
    )
    closes_at: datetime | None = strawberry.field(default=UNSET, description="Of `EXPERT_BALLOT`: when it closes.")
    choices: ChoicesInput | None = strawberry.field(
        default=UNSET, description="Of `EXPERT_BALLOT`: how many projects a ballot names."
    )
