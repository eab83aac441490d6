"""Does a calendar say when voting opens, closes and can be done again, as programs for calendars read it?"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Pause
from api.domain.texts import Language
from api.domain.voting.quota import Quota, QuotaPeriod
from api.formats.calendar_file import calendar_file
from tests.campaigns import CLOSES, DURING, OPENS, a_campaign, at, both

CAMPAIGN = a_campaign()
ADDRESS = "https://vote.example.cn/vote/c/shanghai-2017"
PAUSE = Pause(DURING, at("2017-03-26 12:30"), both("核查", "Checks"))
SHORT = Window(at("2017-03-22 10:00"), at("2017-03-22 20:00"))


def events(campaign: Campaign, language: Language = Language.ZH) -> dict[str, Any]:
    found = Calendar.from_ical(calendar_file(campaign, language, ADDRESS, DURING)).walk("VEVENT")
    return {str(event["UID"]).partition(".")[0]: event for event in found}


def rung(event: Any) -> datetime:
    """When its alarm goes off."""
    [alarm] = event.walk("VALARM")
    start: datetime = event.decoded("DTSTART")
    return start + alarm.decoded("TRIGGER")


def test_it_has_the_opening_the_close_and_each_voting_day_in_the_campaigns_zone() -> None:
    found = events(CAMPAIGN)
    assert {name: event.decoded("DTSTART") for name, event in found.items()} == {
        "opening": OPENS,
        "each-day": at("2017-03-22 09:00"),
        "close": CLOSES,
    }
    assert found["close"]["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert found["each-day"]["RRULE"]["UNTIL"] == [at("2017-03-31 09:00")]
    assert found["opening"]["SUMMARY"] == "投票开始：第三届上海社会建设十大创新项目"
    assert {str(event["URL"]) for event in found.values()} == {ADDRESS}
    assert found["close"]["UID"] == "close.shanghai-2017@vote.example.cn"


def test_nobody_is_woken_and_the_close_is_told_a_day_before() -> None:
    assert {name: rung(event) for name, event in events(CAMPAIGN).items()} == {
        "opening": at("2017-03-22 09:00"),
        "each-day": at("2017-03-22 09:00"),
        "close": at("2017-03-30 12:00"),
    }
    assert rung(events(replace(CAMPAIGN, window=SHORT))["close"]) == SHORT.opens_at


@pytest.mark.parametrize(
    ("changes", "left_out"),
    [
        ({"pauses": (PAUSE,)}, [date(2017, 3, 26)]),
        ({"pauses": (replace(PAUSE, end=at("2017-03-27 13:00")),)}, [date(2017, 3, 26), date(2017, 3, 27)]),
    ],
)
def test_days_on_which_voting_stands_still_in_the_morning_are_left_out(
    changes: dict[str, Any], left_out: list[date]
) -> None:
    dates = events(replace(CAMPAIGN, **changes))["each-day"]["EXDATE"].dts
    assert [each.dt.date() for each in dates] == left_out


def test_where_a_ballot_is_for_the_whole_campaign_no_day_brings_another() -> None:
    once = replace(CAMPAIGN, quota=Quota(1, QuotaPeriod.CAMPAIGN))
    assert events(once).keys() == {"opening", "close"}


def test_a_title_adds_no_entry_of_its_own() -> None:
    title = "A;B,C\\nD\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:x"
    found = events(replace(CAMPAIGN, title=both(title, title)), Language.EN)
    assert len(found) == 3
    assert "A;B,C" in found["close"]["SUMMARY"]


def test_it_is_made_anew_when_the_close_is_put_off() -> None:
    later = replace(CAMPAIGN, window=Window(OPENS, CLOSES + timedelta(days=1)), revision=7)
    close = events(later)["close"]
    assert (close.decoded("DTSTART"), close["SEQUENCE"]) == (CLOSES + timedelta(days=1), 7)
