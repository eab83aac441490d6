"""Where the tiles of the map lie."""

import tomllib

import pytest

from api.domain.campaigns.projects import District
from api.domain.texts import localized
from api.formats.report.places import tiles
from tests.commands import SEED


def district(code: str, gazetteer: str = "") -> District:
    return District(code, localized(zh=code), gazetteer)


def test_shanghais_districts_lie_as_they_do() -> None:
    gazetteer = tomllib.loads((SEED.parent / "districts.toml").read_text("utf-8"))["districts"]
    layout = {each.code: place for each, place in tiles(tuple(district(each["code"]) for each in gazetteer)).items()}
    assert len({*layout.values()}) == 16
    chongming, baoshan, pudong, qingpu = (layout[code] for code in ("310151", "310113", "310115", "310118"))
    assert chongming[1] < baoshan[1] < qingpu[1]  # from north to south
    assert qingpu[0] < baoshan[0] < pudong[0]  # from west to east


@pytest.mark.parametrize("districts", [[district("310101"), district("110101")], [district("310101", "elsewhere")]])
def test_other_districts_fill_a_square_by_code(districts: list[District]) -> None:
    layout = tiles(tuple(districts))
    assert [*layout.values()] == [(0, 0), (1, 0)][: len(districts)]


@pytest.mark.parametrize("count", [1, 2, 5, 16, 17, 200])
def test_no_two_tiles_lie_in_one_place(count: int) -> None:
    layout = tiles(tuple(district(f"D{n}") for n in range(count)))
    assert len({*layout.values()}) == count
    assert max(column for column, _ in layout.values()) <= count**0.5 + 1
