"""The stages of a selection: how many pass each, how it is decided, and what is done with ties."""

from datetime import datetime
from decimal import Decimal
from typing import Self

import strawberry

from api.domain.campaigns import campaign, parts, stages
from api.domain.campaigns.stages import StageStatus, TieStep, ties_in_words
from api.domain.selection import terms
from api.domain.selection.input_words import input_in_words
from api.domain.selection.terms import CriterionSource, InputSource, Normalisation, StageKind
from api.domain.selection.words import is_percentage, stage_in_words
from api.domain.voting.channels import Channel
from api.schema.common.texts import own_text, text


@strawberry.type(description="How ties at a stage's cut line are settled.")
class TiePolicy:
    """Shows domain.campaigns.stages.Stage.ties."""

    steps: list[TieStep] = strawberry.field(
        description="What is done, in this order: each step settles what the one before has left. Empty where the organizer "
        "has stated none."
    )
    description: str = text(lambda policy: ties_in_words(policy.steps), "The same in words.")


@strawberry.type(description="The points of every value that is at least so high.")
class Band:
    """Shows domain.selection.terms.Band."""

    at_least: Decimal = strawberry.field(description="The lowest value that has them.")
    points: Decimal = strawberry.field(description="The points.")


@strawberry.type(description="How much a vote by one channel counts.")
class ChannelWeight:
    """Shows domain.selection.terms.ChannelWeight."""

    channel: Channel = strawberry.field(description="The channel.")
    weight: Decimal = strawberry.field(description="By what its votes are multiplied.")


@strawberry.type(description="One part of a stage's score.")
class StageInput:
    """Shows domain.selection.terms.StageInput."""

    value: strawberry.Private[terms.StageInput]
    is_percentage: strawberry.Private[bool]
    source: InputSource = strawberry.field(description="Where its values come from.")
    weight: Decimal = strawberry.field(
        description="By what its normalised value is multiplied. The products together are the score; weights need not add "
        "up to 1."
    )
    normalisation: Normalisation = strawberry.field(
        description="How its values are made comparable with other inputs'."
    )
    points: list[Decimal] = strawberry.field(
        description="Under `RANK_LADDER`: the points of the first, the second place and so on. Else empty."
    )
    floor: Decimal = strawberry.field(
        description="Under `RANK_LADDER` and `BANDS`: the points of those that `points` or `bands` give none."
    )

    description: str = text(
        lambda part: input_in_words(part.value, is_percentage=part.is_percentage),
        "The same in words, made of the data alone.",
    )

    @strawberry.field(description="Under `BANDS`: which values have how many points. Else empty.")
    def bands(self) -> list[Band]:
        return [Band(at_least=band.at_least, points=band.points) for band in self.value.bands]

    @strawberry.field(description="How much votes count, of `PUBLIC_VOTE`, by channel; by one that is not here, 1.")
    def channels(self) -> list[ChannelWeight]:
        return [ChannelWeight(channel=each.channel, weight=each.weight) for each in self.value.channels]

    @classmethod
    def of(cls, value: terms.StageInput, *, is_percentage: bool) -> "StageInput":
        return cls(
            value=value,
            is_percentage=is_percentage,
            source=value.source,
            weight=value.weight,
            normalisation=value.normalisation,
            points=list(value.points),
            floor=value.floor,
        )


@strawberry.type(description="What breaks a tie under `FURTHER_CRITERION`: the higher value goes first.")
class FurtherCriterion:
    """Shows domain.selection.terms.FurtherCriterion."""

    source: CriterionSource = strawberry.field(description="Which value it is.")
    criterion: str | None = strawberry.field(
        description="Under `CRITERION`: the code of the criterion whose mean it is. Else null."
    )


@strawberry.type(description="How many projects may be named, both included.")
class ChoiceRange:
    """Shows domain.campaigns.parts.ChoiceRange."""

    minimum: int = strawberry.field(description="The fewest.")
    maximum: int = strawberry.field(description="The most.")

    @classmethod
    def of(cls, value: parts.ChoiceRange) -> "ChoiceRange":
        return cls(minimum=value.minimum, maximum=value.maximum)


@strawberry.type(description="How a stage of the selection is decided.")
class StageTerms:
    """Shows domain.campaigns.stages.Stage, with its status at the moment of the request."""

    value: strawberry.Private[stages.Stage]
    stands_in: strawberry.Private[campaign.Campaign]
    code: str = strawberry.field(description="Its name for programs, unique within the campaign, such as `FINALIST`.")
    name: str = own_text(lambda stage: stage.value.name, "Its name for people.")
    seats: int = strawberry.field(description="How many projects pass it.")
    status: StageStatus = strawberry.field(
        description="Whether it is decided, open or still pending. A decision shows once it is published."
    )
    decided_at: datetime | None = strawberry.field(description="When it was decided; null when not yet, or not known.")
    formula: str | None = strawberry.field(
        description="What the organizer says of how it is decided, in their own words; null where nothing is said. What is "
        "computed goes by `inputs` alone."
    )
    kind: StageKind = strawberry.field(description="How it is decided.")
    threshold: Decimal | None = strawberry.field(
        description="The lowest score that passes, whatever seats are left; null where every score does."
    )
    places: int = strawberry.field(
        description="To how many decimal places scores and their parts are rounded, halves up."
    )

    description: str = text(
        lambda stage: stage_in_words(stage.stands_in, stage.value),
        "How it is decided, in words made of the data alone: who passes, what the score is made of, how ties are settled.",
    )

    @strawberry.field(description="How ties at its cut line are settled.")
    def ties(self) -> TiePolicy:
        return TiePolicy(steps=list(self.value.ties))

    @strawberry.field(
        description="What its score is made of; empty for `SUBMISSION` and `DECISION`, which have no score."
    )
    def inputs(self) -> list[StageInput]:
        inputs = self.value.scored_by
        return [StageInput.of(each, is_percentage=is_percentage(inputs)) for each in inputs]

    @strawberry.field(description="What breaks ties under `FURTHER_CRITERION`, in this order.")
    def further_criteria(self) -> list[FurtherCriterion]:
        return [FurtherCriterion(source=each.source, criterion=each.criterion) for each in self.value.further_criteria]

    @strawberry.field(
        description="The first instant at which an expert can cast a ballot in it; null but for `EXPERT_BALLOT`."
    )
    def opens_at(self) -> datetime | None:
        return self._local(self.value.opens_at)

    @strawberry.field(
        description="The first instant at which no expert can cast a ballot any more; null but for `EXPERT_BALLOT`."
    )
    def closes_at(self) -> datetime | None:
        return self._local(self.value.closes_at)

    @strawberry.field(description="How many projects an expert's ballot names; null but for `EXPERT_BALLOT`.")
    def choices(self) -> ChoiceRange | None:
        return None if self.value.choices is None else ChoiceRange.of(self.value.choices)

    def _local(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else self.stands_in.calendar.local(moment)

    @classmethod
    def of(cls, stage: stages.Stage, stands_in: campaign.Campaign, status: StageStatus) -> Self:
        return cls(
            value=stage,
            stands_in=stands_in,
            code=stage.code,
            seats=stage.seats,
            status=status,
            decided_at=stage.decided_at,
            formula=stage.formula,
            kind=stage.kind,
            threshold=stage.threshold,
            places=stage.places,
        )
