"""The panel of experts: when they score, by which rubric, and how scores are put together."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Self

import strawberry

from api.domain.campaigns import campaign, parts
from api.domain.review import terms
from api.domain.review.terms import AggregationMethod
from api.domain.selection.aggregation_words import aggregation_in_words
from api.schema.common.texts import own_text, text


@strawberry.type(description="What a score stands for, in words.")
class Anchor:
    """Shows domain.review.terms.Anchor."""

    value: strawberry.Private[terms.Anchor]
    score: Decimal = strawberry.field(description="The score, on the criterion's scale.")
    text: str = own_text(lambda anchor: anchor.value.text, "What a project is like that has it.")

    @classmethod
    def of(cls, value: terms.Anchor) -> "Anchor":
        return cls(value=value, score=value.score)


@strawberry.type(description="One thing that the experts score a project by, with its scale.")
class RubricCriterion:
    """Shows domain.campaigns.parts.Criterion, with its scale."""

    value: strawberry.Private[parts.Criterion]
    code: str = strawberry.field(description="Its name for programs, unique within the campaign, such as `INNOVATION`.")
    name: str = own_text(lambda criterion: criterion.value.name, "Its name for people.")
    weight: Decimal = strawberry.field(description="By what a score is multiplied in the total.")
    minimum: Decimal = strawberry.field(description="The lowest score.")
    maximum: Decimal | None = strawberry.field(description="The highest score; null where no scale is stated.")
    step: Decimal = strawberry.field(description="By how much neighbouring scores differ, from `minimum` on.")
    counted: bool = strawberry.field(
        description="Whether it is part of the total; if not, it is asked for all the same."
    )

    @strawberry.field(description="What some of the scores stand for, in the organizer's order.")
    def anchors(self) -> list[Anchor]:
        return [Anchor.of(anchor) for anchor in self.value.anchors]

    @classmethod
    def of(cls, value: parts.Criterion) -> "RubricCriterion":
        return cls(
            value=value,
            code=value.code,
            weight=value.weight,
            minimum=value.minimum,
            maximum=value.maximum,
            step=value.step,
            counted=value.counted,
        )


@strawberry.type(description="How the scores that experts give a project become one.")
class Aggregation:
    """Shows domain.review.terms.Aggregation."""

    value: strawberry.Private[terms.Aggregation]
    criteria: strawberry.Private[Sequence[parts.Criterion]]
    method: AggregationMethod = strawberry.field(description="How they are put together.")
    drop: int = strawberry.field(description="How many are left out at either end, under `TRIMMED_MEAN`.")
    trim_from: int = strawberry.field(description="From how many scores on any are left out, under `TRIMMED_MEAN`.")
    per_criterion: bool = strawberry.field(
        description="Whether scores are left out of each criterion apart, under `TRIMMED_MEAN`; else of the totals."
    )
    standardised: bool = strawberry.field(
        description="Whether each expert's totals are first turned into standard scores: how many standard deviations a "
        "project is above that expert's mean."
    )
    standardised_from: int = strawberry.field(
        description="From how many submitted reviews of an expert on they are turned into standard scores; those of others "
        "count as 0."
    )
    places: int = strawberry.field(description="To how many decimal places a project's score is rounded, halves up.")

    description: str = text(
        lambda aggregation: aggregation_in_words(aggregation.value, aggregation.criteria),
        "The same in words, made of the data alone.",
    )

    @classmethod
    def of(cls, value: terms.Aggregation, criteria: Sequence[parts.Criterion]) -> "Aggregation":
        return cls(
            value=value,
            criteria=criteria,
            method=value.method,
            drop=value.drop,
            trim_from=value.trim_from,
            per_criterion=value.per_criterion,
            standardised=value.standardised,
            standardised_from=value.standardised_from,
            places=value.places,
        )


@strawberry.type
class PanelTerms:
    """Shows domain.review.terms.PanelTerms, in the campaign's zone: what everybody sees of a panel."""

    stands_in: strawberry.Private[campaign.Campaign]
    value: strawberry.Private[terms.PanelTerms]
    opens_at: datetime = strawberry.field(description="The first instant at which an expert can save a review.")
    closes_at: datetime = strawberry.field(
        description="The first instant at which no review can be saved or submitted any more. Until then nobody but its own "
        "expert sees a score."
    )
    quorum: int | None = strawberry.field(
        description="The fewest submitted reviews of each project, and the fewest expert ballots of a stage, that a selection "
        "can rest on; null where none is stated."
    )
    published: bool = strawberry.field(description="Whether everybody sees who is on the panel.")

    @strawberry.field(description="What the experts score by, in the organizer's order.")
    def rubric(self) -> list[RubricCriterion]:
        return [RubricCriterion.of(criterion) for criterion in self.stands_in.criteria]

    @strawberry.field(description="How their scores become one score of a project.")
    def aggregation(self) -> Aggregation:
        return Aggregation.of(self.value.aggregation, self.stands_in.criteria)

    @classmethod
    def of(cls, stands_in: campaign.Campaign, value: terms.PanelTerms) -> Self:
        local = stands_in.calendar.local
        return cls(
            stands_in=stands_in,
            value=value,
            opens_at=local(value.opens_at),
            closes_at=local(value.closes_at),
            quorum=value.quorum,
            published=value.published,
        )
