"""Are ballots accepted in the hours of voting alone, on the campaign's clocks and on days when these are set?"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.hours import OutsideVotingHours, VotingHoursRule, open_from
from api.domain.voting.rules.quota import next_ballot_at
from tests.campaigns import CLOSES, a_campaign, at
from tests.domain.voting.rules.judged import reported

WARSAW = ZoneInfo(
    "Europe/Warsaw"
)  # in 2017 set from 2:00 to 3:00 on 26 March, and from 3:00 back to 2:00 on 29 October
DAYTIME, NIGHT = VotingHoursRule(time(9), time(22)), VotingHoursRule(time(20), time(6))
HOURS = (DAYTIME, NIGHT)


def with_hours(rule: VotingHoursRule, **changes: object) -> Campaign:
    return a_campaign(rules=(rule,), **changes)


def in_warsaw(rule: VotingHoursRule, month: int) -> Campaign:
    window = Window(datetime(2017, month, 1, tzinfo=WARSAW), datetime(2017, month, 31, 12, tzinfo=WARSAW))
    return with_hours(rule, time_zone="Europe/Warsaw", window=window)


OPEN = [
    (DAYTIME, "2017-03-25 08:59:59.999999", "2017-03-25 09:00"),
    (DAYTIME, "2017-03-25 09:00", None),
    (DAYTIME, "2017-03-25 21:59:59.999999", None),
    (DAYTIME, "2017-03-25 22:00", "2017-03-26 09:00"),
    (DAYTIME, "2017-03-31 08:00", "2017-03-31 09:00"),
    (NIGHT, "2017-03-25 05:59:59", None),
    (NIGHT, "2017-03-25 06:00", "2017-03-25 20:00"),
    (NIGHT, "2017-03-25 23:59:59", None),
    (NIGHT, "2017-03-26 00:00", None),
    (VotingHoursRule(time(9), time(9)), "2017-03-25 08:00", None),
]


@pytest.mark.parametrize(("rule", "moment", "opens_at"), OPEN)
def test_ballots_are_accepted_from_the_first_minute_until_just_before_the_last(
    rule: VotingHoursRule, moment: str, opens_at: str | None
) -> None:
    expected = [] if opens_at is None else [OutsideVotingHours(rule.start, rule.end, at(opens_at))]
    assert reported(rule, with_hours(rule), now=at(moment)) == expected


def test_when_voting_closes_before_the_hours_begin_there_is_no_next_time() -> None:
    assert reported(NIGHT, with_hours(NIGHT), now=at("2017-03-31 07:00")) == [
        OutsideVotingHours(NIGHT.start, NIGHT.end, None)
    ]


@pytest.mark.parametrize("moment", ["2017-03-21 23:00", "2017-03-31 23:00"])
def test_while_voting_is_not_open_at_all_the_hours_are_not_mentioned(moment: str) -> None:
    assert reported(DAYTIME, with_hours(DAYTIME), now=at(moment)) == []


CHANGES = [  # of the clocks: the month, the hours, a moment and the next opening, both in UTC
    (3, (time(2, 30), time(4)), "26T00:10", "26T01:00"),  # 2:30 is skipped: as the clocks are set, it is 3:00
    (3, (time(2), time(3)), "26T00:10", "27T00:00"),  # all these hours are skipped
    (3, (time(9), time(22)), "25T21:30", "26T07:00"),  # 9:00 in summer time
    (10, (time(1), time(2, 30)), "29T00:40", "29T01:00"),  # open at 2:15 again, for it is 2:00 again
    (10, (time(2, 15), time(2, 30)), "29T00:30", "29T01:15"),  # the same minutes a second time
    (10, (time(9), time(22)), "28T20:30", "29T08:00"),  # 9:00 in winter time
]


@pytest.mark.parametrize(("month", "hours", "moment", "opens_at"), CHANGES)
def test_what_the_clocks_show_counts_when_they_are_set(
    month: int, hours: tuple[time, time], moment: str, opens_at: str
) -> None:
    rule = VotingHoursRule(*hours)
    now, opens = (datetime.fromisoformat(f"2017-{month:02}-{each}").replace(tzinfo=UTC) for each in (moment, opens_at))
    [violation] = reported(rule, in_warsaw(rule, month), now=now)
    assert violation.opens_at.astimezone(UTC) == opens
    assert violation.opens_at.tzinfo == WARSAW


def test_a_spent_quota_returns_in_the_hours_of_voting() -> None:
    now = at("2017-03-25 21:00")
    assert next_ballot_at(with_hours(DAYTIME), now) == at("2017-03-26 09:00")
    assert next_ballot_at(with_hours(NIGHT), now) == at("2017-03-26 00:00")
    assert next_ballot_at(with_hours(VotingHoursRule(time(13), time(14))), at("2017-03-30 13:00")) is None
    assert next_ballot_at(with_hours(DAYTIME, quota=Quota(1, QuotaPeriod.CAMPAIGN)), now) is None


def test_a_campaign_without_hours_is_open_from_any_instant() -> None:
    assert open_from(a_campaign(), at("2017-03-25 03:00")) == at("2017-03-25 03:00")
    assert open_from(a_campaign(), CLOSES) is None


def test_words_name_the_hours_the_zone_and_the_next_opening() -> None:
    assert DAYTIME.description(with_hours(DAYTIME)).zh == "每天的投票时段为09:00至22:00（北京时间）。"
    assert NIGHT.description(with_hours(NIGHT)).en == (
        "Voting is open daily from 20:00 until just before 06:00 of the next day (Asia/Shanghai)."
    )
    [late] = reported(DAYTIME, with_hours(DAYTIME), now=at("2017-03-25 23:00"))
    assert late.message.zh == "每天的投票时段为09:00至22:00，2017年3月26日09:00（北京时间）起可以投票。"
    assert late.message.en.endswith("just before 22:00; vote from 2017-03-26 09:00 (Asia/Shanghai).")
    [last] = reported(NIGHT, with_hours(NIGHT), now=at("2017-03-31 07:00"))
    assert last.message.zh == "每天的投票时段为20:00至次日06:00，本次评选已无可投票的时段。"


minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(*divmod(minute, 60)))
seconds = st.integers(0, 5 * 24 * 3600).map(lambda second: timedelta(seconds=second))
begins = st.sampled_from([datetime.fromisoformat(day) for day in ("2017-03-24T00:00Z", "2017-10-27T00:00Z")])


@given(start=minutes, end=minutes, begin=begins, later=seconds)
def test_a_ballot_passes_exactly_in_the_hours_and_the_next_ones_are_the_first_to_come(
    start: time, end: time, begin: datetime, later: timedelta
) -> None:
    rule = VotingHoursRule(start, end)
    campaign, now = in_warsaw(rule, begin.month), begin + later

    def is_open(instant: datetime) -> bool:
        """By counting the minutes of the local day on from the start of the hours."""
        local = instant.astimezone(WARSAW)
        length = (end.hour * 60 + end.minute - start.hour * 60 - start.minute) % 1440 or 1440
        return (local.hour * 60 + local.minute - start.hour * 60 - start.minute) % 1440 < length

    found = reported(rule, campaign, now=now)
    in_window = campaign.window.contains(now)
    assert (found == []) == (is_open(now) or not in_window)
    for violation in found:
        opens_at = (violation.opens_at or campaign.window.closes_at).astimezone(UTC)
        assert violation.opens_at is None or is_open(opens_at)
        before = (opens_at - timedelta(minutes=minute, microseconds=1) for minute in range(1500))
        assert not any(is_open(moment) for moment in before if moment > now)
