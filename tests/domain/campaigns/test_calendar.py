"""Does every instant belong to exactly one voting day, in every zone and across every change of its clocks?"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.domain.campaigns.calendar import ONE_DAY, Calendar, Window
from tests.campaigns import CLOSES, DAYS, OPENS, a_campaign, at

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
CHANGES = [
    ("Asia/Shanghai", date(1986, 5, 4)),  # 02:00 -> 03:00
    ("Asia/Shanghai", date(1991, 9, 15)),  # 02:00 -> 01:00
    ("America/St_Johns", date(1988, 4, 3)),  # 00:01 -> 02:01
    ("America/St_Johns", date(1988, 10, 30)),  # 00:01 -> 22:01 the day before
    ("America/St_Johns", date(2010, 11, 7)),  # 00:01 -> 23:01 the day before
    ("America/Sao_Paulo", date(2017, 10, 15)),  # 00:00 -> 01:00
    ("America/Sao_Paulo", date(2018, 2, 18)),  # 00:00 -> 23:00 the day before
    ("Asia/Beirut", date(2017, 3, 26)),  # 00:00 -> 01:00
    ("Asia/Beirut", date(2017, 10, 29)),  # 00:00 -> 23:00 the day before
    ("Pacific/Apia", date(2011, 12, 30)),  # a date that never was
    ("Pacific/Kwajalein", date(1993, 8, 21)),  # another
    ("Africa/Cairo", date(2014, 5, 16)),  # 00:00 -> 01:00
    ("Africa/Cairo", date(2023, 10, 27)),  # 00:00 -> 23:00 the day before
    ("Europe/London", date(2017, 3, 26)),  # 01:00 -> 02:00
    ("America/Havana", date(2017, 11, 5)),  # 01:00 -> 00:00
]
SPANS = [
    ("Asia/Shanghai", 1985, 2030),
    ("America/St_Johns", 1988, 2010),
    ("America/Sao_Paulo", 1990, 2020),
    ("Asia/Beirut", 1990, 2024),
    ("Pacific/Apia", 2011, 2012),
    ("Africa/Cairo", 2008, 2024),
    ("Europe/London", 1990, 2030),
]


def calendar_of(zone: str, opens: datetime, closes: datetime) -> Calendar:
    return Calendar(ZoneInfo(zone), Window(opens, closes))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A window of minutes to twelve days somewhere in a zone's eventful years, half of them around a change."""
    if draw(st.booleans()):
        zone, day = draw(st.sampled_from(CHANGES))
        opens = datetime.combine(day, datetime.min.time(), UTC) + draw(st.integers(-4320, 1440)) * MINUTE
    else:
        zone, first, last = draw(st.sampled_from(SPANS))
        opens = draw(st.datetimes(datetime(first, 1, 1), datetime(last, 12, 15), timezones=st.just(UTC)))  # noqa: DTZ001
    return calendar_of(zone, opens, opens + draw(st.integers(1, 12 * 1440)) * MINUTE)


def latest_dates(calendar: Calendar, first: datetime, last: datetime) -> list[tuple[datetime, date]]:
    """Every minute with the latest date that a clock of the zone has shown so far: what a voting day is, restated."""
    instants, latest = [], date.min
    instant = first - 3 * ONE_DAY
    while instant <= last:
        latest = max(latest, instant.astimezone(calendar.zone).date())
        if instant >= first:
            instants.append((instant, latest))
        instant += MINUTE
    return instants


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_around_a_change_of_clocks_each_minute_lies_in_the_latest_day_that_has_begun(zone: str, day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    calendar = calendar_of(zone, noon - 2 * ONE_DAY, noon + 2 * ONE_DAY)
    restated = latest_dates(calendar, calendar.window.opens_at, calendar.window.closes_at - MINUTE)
    assert [(instant, calendar.day_of(instant)) for instant, _ in restated] == restated
    assert list(calendar.days) == sorted({latest for _, latest in restated})


@given(calendar=calendars())
def test_days_tile_the_window_exactly(calendar: Calendar) -> None:
    days, window = calendar.days, calendar.window
    starts = [calendar.start_of(day).astimezone(UTC) for day in days]
    assert list(days) == sorted(set(days))
    assert starts == sorted(set(starts))
    assert starts[0] <= window.opens_at
    assert starts[-1] < window.closes_at
    for day, following, start in zip(days, days[1:], starts[1:], strict=False):
        assert calendar.next_day(day) == following
        assert calendar.day_of(start - SECOND) == day
        assert calendar.day_of(start) == following
    assert calendar.start_of(calendar.next_day(days[-1])) >= window.closes_at


@given(calendar=calendars(), fraction=st.floats(0, 1, exclude_max=True))
def test_each_instant_lies_in_exactly_one_day(calendar: Calendar, fraction: float) -> None:
    window = calendar.window
    instant = window.opens_at + (window.closes_at - window.opens_at) * fraction
    bounds = [
        *(calendar.start_of(day) for day in calendar.days),
        calendar.start_of(calendar.next_day(calendar.days[-1])),
    ]
    holding = [d for d, a, b in zip(calendar.days, bounds, bounds[1:], strict=False) if a <= instant < b]
    assert holding == [calendar.day_of(instant)]


@given(calendar=calendars())
def test_a_day_starts_at_the_first_instant_that_carries_its_date(calendar: Calendar) -> None:
    for day in calendar.days:
        start = calendar.start_of(day).astimezone(UTC)
        assert calendar.local(start).date() == day
        assert calendar.day_of(start) == day
        before = [calendar.local(start - minutes * MINUTE).date() for minutes in range(1, 27 * 60, 7)]
        assert all(earlier < day for earlier in before)
        assert calendar.local(start - timedelta(microseconds=1)).date() < day


ST_JOHNS_1988 = calendar_of("America/St_Johns", datetime(1988, 10, 30, tzinfo=UTC), datetime(1988, 11, 2, tzinfo=UTC))


@given(calendar=calendars(), minutes=st.integers(0, 12 * 1440))
@example(calendar=ST_JOHNS_1988, minutes=91)
def test_a_day_does_not_depend_on_the_zone_in_which_an_instant_is_written(calendar: Calendar, minutes: int) -> None:
    instant = calendar.window.opens_at + minutes * MINUTE
    day = calendar.day_of(instant)
    assert calendar.day_of(instant.astimezone(calendar.zone)) == day
    assert calendar.day_of(instant.astimezone(ZoneInfo("Asia/Tokyo"))) == day
    assert calendar.days_begun(instant.astimezone(calendar.zone)) == calendar.days_begun(instant)
    assert calendar.next_day_begins(instant.astimezone(calendar.zone)) == calendar.next_day_begins(instant)


@given(calendar=calendars(), minutes=st.integers(-1440, 14 * 1440))
def test_days_begin_one_after_another(calendar: Calendar, minutes: int) -> None:
    now = calendar.window.opens_at + minutes * MINUTE
    begun = calendar.days_begun(now)
    assert begun == calendar.days[: len(begun)]
    assert bool(begun) == (minutes >= 0)
    if calendar.window.contains(now):
        assert begun[-1] == calendar.day_of(now)


@given(calendar=calendars(), minutes=st.integers(0, 12 * 1440))
def test_the_next_day_begins_when_it_holds_its_first_instant(calendar: Calendar, minutes: int) -> None:
    now = calendar.window.opens_at + minutes * MINUTE
    begins = calendar.next_day_begins(now)
    if begins is None:
        assert calendar.start_of(calendar.next_day(calendar.day_of(now))) >= calendar.window.closes_at
    else:
        assert now < begins < calendar.window.closes_at
        assert calendar.day_of(begins) == calendar.next_day(calendar.day_of(now))


def test_a_date_that_the_zone_skipped_is_no_day() -> None:
    calendar = calendar_of("Pacific/Apia", datetime(2011, 12, 28, 12, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC))
    assert date(2011, 12, 30) not in calendar.days
    assert calendar.next_day(date(2011, 12, 29)) == date(2011, 12, 31)
    assert calendar.start_of(date(2011, 12, 30)) == calendar.start_of(date(2011, 12, 31))


def test_the_vote_of_2017_has_ten_days_and_the_last_ends_at_noon() -> None:
    calendar = a_campaign().calendar
    assert calendar.days == DAYS
    assert calendar.window.contains(CLOSES - SECOND)
    assert not calendar.window.contains(CLOSES)
    assert calendar.day_of(CLOSES - SECOND) == DAYS[-1]
    assert calendar.local(CLOSES).hour == 12


def test_the_window_includes_its_opening_and_excludes_its_close() -> None:
    window = Window(OPENS, CLOSES)
    assert not window.contains(OPENS - SECOND)
    assert window.contains(OPENS)
    assert not window.contains(CLOSES)


def test_ten_seconds_before_midnight_the_next_day_begins_in_ten_seconds() -> None:
    calendar, now = a_campaign().calendar, at("2017-03-22 23:59:50")
    begins = calendar.next_day_begins(now)
    assert begins is not None
    assert begins - now == timedelta(seconds=10)
    assert begins.isoformat() == "2017-03-23T00:00:00+08:00"


def test_no_day_begins_after_the_last() -> None:
    assert a_campaign().calendar.next_day_begins(at("2017-03-31 00:00")) is None


def test_a_window_that_closes_at_midnight_has_no_day_more() -> None:
    calendar = calendar_of("Asia/Shanghai", OPENS, at("2017-03-25 00:00"))
    assert calendar.days == DAYS[:3]


def hours_by_the_clock(calendar: Calendar) -> list[datetime]:
    """Where another hour or another offset shows on the clocks, minute by minute: what an hour is, restated."""
    begins, minute, shown = [], calendar.window.opens_at.astimezone(UTC), None
    while minute < calendar.window.closes_at:
        local = minute.astimezone(calendar.zone)
        if (now_shown := (local.date(), local.hour, local.utcoffset())) != shown:
            begins.append(minute)
            shown = now_shown
        minute = minute.replace(second=0, microsecond=0) + MINUTE
    return begins


@given(calendars())
@example(calendar_of("Europe/London", datetime(2017, 3, 26, 0, 20, tzinfo=UTC), datetime(2017, 3, 26, 3, tzinfo=UTC)))
@example(calendar_of("Europe/London", datetime(2017, 10, 29, 0, 20, tzinfo=UTC), datetime(2017, 10, 29, 3, tzinfo=UTC)))
@example(calendar_of("Australia/Lord_Howe", datetime(2017, 4, 1, 13, tzinfo=UTC), datetime(2017, 4, 1, 18, tzinfo=UTC)))
@example(calendar_of("Asia/Kolkata", datetime(2017, 4, 1, 13, tzinfo=UTC), datetime(2017, 4, 1, 18, tzinfo=UTC)))
def test_every_instant_belongs_to_one_hour_of_the_clocks(calendar: Calendar) -> None:
    begins = hours_by_the_clock(calendar)
    assert calendar.hours == tuple(calendar.hour_of(begin) for begin in begins)
    assert len(set(calendar.hours)) == len(begins)
    for begin, following in zip(begins, [*begins[1:], None], strict=True):
        last = (following or calendar.window.closes_at.astimezone(UTC)) - timedelta(microseconds=1)
        assert calendar.hour_of(last) == calendar.hour_of(begin)
        for moment in (begin, last):
            next_begins = calendar.next_hour_begins(moment)
            assert (next_begins and next_begins.astimezone(UTC)) == following


def test_an_hour_that_the_clocks_show_twice_is_two() -> None:
    london = calendar_of("Europe/London", datetime(2017, 10, 29, tzinfo=UTC), datetime(2017, 10, 29, 3, tzinfo=UTC))
    assert london.hours == ("2017-10-29T01+0100", "2017-10-29T01+0000", "2017-10-29T02+0000")
