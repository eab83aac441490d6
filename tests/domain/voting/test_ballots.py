"""Are the choices of a ballot stored so that exactly they come back?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.voting.ballots import bitmap, positions_in

WIDTH = 7
numbers = st.sets(st.integers(1, 8 * WIDTH))


@given(chosen=numbers)
def test_numbers_in_is_the_inverse_of_bitmap(chosen: set[int]) -> None:
    assert positions_in(bitmap(chosen, WIDTH)) == tuple(sorted(chosen))


@given(choices=st.binary(min_size=WIDTH, max_size=WIDTH))
def test_bitmap_is_the_inverse_of_numbers_in(choices: bytes) -> None:
    assert bitmap(positions_in(choices), WIDTH) == choices


@given(chosen=st.lists(st.integers(1, 8 * WIDTH)))
def test_order_and_repetition_make_no_difference(chosen: list[int]) -> None:
    assert bitmap(chosen, WIDTH) == bitmap(set(chosen), WIDTH)


def test_bit_n_minus_1_is_project_n() -> None:
    assert bitmap([1], 2) == b"\x01\x00"
    assert bitmap([8, 9], 2) == b"\x80\x01"
    assert (bitmap([1]), bitmap([8, 9]), bitmap([])) == (b"\x01", b"\x80\x01", b"")
    assert bitmap([], 2) == b"\x00\x00"


@pytest.mark.parametrize("number", [17, 400])
def test_a_number_beyond_the_width_is_refused(number: int) -> None:
    with pytest.raises(OverflowError):
        bitmap([number], 2)
