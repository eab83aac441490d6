"""Are values made comparable as docs/selection.md states, with one rounding each? The numbers here are worked out by hand."""

from decimal import Decimal

import pytest

from api.domain.selection.normalisation import Basis, normalised
from api.domain.selection.terms import Band, InputSource, Normalisation, StageInput


def shown(
    normalisation: Normalisation,
    values: list[str],
    *,
    of: list[str] | None = None,
    places: int = 2,
    ballots: str = "0",
    **terms,
) -> list[str]:
    """The normalised values of some candidates; of: those that stand, when they are others."""
    stage_input = StageInput(InputSource.PUBLIC_VOTE, normalisation=normalisation, **terms)
    basis = Basis(tuple(map(Decimal, values if of is None else of)), Decimal(ballots))
    return [f"{normalised(Decimal(value), basis, stage_input, places).normalize():f}" for value in values]


def test_as_is_only_rounds() -> None:
    assert shown(Normalisation.AS_IS, ["82.345", "-0.005", "7"]) == ["82.35", "-0.01", "7"]


def test_the_highest_is_a_hundred_and_others_are_their_share_of_it() -> None:
    assert shown(Normalisation.SHARE_OF_HIGHEST, ["3", "2", "1", "0"]) == ["100", "66.67", "33.33", "0"]


def test_nobody_has_a_share_of_nothing() -> None:
    assert shown(Normalisation.SHARE_OF_HIGHEST, ["0", "0"]) == ["0", "0"]
    assert shown(Normalisation.SHARE_OF_HIGHEST, ["-1", "-2"]) == ["0", "0"]
    assert shown(Normalisation.SHARE_OF_BALLOTS, ["5"], ballots="0") == ["0"]


def test_a_share_is_at_most_the_whole() -> None:
    assert shown(Normalisation.SHARE_OF_HIGHEST, ["9"], of=["3"]) == ["100"]
    assert shown(Normalisation.SHARE_OF_BALLOTS, ["9"], ballots="8") == ["100"]


def test_a_share_of_the_ballots_is_a_percentage() -> None:
    assert shown(Normalisation.SHARE_OF_BALLOTS, ["5", "1"], ballots="8", places=3) == ["62.5", "12.5"]


LADDER = {"points": (Decimal(20), Decimal(18), Decimal(15)), "floor": Decimal(5)}


@pytest.mark.parametrize(
    ("values", "points"),
    [
        (["9", "7", "5", "3", "1"], ["20", "18", "15", "5", "5"]),
        (["9", "9", "5"], ["19", "19", "15"]),  # (20 + 18) / 2
        (["9", "7", "7", "7"], ["20", "12.67", "12.67", "12.67"]),  # (18 + 15 + 5) / 3
        (["0", "0", "0", "0"], ["14.5"] * 4),  # (20 + 18 + 15 + 5) / 4
    ],
)
def test_places_have_points_and_equal_values_share_those_of_their_places(values: list[str], points: list[str]) -> None:
    assert shown(Normalisation.RANK_LADDER, values, **LADDER) == points


def test_a_candidate_that_vacates_has_the_points_of_those_with_its_value_and_takes_none_from_them() -> None:
    assert shown(Normalisation.RANK_LADDER, ["9", "8", "7"], of=["9", "7", "7"], **LADDER) == ["20", "18", "16.5"]
    assert shown(Normalisation.RANK_LADDER, ["9", "7"], of=[], **LADDER) == ["20", "20"]


def test_the_highest_band_that_is_reached_counts_in_whatever_order_they_are_stated() -> None:
    bands = (Band(Decimal(500), Decimal(20)), Band(Decimal(2000), Decimal(50)), Band(Decimal(1000), Decimal("35.555")))
    values = ["2000", "1999.9", "1000", "500", "499"]
    assert shown(Normalisation.BANDS, values, bands=bands, floor=Decimal(3)) == ["50", "35.56", "35.56", "20", "3"]


def test_between_the_lowest_and_the_highest() -> None:
    assert shown(Normalisation.MIN_MAX, ["10", "4", "1"]) == ["100", "33.33", "0"]
    assert shown(Normalisation.MIN_MAX, ["-2", "0", "2"]) == ["0", "50", "100"]


def test_equal_values_are_all_the_highest() -> None:
    assert shown(Normalisation.MIN_MAX, ["4", "4"]) == ["100", "100"]
    assert shown(Normalisation.MIN_MAX, ["4", "1"], of=["4"]) == ["100", "100"]
    assert shown(Normalisation.MIN_MAX, ["4"], of=[]) == ["100"]


def test_one_that_vacates_stays_between_the_bounds_of_those_that_stand() -> None:
    assert shown(Normalisation.MIN_MAX, ["10", "0"], of=["8", "2"]) == ["100", "0"]


def test_a_half_is_rounded_away_from_zero() -> None:
    assert shown(Normalisation.SHARE_OF_HIGHEST, ["8", "1", "-1"], places=0) == ["100", "13", "-13"]
