"""Is every id read back as what it names, and everything else as nothing?"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.domain.ids import SLUG, BallotId, CampaignId, DistrictId, NodeId, ProjectId, ResultId, parse_id

slugs = st.from_regex(SLUG, fullmatch=True)
ids = st.one_of(
    st.builds(CampaignId, slugs),
    st.builds(DistrictId, st.text("0123456789", min_size=2, max_size=12)),
    st.builds(ProjectId, slugs, st.integers(1, 9999)),
    st.builds(ResultId, slugs, st.integers(1, 9999), st.none() | st.dates()),
    st.builds(BallotId, st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26)),
)


@given(name=ids)
@example(name=ProjectId("shanghai-2017", 17))
def test_an_id_is_read_back_as_what_it_names(name: NodeId) -> None:
    assert parse_id(str(name)) == name


@given(one=ids, other=ids)
def test_two_things_never_share_an_id(one: NodeId, other: NodeId) -> None:
    assert (str(one) == str(other)) == (one == other)


@given(text=st.text())
def test_what_is_read_is_written_the_same_way(text: str) -> None:
    name = parse_id(text)
    assert name is None or str(name) == text


WRONG = ["", "campaign", "campaign/", "campaign/A", "campaign/a--b", "campaign/-a", "campaign/a-", "campaign/a/1"]
WRONG += ["project/a", "project/a/", "project/a/0", "project/a/01", "project/a/-1", "project/a/１", "project/a/1234567"]
WRONG += ["result/a", "result/a/0", "result/a/1/", "result/a/1/2017-02-30", "result/a/1/2017-3-1", "result/a/1/day"]
WRONG += ["district/1", "district/31010a", "district/３１", "ballot/abc", "ballot/" + "A" * 26, "ballot/" + "1" * 26]
WRONG += ["voter/a", "campaign/a\n", "project/a/1\n", " campaign/a", "Campaign/a", "project/a/1/"]


@pytest.mark.parametrize("text", WRONG)
def test_what_has_no_form_of_an_id_names_nothing(text: str) -> None:
    assert parse_id(text) is None
