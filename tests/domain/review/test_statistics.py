"""What is shown beside a project's score."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.parts import Criterion
from api.domain.review.aggregation import Scored
from api.domain.review.statistics import statistics
from api.domain.review.terms import Aggregation, AggregationMethod
from api.domain.texts import localized

NEED = Criterion("need", localized(zh="需求"), Decimal("0.5"), maximum=Decimal(10))
REACH = Criterion("reach", localized(zh="受益面"), Decimal("0.5"), maximum=Decimal(10))
TRUST = Criterion("trust", localized(zh="把握"), maximum=None, counted=False)


def reviews(*totals: int) -> list[Scored]:
    return [Scored(n, 3, {"need": Decimal(value), "reach": Decimal(value)}) for n, value in enumerate(totals)]


def test_the_totals_are_described_as_they_were_given() -> None:
    found = statistics(reviews(2, 4, 9), (NEED, REACH, TRUST), Aggregation(AggregationMethod.MEDIAN, places=2))
    own = found[3]
    assert (own.project, own.reviews, own.score, own.mean, own.median) == (3, 3, 4, 5, 4)
    assert (own.minimum, own.maximum, own.deviation) == (2, 9, Decimal("2.94"))  # the root of 26/3
    assert own.disagreement == Decimal("58.9")  # of the 5 that half of 0 and half of 10 would have


@pytest.mark.parametrize(("totals", "disagreement"), [((7, 7, 7), 0), ((0, 10, 0, 10), 100), ((3,), 0)])
def test_disagreement_goes_from_nothing_to_a_hundred(totals: tuple[int, ...], disagreement: int) -> None:
    assert statistics(reviews(*totals), (NEED, REACH), Aggregation())[3].disagreement == disagreement


@given(st.lists(st.integers(0, 10), min_size=1, max_size=7))
def test_disagreement_stays_within_its_bounds(totals: list[int]) -> None:
    assert 0 <= (statistics(reviews(*totals), (NEED, REACH), Aggregation())[3].disagreement or 0) <= 100


@pytest.mark.parametrize("rubric", [(NEED, replace(REACH, maximum=None)), (TRUST,), ()])
def test_there_is_no_disagreement_without_an_end_of_the_scale(rubric: tuple[Criterion, ...]) -> None:
    assert statistics(reviews(1, 9), rubric, Aggregation())[3].disagreement is None
