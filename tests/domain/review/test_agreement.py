"""Agreement, against published examples and against values that scipy 1.17 and the package krippendorff 0.9 gave."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.review.agreement import agreement

N = None
# Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011: his example, with gaps; he prints 0.849.
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
WITH_GAPS = [
    [91, 91, N, N, N, 80, N, 60, N],
    [80, N, 60, 60, N, 65, N, N, 100],
    [82, 65, 100, 100, 65, N, 65, 91, 65],
    [N, 80, 70.5, 65, 70.5, 82, 82, 70.5, 70.5],
    [N, 70.5, 80, N, 60, N, 80, 100, 80],
    [60, 91, 65, 65, N, N, 70.5, N, 80],
]
# Siegel, Nonparametric Statistics, 1956: three executives rank six applicants; he prints .16.
SIEGEL = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
WITH_TIES = [[1, 3, 3, 1, 4, 1], [2, 3, 3, 2, 3, 3], [1, 3, 3, 3, 2, 1], [2, 3, 4, 2, 1, 1], [4, 1, 2, 3, 3, 4]]

Rows = Sequence[Sequence[float | None]]


def totals(rows: Rows) -> dict[tuple[int, int], Decimal]:
    return {
        (expert, project): Decimal(str(value))
        for expert, row in enumerate(rows)
        for project, value in enumerate(row)
        if value is not None
    }


@pytest.mark.parametrize(("rows", "alpha"), [(KRIPPENDORFF, "0.8491"), (WITH_GAPS, "-0.1344")])
def test_alpha_is_taken_where_there_are_gaps(rows: Rows, alpha: str) -> None:
    found = agreement(totals(rows))
    assert (found.krippendorffs_alpha, found.kendalls_w) == (Decimal(alpha), None)
    assert (found.experts, found.projects) == (len(rows), len(rows[0]))


@pytest.mark.parametrize(("rows", "w"), [(SIEGEL, "0.1619"), (WITH_TIES, "0.1333")])
def test_w_is_taken_where_everybody_scored_everything(rows: Rows, w: str) -> None:
    found = agreement(totals(rows))
    assert (found.kendalls_w, found.krippendorffs_alpha) == (Decimal(w), None)


@pytest.mark.parametrize(
    "rows", [[], [[1, 2, 3]], [[1], [2]], [[2, 2], [3, 3]], [[1, N], [N, 2]], [[4, N], [4, N], [4, 4]]]
)
def test_there_is_no_number_where_nothing_can_be_compared(rows: Rows) -> None:
    found = agreement(totals(rows))
    assert (found.kendalls_w, found.krippendorffs_alpha) == (None, None)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8).filter(lambda row: len(set(row)) > 1), st.integers(2, 6))
def test_who_agree_in_everything_agree_wholly(row: list[int], experts: int) -> None:
    assert agreement(totals([row] * experts)).kendalls_w == 1
    alike = agreement(totals([*[[*row, 3]] * experts, [*row, None]]))
    assert alike.krippendorffs_alpha == 1
