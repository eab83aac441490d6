"""What time it is: the system's, or a demonstration's that starts at a given instant and ticks."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def clock_from(start: datetime) -> Clock:
    """A clock that shows `start` at this moment and runs on from there, whatever happens to the system's."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)
