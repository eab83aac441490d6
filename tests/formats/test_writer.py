"""Does TOML read every tree back as it was written?"""

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats.campaign_toml.writer import campaign_file

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"""', "a\\u0041", "\x7f\x00\x1b"]
)
OFFSETS = st.integers(-720, 720).map(lambda minutes: timezone(timedelta(minutes=minutes)))
PLAIN = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.dates(),
    st.datetimes(datetime(1900, 1, 1), timezones=OFFSETS),  # noqa: DTZ001 - hypothesis adds the zone
)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_every_tree_comes_back(tree) -> None:
    assert tomllib.loads(campaign_file(tree).decode()) == tree


def test_tables_stand_after_plain_values() -> None:
    tree = {
        "rules": {"choices": {"minimum": 1}},
        "projects": [{"number": 1}, {"number": 2}],
        "slug": "town",
        "at": date(2017, 3, 1),
    }
    plain, rules = 'slug = "town"\nat = 2017-03-01\n', "[rules]\nchoices = { minimum = 1 }\n"
    projects = ("[[projects]]\nnumber = 1\n", "[[projects]]\nnumber = 2\n")
    assert campaign_file(tree).decode() == "\n".join((plain, rules, *projects))


def test_what_no_campaign_has_is_refused() -> None:
    with pytest.raises(TypeError, match="a campaign file holds no float"):
        campaign_file({"share": 0.5, "at": datetime(2017, 1, 1, tzinfo=UTC)})
