"""Are reminders for moments that are still to come, at which people are awake and can do what they are reminded of?"""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Pause
from api.domain.campaigns.states import CampaignState
from api.domain.people.reminders import Reminder, ReminderKind, is_moot, postponed, reminder_moment
from api.domain.texts import Language, localized
from api.domain.voting.quota import Quota, QuotaPeriod
from api.domain.voting.rules.hours import VotingHoursRule
from tests.campaigns import CLOSES, DURING, OPENS, a_campaign, at

OPENING, AGAIN, CLOSING = ReminderKind
CAMPAIGN = a_campaign()
BEFORE = OPENS - timedelta(days=3)
REASON = localized(zh="核查", en="Checks")
ONCE = replace(CAMPAIGN, quota=Quota(1, QuotaPeriod.CAMPAIGN))
LATE_HOURS = replace(CAMPAIGN, rules=(VotingHoursRule(time(10), time(22)),))
PAUSED = replace(CAMPAIGN, pauses=(Pause(DURING, at("2017-03-26 12:30"), REASON),))
STANDS_STILL = replace(CAMPAIGN, pauses=(Pause(DURING, None, REASON),))
SHORT = replace(CAMPAIGN, window=Window(at("2017-03-22 10:00"), at("2017-03-22 20:00")))
NIGHT = replace(CAMPAIGN, window=Window(at("2017-03-22 22:00"), at("2017-03-23 02:00")))
PUT_OFF = replace(CAMPAIGN, window=Window(OPENS, at("2017-04-02 12:00")))


@pytest.mark.parametrize(
    ("kind", "campaign", "now", "expected"),
    [
        (OPENING, CAMPAIGN, BEFORE, at("2017-03-22 09:00")),
        (OPENING, LATE_HOURS, BEFORE, at("2017-03-22 10:00")),
        (OPENING, NIGHT, BEFORE, at("2017-03-22 22:00")),
        (OPENING, CAMPAIGN, OPENS, None),
        (AGAIN, CAMPAIGN, DURING, at("2017-03-26 09:00")),
        (AGAIN, PAUSED, DURING, at("2017-03-26 12:30")),
        (AGAIN, STANDS_STILL, DURING, None),
        (AGAIN, CAMPAIGN, at("2017-03-31 08:00"), None),
        (AGAIN, CAMPAIGN, BEFORE, None),
        (AGAIN, ONCE, DURING, None),
        (AGAIN, replace(CAMPAIGN, quota=Quota(1, QuotaPeriod.HOUR)), DURING, at("2017-03-25 10:00")),
        (CLOSING, CAMPAIGN, DURING, at("2017-03-30 12:00")),
        (CLOSING, CAMPAIGN, at("2017-03-30 12:00"), None),
        (CLOSING, SHORT, BEFORE, None),
        *[(kind, replace(CAMPAIGN, state=CampaignState.ARCHIVED), BEFORE, None) for kind in ReminderKind],
        *[(kind, CAMPAIGN, CLOSES, None) for kind in ReminderKind],
    ],
)
def test_a_reminder_is_for_a_moment_to_come(
    kind: ReminderKind, campaign: Campaign, now: datetime, expected: datetime | None
) -> None:
    assert reminder_moment(kind, campaign, now) == expected


def a_reminder(kind: ReminderKind, send_at: datetime) -> Reminder:
    return Reminder("k" * 26, CAMPAIGN.slug, kind, send_at, Language.ZH, "o" * 26, b"")


@pytest.mark.parametrize(
    ("kind", "campaign", "send_at", "now", "expected"),
    [
        (AGAIN, CAMPAIGN, at("2017-03-26 09:00"), at("2017-03-26 09:00"), None),
        (AGAIN, PAUSED, at("2017-03-26 09:00"), at("2017-03-26 09:00"), at("2017-03-26 12:30")),
        (AGAIN, STANDS_STILL, at("2017-03-26 09:00"), at("2017-03-26 09:00"), at("2017-03-26 10:00")),
        (AGAIN, CAMPAIGN, at("2017-03-26 20:30"), at("2017-03-26 22:00"), at("2017-03-27 09:00")),
        (OPENING, NIGHT, at("2017-03-22 22:00"), at("2017-03-22 22:01"), None),
        (CLOSING, CAMPAIGN, at("2017-03-30 12:00"), at("2017-03-30 12:01"), None),
        (CLOSING, PUT_OFF, at("2017-03-30 12:00"), at("2017-03-30 12:01"), at("2017-04-01 12:00")),
    ],
)
def test_what_has_changed_meanwhile_puts_it_off(
    kind: ReminderKind, campaign: Campaign, send_at: datetime, now: datetime, expected: datetime | None
) -> None:
    assert postponed(a_reminder(kind, send_at), campaign, now) == expected


def test_what_helps_nobody_any_more_is_not_sent() -> None:
    reminder = a_reminder(AGAIN, DURING)
    assert not is_moot(reminder, CAMPAIGN, DURING + timedelta(hours=6))
    assert is_moot(reminder, CAMPAIGN, DURING + timedelta(hours=6, seconds=1))
    assert is_moot(a_reminder(CLOSING, CLOSES), CAMPAIGN, CLOSES)
    assert is_moot(reminder, None, DURING)
    assert is_moot(reminder, replace(CAMPAIGN, voter_salt=None), DURING)
    assert is_moot(reminder, replace(CAMPAIGN, state=CampaignState.ARCHIVED), DURING)
