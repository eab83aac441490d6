"""What the experts' scores of a project come to together: exact until each project's score is rounded, once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from api.domain.exact import EXACT, rounded, square_root
from api.domain.review.terms import Aggregation, AggregationMethod

STANDARD_PLACES = 12  # of standard deviations and standard scores

Pair = tuple[int, int]  # the numbers of an expert and of a project
Weights = Mapping[str, Decimal]  # of the criteria that count, by code


@dataclass(frozen=True, slots=True)
class Scored:
    """A review that counts: what an expert gives a project, by the codes of the criteria."""

    expert: int
    project: int
    scores: Mapping[str, Decimal]


def total(scores: Mapping[str, Decimal], weights: Weights) -> Decimal:
    """Sum weight times score over the criteria that count, as far as they are scored. Nothing is rounded."""
    result = Decimal(0)
    for code, weight in weights.items():
        if code in scores:
            result = EXACT.add(result, EXACT.multiply(weight, scores[code]))
    return result


def totals(reviews: Iterable[Scored], weights: Weights) -> dict[Pair, Decimal]:
    """Return each review's total."""
    return {(review.expert, review.project): total(review.scores, weights) for review in reviews}


def standard_scores(values: Mapping[Pair, Decimal], at_least: int) -> dict[Pair, Decimal]:
    """Return how many standard deviations each total lies above the mean of its expert's totals.

    The deviation, of the population, and the quotient are rounded to 12 places; the mean is exact. It is 0 for those of an
    expert with fewer than `at_least` totals, or whose totals are all the same.
    """
    result = {}
    for group in _by_expert(values).values():
        centre = mean(group.values())
        spread = square_root(mean([(Fraction(x) - centre) ** 2 for x in group.values()]), STANDARD_PLACES)
        for pair, value in group.items():
            is_comparable = len(group) >= at_least and spread > 0
            result[pair] = _quotient(Fraction(value) - centre, spread) if is_comparable else Decimal(0)
    return result


def rank_points(values: Mapping[Pair, Decimal]) -> dict[Pair, Fraction]:
    """Return each total's points by rank: of an expert's n the highest has 100, the lowest 100 ÷ n, equal ones their mean."""
    result = {}
    for group in _by_expert(values).values():
        for pair, value in group.items():
            lower = sum(other < value for other in group.values())
            equal = sum(other == value for other in group.values())
            result[pair] = Fraction(100 * (2 * lower + equal + 1), 2 * len(group))
    return result


def aggregate(reviews: Iterable[Scored], weights: Weights, terms: Aggregation) -> dict[int, Decimal]:
    """Return each reviewed project's score. The order of the reviews makes no difference."""
    reviews = list(reviews)
    trims_criteria = terms.method is AggregationMethod.TRIMMED_MEAN and terms.per_criterion and not terms.standardised
    exact = _by_criterion(reviews, weights, terms) if trims_criteria else _by_total(reviews, weights, terms)
    return {project: rounded(value, terms.places) for project, value in sorted(exact.items())}


def criterion_means(reviews: Iterable[Scored], code: str, places: int) -> dict[int, Decimal]:
    """Return the mean of each project's scores by one criterion, for those that have any."""
    scores = defaultdict(list)
    for review in reviews:
        if code in review.scores:
            scores[review.project].append(review.scores[code])
    return {project: rounded(mean(given), places) for project, given in sorted(scores.items())}


def _by_total(reviews: Sequence[Scored], weights: Weights, terms: Aggregation) -> dict[int, Fraction]:
    values: Mapping[Pair, Decimal | Fraction] = totals(reviews, weights)
    if terms.method is AggregationMethod.RANK_SUM:
        values = rank_points(totals(reviews, weights))
    elif terms.standardised:
        values = standard_scores(totals(reviews, weights), terms.standardised_from)
    of_projects = defaultdict(list)
    for (_, project), value in values.items():
        of_projects[project].append(Fraction(value))
    return {project: _centre(given, terms) for project, given in of_projects.items()}


def _by_criterion(reviews: Sequence[Scored], weights: Weights, terms: Aggregation) -> dict[int, Fraction]:
    given: dict[int, dict[str, list[Fraction]]] = defaultdict(lambda: defaultdict(list))
    for review in reviews:
        for code in weights.keys() & review.scores.keys():
            given[review.project][code].append(Fraction(review.scores[code]))
    result = {review.project: Fraction(0) for review in reviews}
    for project, scores in given.items():
        result[project] = sum(
            (Fraction(weights[code]) * _centre(own, terms) for code, own in scores.items()), Fraction(0)
        )
    return result


def _centre(values: Sequence[Fraction], terms: Aggregation) -> Fraction:
    match terms.method:
        case AggregationMethod.MEAN | AggregationMethod.RANK_SUM:
            return mean(values)
        case AggregationMethod.MEDIAN:
            return median(values)
        case AggregationMethod.TRIMMED_MEAN:
            is_trimmed = len(values) >= terms.trim_from and len(values) > 2 * terms.drop
            return mean(sorted(values)[terms.drop : len(values) - terms.drop] if is_trimmed else values)


def median(values: Iterable[Decimal | Fraction]) -> Fraction:
    """Return the value in the middle; of an even number, the mean of the two there."""
    ordered = sorted(Fraction(value) for value in values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def mean(values: Iterable[Decimal | Fraction]) -> Fraction:
    """Return the exact mean. Raises ZeroDivisionError without any."""
    given = [Fraction(value) for value in values]
    return sum(given, Fraction(0)) / len(given)


def _quotient(numerator: Fraction, denominator: Decimal) -> Decimal:
    return rounded(numerator / Fraction(denominator), STANDARD_PLACES)


def _by_expert(values: Mapping[Pair, Decimal]) -> dict[int, dict[Pair, Decimal]]:
    groups: dict[int, dict[Pair, Decimal]] = defaultdict(dict)
    for (expert, project), value in values.items():
        groups[expert][expert, project] = value
    return groups
