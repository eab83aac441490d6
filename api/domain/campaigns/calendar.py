"""The voting days of a campaign in its own time zone and the hours of its clocks, and those that an instant belongs to.

A voting day is a day of an IANA zone. It begins at the first instant that carries its date and ends where the next one
begins, so days never overlap: a clock set back across midnight does not bring yesterday back, and a date that the zone
skipped is no day. The first and the last day are cut short by the voting window. An hour is one of the zone's clocks: one that
they show twice is two hours, and a change within an hour cuts it short.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

ONE_DAY, ONE_HOUR, ONE_MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Window:
    """When ballots are accepted: opens_at <= t < closes_at, both aware datetimes."""

    opens_at: datetime
    closes_at: datetime

    def contains(self, instant: datetime) -> bool:
        """Return whether a ballot may be cast at this instant."""
        moment = instant.astimezone(UTC)
        return self.opens_at.astimezone(UTC) <= moment < self.closes_at.astimezone(UTC)


@dataclass(frozen=True)
class Calendar:
    """The voting days of a window in a zone."""

    zone: ZoneInfo
    window: Window

    def local(self, instant: datetime) -> datetime:
        """Convert an instant to the zone."""
        return instant.astimezone(self.zone)

    def start_of(self, day: date) -> datetime:
        """Return the first instant that carries this date; for a date that the zone skipped, the start of the next."""
        return self.local(self._start(day))

    def day_of(self, instant: datetime) -> date:
        """Return the day that holds this instant: the latest one that has begun."""
        moment = instant.astimezone(UTC)
        begun = bisect_right(self._starts, moment)
        return self.days[begun - 1] if begun and moment < self.closes_at else self._day_of(moment)

    def _day_of(self, moment: datetime) -> date:
        day = self.local(moment).date()
        while self._start(day + ONE_DAY) <= moment:
            day += ONE_DAY
        return day

    def next_day(self, day: date) -> date:
        """Return the next date that the zone did not skip."""
        following = day + ONE_DAY
        while self._start(following) == self._start(following + ONE_DAY):
            following += ONE_DAY
        return following

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every voting day, in order. The window may cut the first and the last one short."""
        days = [self._day_of(self.opens_at)]
        while self._start(self.next_day(days[-1])) < self.closes_at:
            days.append(self.next_day(days[-1]))
        return tuple(days)

    def each_day_at(self, at: time) -> tuple[datetime, ...]:
        """Return this time of every voting day, in UTC, where it lies between the opening and the close."""
        moments = (datetime.combine(day, at, self.zone).astimezone(UTC) for day in self.days)
        return tuple(moment for moment in moments if self.opens_at < moment < self.closes_at)

    @cached_property
    def _starts(self) -> tuple[datetime, ...]:
        """The start of each voting day, in UTC."""
        return tuple(map(self._start, self.days))

    @cached_property
    def opens_at(self) -> datetime:
        """When voting opens, in UTC, in which instants are compared rightly and fastest."""
        return self.window.opens_at.astimezone(UTC)

    @cached_property
    def closes_at(self) -> datetime:
        """When voting closes, in UTC."""
        return self.window.closes_at.astimezone(UTC)

    def days_begun(self, now: datetime) -> tuple[date, ...]:
        """Return the voting days that have begun by now; none before voting opens."""
        moment = now.astimezone(UTC)
        if moment < self.opens_at:
            return ()
        return self.days[: bisect_right(self._starts, moment)]

    def next_day_begins(self, now: datetime) -> datetime | None:
        """Return when the voting day after this one begins; None when voting will have closed by then."""
        start = self._start(self.next_day(self.day_of(now)))
        return self.local(start) if start < self.closes_at else None

    def hour_of(self, instant: datetime) -> str:
        """Name the hour that holds this instant, such as `2017-03-22T09+0800`."""
        return f"{self.local(instant):%Y-%m-%dT%H%z}"

    @cached_property
    def hours(self) -> tuple[str, ...]:
        """Every hour of the window, in order. The window may cut the first and the last one short."""
        hours, moment = [], self.opens_at
        while moment < self.closes_at:
            hours.append(self.hour_of(moment))
            moment = self._next_hour(moment)
        return tuple(hours)

    def next_hour_begins(self, now: datetime) -> datetime | None:
        """Return when the hour after this one begins; None when voting will have closed by then."""
        start = self._next_hour(now.astimezone(UTC))
        return self.local(start) if start < self.closes_at else None

    def _next_hour(self, moment: datetime) -> datetime:
        """Return when another hour begins than that of this moment, both in UTC. Clocks change at whole minutes."""
        hour, local = self.hour_of(moment), self.local(moment)
        end = moment + ONE_HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        if self.hour_of(end - ONE_MINUTE) == hour:
            return end
        minutes = (end - minute * ONE_MINUTE for minute in range(60, 0, -1))
        return next(minute for minute in minutes if minute > moment and self.hour_of(minute) != hour)

    def _start(self, day: date) -> datetime:
        """Return start_of in UTC: Python compares instants of one zone by wall clock, which is wrong when one is set back."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
