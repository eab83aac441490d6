"""What scores come to together: each method by hand, and what holds of all of them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from statistics import mean, median, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.review.aggregation import Scored, aggregate, criterion_means, rank_points, standard_scores, total
from api.domain.review.terms import Aggregation, AggregationMethod

MEAN, MEDIAN, TRIMMED, RANKS = AggregationMethod
WEIGHTS = {"need": Decimal("0.6"), "reach": Decimal("0.4")}


def scored(expert: int, project: int, need: str, reach: str = "0") -> Scored:
    return Scored(expert, project, {"need": Decimal(need), "reach": Decimal(reach), "uncounted": Decimal(99)})


def of_one(*values: str) -> list[Scored]:
    return [scored(expert, 7, value) for expert, value in enumerate(values)]


ONCE = {"need": Decimal(1)}
PANELS = st.dictionaries(
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.tuples(st.integers(0, 20), st.integers(0, 20)),
    min_size=1,
).map(lambda rows: [scored(e, p, str(Decimal(a) / 2), str(b)) for (e, p), (a, b) in rows.items()])
TERMS = st.builds(
    Aggregation,
    method=st.sampled_from(AggregationMethod),
    drop=st.integers(0, 2),
    trim_from=st.integers(1, 5),
    per_criterion=st.booleans(),
    standardised=st.booleans(),
    standardised_from=st.integers(2, 4),
    places=st.integers(0, 6),
)


def test_a_total_is_the_weighted_sum_of_the_criteria_that_count() -> None:
    assert total(scored(1, 1, "8.5", "7").scores, WEIGHTS) == Decimal("7.90")
    assert total({"need": Decimal(10)}, WEIGHTS) == Decimal("6.0")


@pytest.mark.parametrize(
    ("method", "values", "score"),
    [
        (MEAN, ["1", "2", "2"], "1.6667"),
        (MEDIAN, ["9", "1", "2"], "2.0000"),
        (MEDIAN, ["9", "1", "2", "5"], "3.5000"),
        (TRIMMED, ["10", "0", "5", "6"], "5.5000"),
        (TRIMMED, ["10", "10", "5"], "10.0000"),
        (TRIMMED, ["10", "5"], "7.5000"),
        (TRIMMED, ["10"], "10.0000"),
    ],
)
def test_methods(method: AggregationMethod, values: list[str], score: str) -> None:
    assert str(aggregate(of_one(*values), ONCE, Aggregation(method))[7]) == score


def test_nothing_is_dropped_where_nothing_would_be_left() -> None:
    terms = Aggregation(TRIMMED, drop=2, trim_from=2)
    assert aggregate(of_one("1", "2", "3", "10"), ONCE, terms)[7] == 4
    assert aggregate(of_one("1", "2", "3", "10", "100"), ONCE, terms)[7] == 3


def test_criteria_can_be_trimmed_apart() -> None:
    reviews = [scored(1, 7, "0", "10"), scored(2, 7, "5", "5"), scored(3, 7, "9", "0"), scored(4, 7, "6", "2")]
    terms = Aggregation(TRIMMED)
    assert aggregate(reviews, WEIGHTS, replace(terms, per_criterion=True))[7] == Decimal("4.7")  # 0.6 × 5.5 + 0.4 × 3.5
    assert aggregate(reviews, WEIGHTS, terms)[7] == Decimal("4.7")  # of 4, 5, 5.4 and 4.4 there stay 4.4 and 5


def test_points_by_rank_are_of_a_hundred_and_shared_by_equals() -> None:
    values = {(1, 1): Decimal(9), (1, 2): Decimal(5), (1, 3): Decimal(5), (1, 4): Decimal(1), (2, 1): Decimal(3)}
    points = {(1, 1): 100, (1, 2): Fraction(125, 2), (1, 3): Fraction(125, 2), (1, 4): 25, (2, 1): 100}
    assert rank_points(values) == points
    reviews = [scored(expert, project, str(value)) for (expert, project), value in values.items()]
    assert aggregate(reviews, ONCE, Aggregation(RANKS, standardised=True)) == {
        1: 100,
        2: Decimal("62.5"),
        3: Decimal("62.5"),
        4: 25,
    }


def test_standard_scores_take_severity_and_width_away() -> None:
    severe = {(1, project): Decimal(value) for project, value in enumerate([1, 2, 3])}
    generous = {(2, project): Decimal(value) for project, value in enumerate([80, 85, 90])}
    few, even = {(3, 0): Decimal(4), (3, 1): Decimal(5)}, {(4, project): Decimal(6) for project in range(3)}
    z = standard_scores(severe | generous | few | even, 3)
    assert [z[1, project] for project in range(3)] == [z[2, project] for project in range(3)]
    assert z[1, 2] == Decimal("1.224744871391")  # the square root of 3/2; the deviation is rounded to 12 places before
    assert {z[pair] for pair in [*few, *even]} == {Decimal(0)}


def test_a_further_criterion_goes_by_its_mean() -> None:
    reviews = [scored(1, 1, "1", "3"), scored(2, 1, "1", "4"), scored(1, 2, "9", "0"), Scored(2, 2, {})]
    assert criterion_means(reviews, "reach", 1) == {1: Decimal("3.5"), 2: Decimal(0)}


@given(PANELS, TERMS, st.randoms(use_true_random=False))
def test_the_order_of_reviews_makes_no_difference(reviews: list[Scored], terms: Aggregation, random: object) -> None:
    scores = aggregate(reviews, WEIGHTS, terms)
    shuffled = sorted(reviews, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert list(aggregate(shuffled, WEIGHTS, terms).items()) == list(scores.items())
    assert scores.keys() == {review.project for review in reviews}


@given(PANELS, TERMS)
def test_scores_are_rounded_once_to_their_places(reviews: list[Scored], terms: Aggregation) -> None:
    for project, score in aggregate(reviews, WEIGHTS, terms).items():
        assert -score.as_tuple().exponent == terms.places  # type: ignore[operator]
        own = [total(review.scores, WEIGHTS) for review in reviews if review.project == project]
        if terms.method is MEAN and not terms.standardised:
            assert abs(Fraction(score) - mean(map(Fraction, own))) <= Fraction(1, 2 * 10**terms.places)
        if terms.method is MEDIAN and not terms.standardised:
            assert abs(Fraction(score) - Fraction(median(own))) <= Fraction(1, 2 * 10**terms.places)


@given(PANELS)
def test_standard_scores_are_those_of_the_standard_library(reviews: list[Scored]) -> None:
    values = {(review.expert, review.project): total(review.scores, WEIGHTS) for review in reviews}
    for (expert, project), z in standard_scores(values, 2).items():
        own = [float(value) for (other, _), value in values.items() if other == expert]
        spread = pstdev(own)
        by_float = (float(values[expert, project]) - mean(own)) / spread if len(own) > 1 and spread > 1e-9 else 0
        assert abs(float(z) - by_float) < 1e-7
