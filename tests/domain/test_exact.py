"""Rounding half up, and the canonical form of decimals."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.exact import divide, plain, rounded, square_root


@pytest.mark.parametrize(
    ("value", "expected"), [("0.00005", "0.0001"), ("-0.00005", "-0.0001"), ("0.00004999", "0.0000"), ("2.5", "2.5000")]
)
def test_halves_go_away_from_zero(value: str, expected: str) -> None:
    assert str(rounded(Decimal(value), 4)) == expected


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**30), st.integers(0, 12))
def test_a_quotient_is_rounded_once(numerator: int, denominator: int, places: int) -> None:
    quotient = divide(Decimal(numerator), Decimal(denominator), places)
    assert abs(Fraction(quotient) - Fraction(numerator, denominator)) <= Fraction(1, 2 * 10**places)
    assert rounded(Fraction(numerator, denominator), places) == quotient


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E+3", "1000"), ("1.500", "1.5"), ("-0.00", "0"), ("100", "100"), ("0.10", "0.1"), ("-2.0", "-2")],
)
def test_a_number_has_one_form(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@given(st.fractions(0, 10**12, max_denominator=10**9), st.integers(0, 12))
def test_a_square_root_is_rounded_once(value: Fraction, places: int) -> None:
    root, half = Fraction(square_root(value, places)), Fraction(1, 2 * 10**places)
    assert max(root - half, 0) ** 2 <= value < (root + half) ** 2
