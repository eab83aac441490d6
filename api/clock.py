"""Clocks: functions that return the current time. The system's, and one that starts at a given instant."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The system's time, in UTC."""
    return datetime.now(UTC)


def clock_from(start: datetime, began: float | None = None) -> Clock:
    """A clock that showed `start` at `began`, left out now, and runs on from there, unmoved by changes of the system's clock.

    began: a reading of time.monotonic, which all processes of a machine share until it is started anew.
    """
    since = time.monotonic() if began is None else began
    return lambda: start + timedelta(seconds=time.monotonic() - since)
