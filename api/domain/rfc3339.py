"""Dates and times as section 5.6 of RFC 3339 writes them, and nothing else that Python or ISO 8601 would take."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(
    r"(?P<minute>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<hours>[01][0-9]|2[0-3]):(?P<minutes>[0-5][0-9]))"
)
LEAP_SECONDS = {
    (6, 30, 23, 59),
    (12, 31, 23, 59),
}  # the minutes in UTC, by month, day, hour and minute, that may have one
ONE_MINUTE = timedelta(minutes=1)


def parse_date(text: str) -> date | None:
    """Return the date that full-date writes, `YYYY-MM-DD`; None for any other text."""
    try:
        return date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:
        return None  # the calendar has no such day


def parse_datetime(text: str) -> datetime | None:
    """Return the instant that date-time writes, in UTC and to the microsecond; None for any other text.

    A leap second, which may be at the end of June or December in UTC, is the second after it. Years begin with 1.
    """
    match = DATE_TIME.fullmatch(text)
    if match is None:
        return None
    offset = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
    try:
        local = datetime.fromisoformat(match["minute"].upper()).replace(tzinfo=UTC)
        minute = local + offset if match["sign"] == "-" else local - offset
        instant = minute + timedelta(seconds=int(match["second"]))
    except (ValueError, OverflowError):
        return None  # no calendar and clock show it, or none that Python has
    is_leap = match["second"] == "60" and (minute.month, minute.day, minute.hour, minute.minute) in LEAP_SECONDS
    if instant - minute >= ONE_MINUTE and not is_leap:
        return None
    return instant.replace(microsecond=int((match["fraction"] or "").ljust(6, "0")[:6]))


def format_datetime(instant: datetime) -> str:
    """Write an aware datetime. Offsets have no seconds there: those that zones had before 1901 lose them, not the instant."""
    text = instant.isoformat()
    if text[-6] in "+-":  # the offset's sign: it has no seconds
        return text
    offset = instant.utcoffset() or timedelta()
    return instant.astimezone(timezone(offset - offset % ONE_MINUTE)).isoformat()
