"""Exact decimal arithmetic: what is rounded is rounded once, to stated places, half up and away from zero."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import isqrt

EXACT = Context(prec=1_000)  # more digits than any sum or product here has


def rounded(value: Decimal | Fraction, places: int) -> Decimal:
    """Round to so many decimal places, halves away from zero."""
    if isinstance(value, Fraction):
        return divide(Decimal(value.numerator), Decimal(value.denominator), places)
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)


def divide(numerator: Decimal, denominator: Decimal, places: int) -> Decimal:
    """Divide, and round the exact quotient once. Raises ZeroDivisionError."""
    quotient = Fraction(numerator) / Fraction(denominator)
    scaled = abs(quotient) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-units if quotient < 0 else units).scaleb(-places, EXACT)


def plain(value: Decimal) -> str:
    """Write a number in its one canonical form: no exponent, no needless zeros, never a negative zero."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def square_root(value: Fraction, places: int) -> Decimal:
    """Return the square root, rounded once. Raises ValueError below 0."""
    fourfold = 4 * value * 100**places
    return Decimal((isqrt(fourfold.numerator // fourfold.denominator) + 1) // 2).scaleb(-places, EXACT)
