"""Does a campaign know where it stands?"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.stages import StageStatus
from api.domain.campaigns.states import CampaignPhase
from tests.campaigns import CLOSES, DURING, HUANGPU, OPENS, PUDONG, a_campaign, a_project, at

SECOND = timedelta(seconds=1)
PUBLISHED = at("2017-05-01 10:00")

PHASES = [
    (OPENS - SECOND, CampaignPhase.UPCOMING),
    (OPENS, CampaignPhase.VOTING),
    (CLOSES - SECOND, CampaignPhase.VOTING),
    (CLOSES, CampaignPhase.CLOSED),
    (PUBLISHED - SECOND, CampaignPhase.CLOSED),
    (PUBLISHED, CampaignPhase.PUBLISHED),
]


@pytest.mark.parametrize(("now", "phase"), PHASES)
def test_a_campaign_goes_from_upcoming_to_published(now: datetime, phase: CampaignPhase) -> None:
    assert a_campaign(published_at=PUBLISHED).phase(now) is phase


def test_a_campaign_that_is_never_published_stays_closed() -> None:
    assert a_campaign().phase(PUBLISHED) is CampaignPhase.CLOSED


def test_no_publication_ends_a_vote_that_is_open() -> None:
    assert a_campaign(published_at=OPENS).phase(DURING) is CampaignPhase.VOTING


def statuses(campaign: Campaign, now: datetime) -> list[StageStatus]:
    return [campaign.status(stage, now) for stage in campaign.stages]


def test_a_stage_opens_with_the_vote_when_all_before_it_are_decided() -> None:
    decided, is_open, pending = StageStatus.DECIDED, StageStatus.OPEN, StageStatus.PENDING
    assert statuses(a_campaign(), OPENS - SECOND) == [decided, decided, pending, pending]
    assert statuses(a_campaign(), OPENS) == [decided, decided, is_open, pending]
    assert statuses(a_campaign(), PUBLISHED) == [decided, decided, is_open, pending]


def test_the_next_stage_is_the_first_that_is_not_decided() -> None:
    campaign = a_campaign()
    assert campaign.next_stage == campaign.stages[2]
    assert a_campaign(stages=tuple(replace(stage, decided=True) for stage in campaign.stages)).next_stage is None
    assert a_campaign(stages=()).next_stage is None


def test_projects_are_found_by_number_and_by_id() -> None:
    campaign = a_campaign()
    assert campaign.by_number[17].number == 17
    assert campaign.positions_by_id["project/shanghai-2017/17"] == 17
    assert len(campaign.positions_by_id) == 50


def test_only_districts_with_a_candidate_are_listed_each_once_by_code() -> None:
    assert a_campaign().districts == (HUANGPU, PUDONG)
    assert a_campaign(projects=(a_project(36), a_project(1))).districts == (PUDONG,)


def test_the_salt_is_never_printed() -> None:
    assert "do-not-print" not in repr(a_campaign(voter_salt="do-not-print"))


def during(slug: str, opens: str, closes: str) -> Campaign:
    return a_campaign(slug=slug, window=Window(at(opens), at(closes)))


SPRING = during("spring", "2017-03-01", "2017-04-01")
EASTER = during("easter", "2017-03-20", "2017-03-25")
AUTUMN = during("autumn", "2017-10-01", "2017-11-01")
WINTER = during("winter", "2017-12-01", "2018-01-01")
FEATURED = [
    ("2017-02-01", SPRING),
    ("2017-03-10", SPRING),
    ("2017-03-20", EASTER),
    ("2017-03-25", SPRING),
    ("2017-04-01", EASTER),
    ("2017-09-30", EASTER),
    ("2017-10-01", AUTUMN),
    ("2017-11-15", AUTUMN),
    ("2018-06-01", WINTER),
]


def directory(*campaigns: Campaign) -> Directory:
    return Directory({campaign.slug: campaign for campaign in campaigns}, {})


@pytest.mark.parametrize(("moment", "featured"), FEATURED)
def test_the_open_campaign_is_featured_else_the_one_that_opened_last_else_the_next(
    moment: str, featured: Campaign
) -> None:
    assert directory(WINTER, EASTER, SPRING, AUTUMN).featured(at(moment)) is featured


def test_with_no_campaign_none_is_featured() -> None:
    assert directory().featured(DURING) is None


@given(order=st.permutations([SPRING, EASTER, AUTUMN, WINTER]), days=st.integers(0, 700))
def test_what_is_featured_does_not_depend_on_how_campaigns_are_listed(order: list[Campaign], days: int) -> None:
    now = at("2017-01-01") + timedelta(days)
    assert directory(*order).featured(now) is directory(SPRING, EASTER, AUTUMN, WINTER).featured(now)
    assert directory(*order).newest_first == (WINTER, AUTUMN, EASTER, SPRING)
