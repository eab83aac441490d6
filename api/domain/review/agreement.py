"""How far the experts agree, in one number that those who know statistics recognise."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from api.domain.exact import rounded
from api.domain.review.aggregation import Pair, rank_points

PLACES = 4


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far experts agree about projects.

    kendalls_w: where every expert has reviewed every project, from 0, no agreement, to 1. krippendorffs_alpha: otherwise, of
    the interval metric; 1 is agreement, 0 what chance would bring. None where there is too little to compare.
    """

    kendalls_w: Decimal | None
    krippendorffs_alpha: Decimal | None
    experts: int
    projects: int


def agreement(totals: Mapping[Pair, Decimal]) -> Agreement:
    """Return how far the experts agree, by the totals of their reviews."""
    experts, projects = ({pair[place] for pair in totals} for place in (0, 1))
    is_complete = len(totals) == len(experts) * len(projects)
    return Agreement(
        kendalls_w=_rounded(kendalls_w(totals)) if is_complete else None,
        krippendorffs_alpha=None if is_complete else _rounded(krippendorffs_alpha(totals)),
        experts=len(experts),
        projects=len(projects),
    )


def kendalls_w(totals: Mapping[Pair, Decimal]) -> Fraction | None:
    """Return Kendall's coefficient of concordance, corrected for ties, of a panel in which everybody scored everything."""
    experts, projects = ({pair[place] for pair in totals} for place in (0, 1))
    m, n = len(experts), len(projects)
    if m < 2 or n < 2:
        return None
    rank_sums: dict[int, Fraction] = defaultdict(Fraction)
    for (_, project), points in rank_points(totals).items():
        rank_sums[project] += points * n / 100
    spread = sum(((own - Fraction(m * (n + 1), 2)) ** 2 for own in rank_sums.values()), Fraction(0))
    equal = Counter((expert, value) for (expert, _), value in totals.items())
    largest = m * m * (n**3 - n) - m * sum(t**3 - t for t in equal.values())
    return 12 * spread / largest if largest else None


def krippendorffs_alpha(totals: Mapping[Pair, Decimal]) -> Fraction | None:
    """Return Krippendorff's alpha of the interval metric. Projects with one review alone are left out."""
    of_projects = defaultdict(list)
    for (_, project), value in totals.items():
        of_projects[project].append(Fraction(value))
    units = [values for values in of_projects.values() if len(values) > 1]
    paired = [value for values in units for value in values]
    expected = _squares(paired) / (len(paired) - 1) if paired else 0
    if not expected:
        return None
    observed = sum((_squares(values) / (len(values) - 1) for values in units), Fraction(0))
    return 1 - observed / expected


def _squares(values: Sequence[Fraction]) -> Fraction:
    """Sum the squared differences of all pairs, each once in either direction."""
    return 2 * (len(values) * _sum(value * value for value in values) - _sum(values) ** 2)


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))


def _rounded(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value, PLACES)
