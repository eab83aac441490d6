"""How are numbers read, rounded and written, in fractions alone?"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import isqrt

ZERO = Fraction(0)


def read(text: str) -> Fraction:
    """Read a decimal number that is written out, without an exponent."""
    return Fraction(text)


def rounded(value: Fraction, places: int) -> Fraction:
    """Round halves away from zero."""
    unit = 10**places
    whole = int(abs(value) * unit + Fraction(1, 2))
    return Fraction(-whole if value < 0 else whole, unit)


def root(value: Fraction, places: int) -> Fraction:
    """The square root, rounded."""
    unit = 10**places
    return Fraction((isqrt(int(4 * value * unit * unit)) + 1) // 2, unit)


def plain(value: Fraction) -> str:
    """Write out a number that has an end."""
    places, rest = 0, value
    while rest.denominator != 1:
        rest *= 10
        places += 1
    digits = str(abs(rest.numerator)).rjust(places + 1, "0")
    head, tail = digits[: len(digits) - places], digits[len(digits) - places :]
    return ("-" if value < 0 else "") + head + ("." + tail if tail else "")


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, ZERO) / len(values)


def median(values: Iterable[Fraction]) -> Fraction:
    row = sorted(values)
    return (row[(len(row) - 1) // 2] + row[len(row) // 2]) / 2


def trimmed(values: Iterable[Fraction], drop: int, start: int) -> Fraction:
    """The mean without so many at either end, from so many values on."""
    row = sorted(values)
    if len(row) >= start and len(row) > 2 * drop:
        row = row[drop : len(row) - drop]
    return mean(row)


def positions(values: Sequence[Fraction]) -> list[list[int]]:
    """The places that each value shares, highest first; places count from one."""
    found = []
    for value in values:
        above = sum(other > value for other in values)
        found.append(list(range(above + 1, above + sum(other == value for other in values) + 1)))
    return found
