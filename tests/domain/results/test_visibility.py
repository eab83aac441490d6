"""May the standings be seen by this viewer at this moment, and if not, from when?"""

from datetime import UTC, datetime, time, timedelta

import pytest

from api.domain.campaigns.parts import Announcement, Pause
from api.domain.campaigns.states import CampaignPhase, CampaignState, ResultsStep, ResultsVisibility
from api.domain.errors import ErrorCode
from api.domain.results.visibility import counted_until, results_hidden, results_visible, visible_from
from tests.campaigns import CLOSES, DURING, OPENS, a_campaign, at, both

PAUSED = at("2017-03-26 12:00")
ANNOUNCED, CONFIRMED = at("2017-05-01 10:00"), at("2017-05-09 10:00")
ANNOUNCEMENT = Announcement("FINALIST", ANNOUNCED, at("2017-05-08 10:00"), CONFIRMED)
PAUSE = Pause(PAUSED, PAUSED + timedelta(hours=1), both("停电", "A power cut"))
MOMENTS = {
    CampaignPhase.UPCOMING: at("2017-03-01 00:00"),
    CampaignPhase.VOTING: DURING,
    CampaignPhase.PAUSED: PAUSED,
    CampaignPhase.CLOSED: CLOSES,
    CampaignPhase.ANNOUNCED: ANNOUNCED,
    CampaignPhase.PUBLISHED: CONFIRMED,
}
NOBODY, CASTERS, EVERYBODY = (False, False), (False, True), (True, True)  # without a ballot, with one
POLICIES = {
    ResultsVisibility.LIVE: (EVERYBODY, EVERYBODY, EVERYBODY, EVERYBODY, EVERYBODY, EVERYBODY),
    ResultsVisibility.DAILY: (NOBODY, EVERYBODY, EVERYBODY, EVERYBODY, EVERYBODY, EVERYBODY),
    ResultsVisibility.AFTER_CASTING: (CASTERS, CASTERS, CASTERS, EVERYBODY, EVERYBODY, EVERYBODY),
    ResultsVisibility.AFTER_CLOSE: (NOBODY, NOBODY, NOBODY, EVERYBODY, EVERYBODY, EVERYBODY),
    ResultsVisibility.AFTER_PUBLICATION: (NOBODY, NOBODY, NOBODY, NOBODY, EVERYBODY, EVERYBODY),
}
TABLE = [
    (policy, phase, has_cast, row[place][has_cast])
    for policy, row in POLICIES.items()
    for place, phase in enumerate(MOMENTS)
    for has_cast in (False, True)
]


@pytest.mark.parametrize(("policy", "phase", "has_cast", "visible"), TABLE)
def test_the_policy_decides_who_sees_the_standings_in_each_phase(
    policy: ResultsVisibility, phase: CampaignPhase, has_cast: bool, visible: bool
) -> None:
    campaign = a_campaign(
        visibility=policy,
        published_at=ANNOUNCED,
        announcements=(ANNOUNCEMENT,),
        results_at=time(9),
        pauses=(PAUSE,),
    )
    assert campaign.phase(MOMENTS[phase]) is phase
    assert results_visible(campaign, MOMENTS[phase], has_cast=has_cast) is visible


def test_a_table_of_every_policy_and_phase() -> None:
    by_state = {CampaignPhase.DRAFT, CampaignPhase.ARCHIVED}
    assert len(TABLE) == len(ResultsVisibility) * len({*CampaignPhase} - by_state) * 2


@pytest.mark.parametrize("policy", ResultsVisibility)
def test_whatever_an_archived_campaign_was_its_results_are_open(policy: ResultsVisibility) -> None:
    archived = a_campaign(visibility=policy, state=CampaignState.ARCHIVED, published_at=OPENS)
    assert results_visible(archived, CLOSES, has_cast=False)
    assert counted_until(archived, CLOSES) is None


STEPPED = [
    ("2017-03-21 23:59:59", ResultsStep.MINUTE, None),
    ("2017-03-22 00:00:59", ResultsStep.HOUR, "2017-03-22 00:00"),
    ("2017-03-25 09:30:59", ResultsStep.SECOND, None),
    ("2017-03-25 09:30:59", ResultsStep.MINUTE, "2017-03-25 09:30"),
    ("2017-03-25 09:31:00", ResultsStep.MINUTE, "2017-03-25 09:31"),
    ("2017-03-25 09:30:59", ResultsStep.HOUR, "2017-03-25 09:00"),
    ("2017-03-31 11:59:59", ResultsStep.HOUR, "2017-03-31 11:00"),
    ("2017-03-31 12:00:00", ResultsStep.HOUR, None),
]


@pytest.mark.parametrize("visibility", ResultsVisibility)
@pytest.mark.parametrize(("now", "step", "moment"), STEPPED)
def test_what_is_seen_live_is_as_of_the_last_full_step(
    visibility: ResultsVisibility, now: str, step: ResultsStep, moment: str | None
) -> None:
    campaign = a_campaign(visibility=visibility, results_step=step)
    if visibility is not ResultsVisibility.DAILY:
        stepped = visibility in {ResultsVisibility.LIVE, ResultsVisibility.AFTER_CASTING}
        assert counted_until(campaign, at(now)) == (at(moment) if moment and stepped else None)


DAILY = [
    ("2017-03-21 23:59", False, None),
    ("2017-03-22 00:00", False, "2017-03-22 00:00"),
    ("2017-03-22 08:59", False, "2017-03-22 00:00"),
    ("2017-03-22 09:00", True, "2017-03-22 09:00"),
    ("2017-03-23 08:59", True, "2017-03-22 09:00"),
    ("2017-03-31 11:59", True, "2017-03-31 09:00"),
    ("2017-03-31 12:00", True, None),
]


@pytest.mark.parametrize(("now", "visible", "moment"), DAILY)
def test_daily_results_are_as_of_the_stated_time_and_begin_with_the_first(
    now: str, visible: bool, moment: str | None
) -> None:
    campaign = a_campaign(visibility=ResultsVisibility.DAILY, results_at=time(9))
    for instant in (at(now), at(now).astimezone(UTC)):
        assert results_visible(campaign, instant, has_cast=True) is visible
        assert counted_until(campaign, instant) == (None if moment is None else at(moment))


def test_each_moment_of_daily_results_changes_answers() -> None:
    campaign = a_campaign(visibility=ResultsVisibility.DAILY, results_at=time(12))
    assert len(campaign.daily_results) == 9  # that of the last day is the close itself
    assert {*campaign.daily_results} <= campaign.transitions
    assert a_campaign(results_at=time(12)).daily_results == ()


LIFTS = [
    (ResultsVisibility.DAILY, None, at("2017-03-22 09:00")),
    (ResultsVisibility.AFTER_CASTING, None, CLOSES),
    (ResultsVisibility.AFTER_CLOSE, ANNOUNCED, CLOSES),
    (ResultsVisibility.AFTER_PUBLICATION, None, None),
    (ResultsVisibility.AFTER_PUBLICATION, ANNOUNCED, ANNOUNCED),
    (ResultsVisibility.AFTER_PUBLICATION, OPENS, CLOSES),
]


@pytest.mark.parametrize(("policy", "published_at", "lifts"), LIFTS)
def test_a_refusal_says_from_when_everybody_may_see(
    policy: ResultsVisibility, published_at: datetime | None, lifts: datetime | None
) -> None:
    campaign = a_campaign(visibility=policy, published_at=published_at, results_at=time(9))
    fault = results_hidden(campaign)
    assert visible_from(campaign) == lifts
    assert fault.code is ErrorCode.RESULTS_HIDDEN
    assert fault.details == {"visibleFrom": lifts.isoformat() if lifts else None, "visibility": policy.name}
    assert ("(Asia/Shanghai)" in fault.message.en) == (lifts is not None)
    if lifts:
        assert results_visible(campaign, lifts, has_cast=False)


def test_the_moment_is_told_in_the_campaigns_zone() -> None:
    campaign = a_campaign(visibility=ResultsVisibility.AFTER_PUBLICATION, published_at=ANNOUNCED.astimezone(UTC))
    lifts = visible_from(campaign)
    assert lifts is not None
    assert lifts.isoformat() == "2017-05-01T10:00:00+08:00"
    message = results_hidden(campaign).message
    assert "2017年5月1日10:00（北京时间）" in message.zh
    assert "2017-05-01 10:00 (Asia/Shanghai)" in message.en
