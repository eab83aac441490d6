"""Is a ballot refused in a pause, with the organizer's reason, and at no other time of the window?"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Pause
from api.domain.campaigns.states import CampaignState
from api.domain.texts import localized
from api.domain.voting.judging import rules_of
from api.domain.voting.rules.window import VotingClosed, VotingNotOpen, VotingPaused, VotingWindowRule
from tests.campaigns import CLOSES, OPENS, a_campaign, at, project_ids
from tests.domain.voting.rules.judged import reported

REASON = localized(zh="核查异常选票。", en="Unusual ballots are being looked into.")
START, END = at("2017-03-25 09:00"), at("2017-03-25 10:00")


def paused(*pauses: Pause) -> tuple[VotingWindowRule, Campaign]:
    campaign = a_campaign(pauses=pauses)
    [rule] = [rule for rule in rules_of(campaign) if isinstance(rule, VotingWindowRule)]
    return rule, campaign


def test_voting_stands_still_from_the_beginning_of_a_pause_until_just_before_its_end() -> None:
    rule, campaign = paused(Pause(START.astimezone(UTC), END.astimezone(UTC), REASON))
    assert reported(rule, campaign, now=START - timedelta(microseconds=1)) == []
    for now in (START, END - timedelta(microseconds=1)):
        [violation] = reported(rule, campaign, now=now)
        assert violation == VotingPaused(START, END, REASON)
        assert str(violation.since.tzinfo) == "Asia/Shanghai"
    assert reported(rule, campaign, now=END) == []


def test_a_pause_says_why_and_until_when_if_that_is_known() -> None:
    assert VotingPaused(START, END, REASON).message.zh == (
        "投票已于2017年3月25日09:00（北京时间）暂停：核查异常选票。2017年3月25日10:00（北京时间）恢复。"
    )
    assert VotingPaused(START, None, REASON).message.en == (
        "Voting has been paused since 2017-03-25 09:00 (Asia/Shanghai): Unusual ballots are being looked into. When it goes on "
        "will be announced."
    )


def test_nobody_votes_in_a_draft_whatever_its_times() -> None:
    campaign = a_campaign(state=CampaignState.DRAFT)
    for now, violation in ((START, VotingNotOpen(OPENS)), (CLOSES, VotingClosed(CLOSES))):
        found = [
            each
            for rule in rules_of(campaign)
            for each in reported(rule, campaign, *project_ids(*range(1, 11)), now=now)
        ]
        assert found == [violation]


def test_the_close_in_an_hour_that_the_clocks_show_twice_is_the_one_that_was_meant() -> None:
    zone = ZoneInfo("America/New_York")
    closes_at = datetime(2017, 11, 5, 1, 30, tzinfo=zone, fold=1)
    campaign = a_campaign(time_zone=str(zone), window=Window(datetime(2017, 11, 1, tzinfo=zone), closes_at))
    [rule] = [rule for rule in rules_of(campaign) if isinstance(rule, VotingWindowRule)]
    before = datetime(2017, 11, 5, 1, 45, tzinfo=zone)  # three quarters of an hour before the close, by the same clocks
    for now in (before, before.astimezone(UTC)):
        assert reported(rule, campaign, now=now) == []
    assert reported(rule, campaign, now=before.replace(fold=1)) == [VotingClosed(closes_at)]


moments = st.integers(-1000, 15_000).map(lambda minute: OPENS.astimezone(UTC) + timedelta(minutes=minute))


@given(spans=st.lists(st.tuples(moments, st.none() | moments), max_size=3), now=moments)
def test_exactly_one_thing_is_wrong_outside_of_the_window_or_in_a_pause(
    spans: list[tuple[datetime, datetime | None]], now: datetime
) -> None:
    rule, campaign = paused(*(Pause(start, end, REASON) for start, end in spans))
    still = any(start <= now and (end is None or now < end) for start, end in spans)
    expected = VotingNotOpen if now < OPENS else VotingClosed if now >= CLOSES else VotingPaused if still else None
    assert [type(violation) for violation in reported(rule, campaign, now=now)] == ([expected] if expected else [])
