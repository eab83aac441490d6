"""Is every limit told that refuses a ballot which a campaign's rules allow, with what it has to be?"""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange
from api.limits import Limits
from api.services.ballot_limits import limit_conflict, open_conflicts
from tests.campaigns import CLOSES, DURING, a_campaign, a_project, both


def a_large_campaign(candidates: int, maximum: int) -> Campaign:
    projects = tuple(a_project(number) for number in range(1, candidates + 1))
    return a_campaign(projects=projects, choices=ChoiceRange(1, maximum))


@pytest.mark.parametrize(("candidates", "maximum"), [(50, 30), (300, 300), (1_500, 1_500), (9_999, 1_000)])
def test_the_limits_that_are_set_by_default_allow_large_ballots(candidates: int, maximum: int) -> None:
    assert limit_conflict(a_large_campaign(candidates, maximum), Limits()) is None


def test_five_thousand_choices_need_larger_limits_and_get_by_with_those_that_are_told() -> None:
    campaign = a_large_campaign(5_000, 5_000)
    conflict = limit_conflict(campaign, Limits())
    assert conflict is not None
    assert str(conflict) == (
        "shanghai-2017: a ballot of 5000 projects, which its rules allow, is refused by PINGXUAN_LIMIT_BODY=131072 and "
        "PINGXUAN_LIMIT_SOCKET_MESSAGE=65536 and PINGXUAN_LIMIT_TOKENS=2000; set PINGXUAN_LIMIT_BODY=162048 and "
        "PINGXUAN_LIMIT_SOCKET_MESSAGE=162048 and PINGXUAN_LIMIT_TOKENS=5150 where the server runs."
    )
    enough = replace(Limits(), **{name: needed for name, _, needed in conflict.too_low})
    assert limit_conflict(campaign, enough) is None


@pytest.mark.parametrize("limit", ["body", "socket_message", "tokens", "cost", "answer"])
def test_each_limit_is_told(limit: str) -> None:
    conflict = limit_conflict(a_campaign(), replace(Limits(), **{limit: 150}))
    assert conflict is not None
    assert [name for name, _, _ in conflict.too_low] == [limit]


def test_long_titles_may_make_an_answer_too_long() -> None:
    long = tuple(a_project(number, title=both("长" * 100_000, "short")) for number in range(1, 31))
    conflict = limit_conflict(a_campaign(projects=long), Limits())
    assert conflict is not None
    assert [name for name, _, _ in conflict.too_low] == ["answer"]


def test_a_campaign_that_is_over_is_in_nobodys_way() -> None:
    campaigns, limits = [a_campaign()], Limits(tokens=100)
    assert list(open_conflicts(campaigns, limits, CLOSES)) == []
    assert len(list(open_conflicts(campaigns, limits, CLOSES - timedelta(seconds=1)))) == 1
    assert len(list(open_conflicts(campaigns, limits, DURING - timedelta(days=100)))) == 1
