"""Clocks: functions that return the current time. The system's, and one that starts at a given instant."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The system's time, in UTC."""
    return datetime.now(UTC)


def clock_from(start: datetime) -> Clock:
    """A clock that shows `start` now and runs on from there, unmoved by changes of the system's clock."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)
