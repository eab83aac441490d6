"""Make the values of an input comparable with those of others, each rounded once to the stage's places."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from api.domain.exact import EXACT, divide, rounded
from api.domain.selection.terms import Normalisation, StageInput

HUNDRED = Decimal(100)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Basis:
    """What values are compared with: those of the candidates that stand, and how many ballots there are."""

    values: tuple[Decimal, ...]
    ballots: Decimal | None = None

    @cached_property
    def ordered(self) -> tuple[Decimal, ...]:
        """The values, the lowest first."""
        return tuple(sorted(self.values))

    @property
    def highest(self) -> Decimal:
        """The highest value; 0 without any."""
        return self.ordered[-1] if self.ordered else ZERO

    @property
    def lowest(self) -> Decimal:
        """The lowest value; 0 without any."""
        return self.ordered[0] if self.ordered else ZERO


def normalised(value: Decimal, basis: Basis, stage_input: StageInput, places: int) -> Decimal:
    """Return the value of one candidate as the input states, rounded to so many places."""
    match stage_input.normalisation:
        case Normalisation.AS_IS:
            return rounded(value, places)
        case Normalisation.SHARE_OF_HIGHEST:
            return _share(value, basis.highest, places)
        case Normalisation.SHARE_OF_BALLOTS:
            return _share(value, basis.ballots or ZERO, places)
        case Normalisation.RANK_LADDER:
            return rounded(_ladder_points(value, basis.ordered, stage_input), places)
        case Normalisation.BANDS:
            return rounded(_band_points(value, stage_input), places)
        case Normalisation.MIN_MAX:
            return _between(value, basis.lowest, basis.highest, places)


def _share(value: Decimal, whole: Decimal, places: int) -> Decimal:
    """Return the value as a percentage of the whole, at most 100."""
    if whole <= 0:
        return ZERO
    return min(HUNDRED, divide(EXACT.multiply(value, HUNDRED), whole, places))


def _between(value: Decimal, lowest: Decimal, highest: Decimal, places: int) -> Decimal:
    if lowest == highest:
        return HUNDRED
    share = _share(EXACT.subtract(value, lowest), EXACT.subtract(highest, lowest), places)
    return max(ZERO, share)


def _ladder_points(value: Decimal, values: Sequence[Decimal], stage_input: StageInput) -> Fraction:
    """Return the mean of the points of the places that equal values share. values: the lowest first."""
    above = len(values) - bisect_right(values, value)
    sharing = max(1, bisect_right(values, value) - bisect_left(values, value))
    places = range(above, above + sharing)
    points = [stage_input.points[place] if place < len(stage_input.points) else stage_input.floor for place in places]
    return sum(map(Fraction, points), Fraction(0)) / sharing


def _band_points(value: Decimal, stage_input: StageInput) -> Decimal:
    reached = [band for band in stage_input.bands if band.at_least <= value]
    return max(reached, key=lambda band: band.at_least).points if reached else stage_input.floor
