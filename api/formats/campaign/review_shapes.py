"""The keys of [panel] and [[criteria]], the values that are made of them, and the trees that they are read from."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from api.domain.campaigns.parts import Criterion
from api.domain.review.terms import Aggregation, AggregationMethod, Anchor, PanelTerms
from api.domain.texts import Text, localized
from api.formats.campaign.tree_values import Tree, decimal, given, translations, unless
from api.formats.campaign.value_types import Code, Flag, Localized, Method, Number, Places, Shape, Time, whole

MAX_CRITERIA, MAX_ANCHORS, MAX_EXPERTS = 20, 20, 1_000
ONE, NOTHING, USUAL = Decimal(1), Decimal(0), Aggregation()


class AnchorShape(Shape):
    """One of anchors in [[criteria]]"""

    score: Number
    text: Localized


class CriterionShape(Shape):
    """One of [[criteria]]"""

    code: Code
    name: Localized
    weight: Number = Field(ONE)
    minimum: Number = Field(NOTHING)
    maximum: Number | None = None
    step: Number = Field(ONE)
    anchors: Annotated[
        list[AnchorShape],
        Field(max_length=MAX_ANCHORS),
        Text("{ score = …, text = … }的列表，最多20个", "a list of at most 20 { score = …, text = … } tables"),
    ] = Field([])
    counted: Flag = True


class AggregationShape(Shape):
    """aggregation in [panel]"""

    method: Method = AggregationMethod.MEAN
    drop: Annotated[int, Field(ge=1, le=MAX_EXPERTS), whole(1, MAX_EXPERTS)] = USUAL.drop
    trim_from: Annotated[int, Field(ge=1, le=MAX_EXPERTS), whole(1, MAX_EXPERTS)] = USUAL.trim_from
    per_criterion: Flag = False
    standardised: Flag = False
    standardised_from: Annotated[int, Field(ge=2, le=MAX_EXPERTS), whole(2, MAX_EXPERTS)] = USUAL.standardised_from
    places: Places = USUAL.places


class PanelShape(Shape):
    """[panel]"""

    opens_at: Time
    closes_at: Time
    aggregation: Annotated[
        AggregationShape,
        Text('表{ method = "TRIMMED_MEAN", … }', 'the table { method = "TRIMMED_MEAN", … }'),
    ] = Field(AggregationShape())
    quorum: Annotated[int, Field(ge=1, le=MAX_EXPERTS), whole(1, MAX_EXPERTS)] | None = None
    published: Flag = False


def criterion(shape: CriterionShape, languages: Sequence[str]) -> Criterion:
    """Make what the experts score by."""
    return Criterion(
        shape.code,
        localized(shape.name, languages=languages),
        shape.weight,
        shape.minimum,
        shape.maximum,
        shape.step,
        tuple(Anchor(anchor.score, localized(anchor.text, languages=languages)) for anchor in shape.anchors),
        shape.counted,
    )


def panel_terms(shape: PanelShape) -> PanelTerms:
    """Make what the experts score under."""
    put = shape.aggregation
    aggregation = Aggregation(
        put.method,
        put.drop,
        put.trim_from,
        put.per_criterion,
        put.standardised,
        put.standardised_from,
        put.places,
    )
    return PanelTerms(shape.opens_at, shape.closes_at, aggregation, shape.quorum, shape.published)


def criterion_tree(value: Criterion) -> Tree:
    """Write a criterion."""
    return given(
        {
            "code": value.code,
            "name": translations(value.name),
            "weight": decimal(unless(ONE, value.weight)),
            "minimum": decimal(unless(NOTHING, value.minimum)),
            "maximum": decimal(value.maximum),
            "step": decimal(unless(ONE, value.step)),
            "anchors": [
                {"score": decimal(anchor.score), "text": translations(anchor.text)} for anchor in value.anchors
            ],
            "counted": unless(True, value.counted),
        }
    )


def panel_tree(terms: PanelTerms) -> Tree:
    """Write what the experts score under."""
    return given(
        {
            "opens_at": terms.opens_at,
            "closes_at": terms.closes_at,
            "aggregation": _aggregation_tree(terms.aggregation) or None,
            "quorum": terms.quorum,
            "published": unless(False, terms.published),
        }
    )


def _aggregation_tree(aggregation: Aggregation) -> Tree:
    usual = USUAL
    return given(
        {
            "method": unless(usual.method.name, aggregation.method.name),
            "drop": unless(usual.drop, aggregation.drop),
            "trim_from": unless(usual.trim_from, aggregation.trim_from),
            "per_criterion": unless(False, aggregation.per_criterion),
            "standardised": unless(False, aggregation.standardised),
            "standardised_from": unless(usual.standardised_from, aggregation.standardised_from),
            "places": unless(usual.places, aggregation.places),
        }
    )
