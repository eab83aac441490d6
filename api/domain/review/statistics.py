"""What is shown beside a project's score: how the totals of its reviews lie, and how far the experts disagree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from api.domain.campaigns.parts import Criterion
from api.domain.exact import EXACT, rounded, square_root
from api.domain.review.aggregation import Scored, aggregate, mean, median, total, totals
from api.domain.review.rubric import weights
from api.domain.review.terms import Aggregation

DISAGREEMENT_PLACES = 1


@dataclass(frozen=True, slots=True)
class ProjectScore:
    """How a project was scored; all but the score is of the totals of its reviews as they were given.

    deviation: the standard deviation, of the population. disagreement: the deviation as a percentage of the largest one that
    the rubric allows, half of its range: 0 where all totals are equal, 100 where half are the lowest and half the highest
    possible. None where the rubric has no end.
    """

    project: int
    reviews: int
    score: Decimal
    mean: Decimal
    median: Decimal
    deviation: Decimal
    minimum: Decimal
    maximum: Decimal
    disagreement: Decimal | None


def statistics(reviews: Iterable[Scored], rubric: Sequence[Criterion], terms: Aggregation) -> dict[int, ProjectScore]:
    """Return what is shown of each reviewed project, in the order of their numbers."""
    reviews, counted = list(reviews), weights(rubric)
    given = defaultdict(list)
    for (_, project), value in totals(reviews, counted).items():
        given[project].append(value)
    scores = aggregate(reviews, counted, terms)
    limits = total_range(rubric)
    return {project: _of(project, given[project], scores[project], limits, terms.places) for project in sorted(given)}


def total_range(rubric: Sequence[Criterion]) -> Decimal | None:
    """Return how far the highest possible total lies above the lowest, or None where no criterion counts or one has no end."""
    counted = weights(rubric)
    highest = {criterion.code: criterion.maximum for criterion in rubric if criterion.maximum is not None}
    if not counted or not counted.keys() <= highest.keys():
        return None
    lowest = {criterion.code: criterion.minimum for criterion in rubric}
    return EXACT.subtract(total(highest, counted), total(lowest, counted))


def _of(project: int, given: Sequence[Decimal], score: Decimal, limits: Decimal | None, places: int) -> ProjectScore:
    centre = mean(given)
    variance = mean([(Fraction(value) - centre) ** 2 for value in given])
    relative = square_root(variance * 40_000 / Fraction(limits) ** 2, DISAGREEMENT_PLACES) if limits else None
    return ProjectScore(
        project=project,
        reviews=len(given),
        score=score,
        mean=rounded(centre, places),
        median=rounded(median(given), places),
        deviation=square_root(variance, places),
        minimum=min(given),
        maximum=max(given),
        disagreement=relative,
    )
