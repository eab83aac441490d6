"""Is a date or a time taken exactly when section 5.6 of RFC 3339 writes it so?"""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.domain.rfc3339 import format_datetime, parse_date, parse_datetime

NINE = datetime(2017, 3, 22, 1, tzinfo=UTC)
RIGHT = {
    "2017-03-22T09:00:00+08:00": NINE,
    "2017-03-22t09:00:00+08:00": NINE,
    "2017-03-22T01:00:00Z": NINE,
    "2017-03-22t01:00:00z": NINE,
    "2017-03-22T01:00:00-00:00": NINE,
    "2017-03-21T18:30:00-06:30": NINE,
    "2017-03-22T01:00:00.5Z": NINE + timedelta(milliseconds=500),
    "2017-03-22T01:00:00.000001999999999Z": NINE + timedelta(microseconds=1),
    "2017-03-22T23:59:59+23:59": datetime(2017, 3, 22, 0, 0, 59, tzinfo=UTC),
    "2016-02-29T00:00:00Z": datetime(2016, 2, 29, tzinfo=UTC),
    "0001-01-01T00:00:00Z": datetime(1, 1, 1, tzinfo=UTC),
    "9999-12-31T23:59:59.999999Z": datetime.max.replace(tzinfo=UTC),
    "2016-12-31T23:59:60Z": datetime(2017, 1, 1, tzinfo=UTC),
    "2017-01-01T07:59:60+08:00": datetime(2017, 1, 1, tzinfo=UTC),
    "1990-12-31T15:59:60-08:00": datetime(1991, 1, 1, tzinfo=UTC),
    "2015-06-30T23:59:60.25z": datetime(2015, 7, 1, 0, 0, 0, 250_000, tzinfo=UTC),
}
WRONG = [
    "",
    "now",
    "2017-03-22",
    "2017-03-22T09:00:00",
    "2017-03-22T09:00:00+0800",
    "2017-03-22T09:00:00+08",
    "2017-03-22T09:00:00 +08:00",
    "2017-03-22T09:00:00+8:00",
    "2017-03-22T09:00:00+08:00:00",
    "2017-03-22T09:00:00+24:00",
    "2017-03-22T09:00:00+08:60",
    "2017-03-22T09:00:00±08:00",
    "2017-03-22T09:00:00\u221208:00",
    "2017-03-22T09:00+08:00",
    "2017-03-22T09+08:00",
    "2017-03-22 09:00:00+08:00",
    "2017-03-22_09:00:00+08:00",
    "20170322T090000+08:00",
    "20170322T090000Z",
    "2017-W12-3T09:00:00+08:00",
    "2017W123T09:00:00Z",
    "2017-081T09:00:00Z",
    "2017-3-22T09:00:00Z",
    "17-03-22T09:00:00Z",
    "+2017-03-22T09:00:00Z",
    "-2017-03-22T09:00:00Z",
    "12017-03-22T09:00:00Z",
    "0000-01-01T00:00:00Z",
    "2017-02-29T00:00:00Z",
    "2017-13-01T00:00:00Z",
    "2017-00-01T00:00:00Z",
    "2017-03-32T00:00:00Z",
    "2017-03-22T24:00:00Z",
    "2017-03-22T09:60:00Z",
    "2017-03-22T09:00:60Z",
    "2017-03-22T09:00:61Z",
    "2016-12-31T23:59:61Z",
    "2016-12-31T23:59:60+08:00",
    "2017-03-22T09:00:00.Z",
    "2017-03-22T09:00:00,5Z",
    "2017-03-22T09:00:00.5",
    "2017-03-22T09:00:00ZZ",
    "2017-03-22T09:00:00Z+08:00",
    "2017-03-22T09:00:00UTC",
    "2017-03-22T09:00:00Z\n",
    " 2017-03-22T09:00:00Z",
    "２０１７-03-22T09:00:00Z",
    "2017-03-22T09:00:00[Asia/Shanghai]",
    "2017-03-22T09:00:00Z[Asia/Shanghai]",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "1490144400",
]
WRONG_DATES = [
    "",
    "2017-W12-3",
    "2017-W12",
    "2017W12-3",
    "2017-081",
    "20170322",
    "2017-3-22",
    "2017-03-22T00:00:00Z",
    "2017-03-22Z",
    "2017/03/22",
    "2017-02-29",
    "2017-13-01",
    "0000-01-01",
    "12017-3-22",
    "-017-03-22",
    "2017-03-22\n",
    " 2017-03-22",
    "２０１７-03-22",
    "2017-03-3²",
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_time_is_the_instant_it_writes(text: str) -> None:
    parsed = parse_datetime(text)
    assert parsed is not None
    assert parsed == RIGHT[text]
    assert parsed.utcoffset() == timedelta()


@pytest.mark.parametrize("text", WRONG)
def test_whatever_is_written_otherwise_is_no_time(text: str) -> None:
    assert parse_datetime(text) is None


@pytest.mark.parametrize("text", WRONG_DATES)
def test_whatever_is_written_otherwise_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates())
def test_every_date_is_read_as_it_is_written(day: date) -> None:
    assert parse_date(day.isoformat()) == day


@given(st.datetimes(timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))))
def test_every_time_is_read_as_it_is_written(instant: datetime) -> None:
    assume(date(1, 1, 2) < instant.date() < date(9999, 12, 30))
    assert parse_datetime(format_datetime(instant)) == instant
    assert parse_datetime(instant.isoformat().lower()) == instant


def test_an_offset_is_written_without_seconds() -> None:
    instant = datetime(1900, 6, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert instant.isoformat().endswith("+08:05:43")
    assert format_datetime(instant) == "1900-05-31T23:59:17+08:05"
    assert parse_datetime(format_datetime(instant)) == instant
