"""The axes of votes against scores."""

from hypothesis import given
from hypothesis import strategies as st

from api.formats.report.scatter import Axis


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_within_the_axis(low: float, width: float) -> None:
    axis = Axis(low, low + width, 0, 100)
    assert 1 <= len(axis.ticks) <= 8
    assert all(-1 <= axis.place(value) <= 101 for value in axis.ticks)


def test_ticks_are_round() -> None:
    assert Axis(283, 1_817, 0, 1).ticks == [500, 1_000, 1_500]
    assert Axis(58, 101, 0, 1).ticks == [60, 70, 80, 90, 100]
