"""A campaign's dates as a calendar (RFC 5545): the opening, a reminder on each voting day, and the close."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event, Timezone, vRecur, vText

from api.domain.campaigns.campaign import Campaign
from api.domain.people.reminders import MORNING, closing_moment, opening_moment
from api.domain.texts import Language, Text
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.voting_times import voting_open_from

SHORTLY = timedelta(minutes=15)  # as long as an entry of a moment is shown
REFRESH = timedelta(hours=6)
PRODUCT = "-//Pingxuan//Campaign//EN"
OPENS = Text("投票开始：", "Voting opens: ")
CLOSES = Text("投票截止：", "Voting closes: ")
EACH_DAY = Text("今天可以投票：", "You may vote today: ")


def calendar_file(campaign: Campaign, language: Language, address: str, now: datetime) -> bytes:
    """Return the file. address: of the campaign's page; every entry leads there, and has a name that does not change."""
    title = campaign.title.to(language)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(title))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    days = campaign.calendar.days
    calendar.add_component(_zone(campaign.time_zone, days[0].year - 1, days[-1].year + 2))
    for event in _events(campaign, language, address):
        event.add("url", address)
        event.add("description", address)
        event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
        event.add("sequence", campaign.revision)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


@lru_cache(64)
def _zone(name: str, first: int, last: int) -> Timezone:
    """How the clocks of a zone go in these years; finding out takes a tenth of a second."""
    return Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last, 1, 1))


def _events(campaign: Campaign, language: Language, address: str) -> Iterator[Event]:
    title, local = campaign.title.to(language), campaign.calendar.local
    opens, closes = local(campaign.window.opens_at), local(campaign.window.closes_at)
    name = f"{campaign.slug}@{urlsplit(address).hostname}"
    yield _event(f"opening.{name}", OPENS.to(language) + title, opens, opening_moment(campaign))
    days = daily_moments(campaign)
    if days:
        yield _daily(f"each-day.{name}", EACH_DAY.to(language) + title, days)
    yield _event(f"close.{name}", CLOSES.to(language) + title, closes, closing_moment(campaign))


def _event(uid: str, summary: str, start: datetime, alarm_at: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("summary", summary)
    event.add("dtstart", start)
    event.add("duration", SHORTLY)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", alarm_at.astimezone(UTC) - start.astimezone(UTC))
    event.add_component(alarm)
    return event


def _daily(uid: str, summary: str, moments: Sequence[datetime]) -> Event:
    """One entry that comes again each day, at the time of most of these moments, but on days that have none then."""
    times = [moment.time() for moment in moments]
    usual = max(dict.fromkeys(times), key=times.count)
    days = {moment.date() for moment in moments if moment.time() == usual}
    first, last = min(days), max(days)
    start = datetime.combine(first, usual, moments[0].tzinfo)
    event = _event(uid, summary, start, start)
    until = datetime.combine(last, usual, moments[0].tzinfo).astimezone(UTC)
    event.add("rrule", vRecur(freq="DAILY", until=until))
    left_out = [day for day in _days_between(first, last) if day not in days]
    if left_out:
        event.add("exdate", [datetime.combine(day, usual, moments[0].tzinfo) for day in left_out])
    return event


def daily_moments(campaign: Campaign) -> tuple[datetime, ...]:
    """Return when to remind on each voting day, where a new day brings a new quota: voting is open, and it is morning."""
    if campaign.quota.period is QuotaPeriod.CAMPAIGN:
        return ()
    local = campaign.calendar.local
    mornings = (
        datetime.combine(day, MORNING, local(campaign.window.opens_at).tzinfo) for day in campaign.calendar.days
    )
    opened = ((morning, voting_open_from(campaign, morning)) for morning in mornings)
    return tuple(local(moment) for morning, moment in opened if moment is not None and _same_day(moment, morning))


def _same_day(moment: datetime, morning: datetime) -> bool:
    return moment.astimezone(morning.tzinfo).date() == morning.date()


def _days_between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
