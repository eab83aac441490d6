"""Are slugs and codes valid whatever they are made of, and different for different names?"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.ids import SLUG
from api.formats.campaign.checks import text_that_shows
from api.formats.pabulib import names

TEXTS = st.text(max_size=80)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_slugs_are_valid(parts: list[str]) -> None:
    slug = names.slug(parts)
    assert re.fullmatch(SLUG, slug)
    assert len(slug) <= 64


@given(st.lists(TEXTS, max_size=30))
def test_codes_are_valid_and_differ(texts: list[str]) -> None:
    codes = names.codes(texts, "category")
    assert set(codes) == set(texts)
    assert len(set(codes.values())) == len(codes)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_-]{0,39}", code) for code in codes.values())


@given(TEXTS)
def test_shown_texts_show_and_stay_as_they_are(text: str) -> None:
    shown = names.shown(text)
    if shown is not None:
        assert text_that_shows(shown) == shown == names.shown(shown)


@pytest.mark.parametrize(
    ("parts", "slug"),
    [
        (["Łódź", "", "Bałuty-Doły", "2023"], "lodz-baluty-doly-2023"),
        (["Aarau", "2023"], "aarau-2023"),
        (["Straße", "O'Higgins"], "strasse-ohiggins"),
        (["Warszawa", "Warszawa", "2024"], "warszawa-2024"),
    ],
)
def test_slugs_are_what_people_would_write(parts: list[str], slug: str) -> None:
    assert names.slug(parts) == slug


def test_what_cannot_be_written_in_ascii_is_told_apart_by_a_digest() -> None:
    assert names.slug(["上海市", "2017"]) != names.slug(["北京市", "2017"])
    assert names.slug(["上海市"]).startswith("pabulib-")


def test_codes_of_equal_spelling_get_a_number() -> None:
    assert names.codes(["zieleń", "zielen", "2nd", "环境"], "category") == {
        "zieleń": "zielen",
        "zielen": "zielen-2",
        "2nd": "category-3",
        "环境": "category-4",
    }


def test_a_dash_names_no_place() -> None:
    assert [names.place(text) for text in ("", "-", "—", " Bałuty\u2028")] == [None, None, None, "Bałuty"]
