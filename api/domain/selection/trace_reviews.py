"""The lines of a trace that say what the experts' reviews come to, where they take part."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from api.domain.exact import plain, square_root
from api.domain.review.aggregation import STANDARD_PLACES, Pair, mean, rank_points, standard_scores, totals
from api.domain.review.terms import Aggregation, AggregationMethod
from api.domain.selection.input_values import RawValues
from api.domain.selection.record import Record


def review_lines(record: Record, values: RawValues) -> Iterator[str]:
    """Write them, without their line feeds."""
    terms = record.rules.aggregation
    if terms is None or not record.rules.uses_expert_scores:
        return
    of_reviews = totals(record.reviews, record.rules.weights)
    if terms.method is AggregationMethod.RANK_SUM:
        yield from _mark_lines(rank_points(of_reviews))
    elif terms.standardised:
        yield from _expert_lines(of_reviews, terms)
        yield from _mark_lines(standard_scores(of_reviews, terms.standardised_from))
    reviews = Counter(review.project for review in record.reviews)
    for number, score in sorted(values.expert_scores.items()):
        yield f"experts {number} reviews {reviews[number]} score {plain(score)}"


def _expert_lines(of_reviews: Mapping[Pair, Decimal], terms: Aggregation) -> Iterator[str]:
    of_experts: dict[int, list[Decimal]] = defaultdict(list)
    for (expert, _), value in of_reviews.items():
        of_experts[expert].append(value)
    for expert, values in sorted(of_experts.items()):
        centre = mean(values)
        spread = square_root(mean([(Fraction(value) - centre) ** 2 for value in values]), STANDARD_PLACES)
        is_standardised = len(values) >= terms.standardised_from
        words = f"mean {centre} sd {plain(spread)}" if is_standardised else "none"
        yield f"expert {expert} reviews {len(values)} {words}"


def _mark_lines(marks: Mapping[Pair, Decimal | Fraction]) -> Iterator[str]:
    for (expert, project), mark in sorted(marks.items()):
        yield f"mark {expert} {project} {plain(mark) if isinstance(mark, Decimal) else mark}"
