"""What time it is in a sandbox: what a test says. It stands still there, or runs on, as told."""

import time
from datetime import UTC, datetime, timedelta

from api.domain.errors import ApiError, bad_input

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)  # far enough from the end of dates for everything that lies ahead of now


class ManualClock:
    """Shows `start` until it is set or moved; while it ticks, it runs on by itself. Raises ApiError BAD_INPUT out of reach."""

    def __init__(self, start: datetime, *, ticking: bool = False) -> None:
        self._start = _reachable(start)
        self._ticks_at_first = ticking
        self.reset()

    def __call__(self) -> datetime:
        """Now, in UTC."""
        if self._running_since is None:
            return self._set_to
        return self._set_to + timedelta(seconds=time.monotonic() - self._running_since)

    @property
    def ticking(self) -> bool:
        """Whether it runs on by itself."""
        return self._running_since is not None

    def set(self, at: datetime) -> None:
        """Show this instant now. Raises ApiError BAD_INPUT where it is out of reach."""
        self._show(_reachable(at), ticking=self.ticking)

    def move(self, seconds: float) -> None:
        """Show an instant so much later, or earlier. Raises ApiError BAD_INPUT where it is out of reach."""
        try:
            later = self() + timedelta(seconds=seconds)
        except (OverflowError, ValueError):
            raise _out_of_reach() from None
        self.set(later)

    def tick(self, *, on: bool) -> None:
        """Run on from what it shows, or stand still there."""
        self._show(self(), ticking=on)

    def reset(self) -> None:
        """Be as it was at first."""
        self._show(self._start, ticking=self._ticks_at_first)

    def _show(self, at: datetime, *, ticking: bool) -> None:
        self._set_to = at.astimezone(UTC)
        self._running_since = time.monotonic() if ticking else None


def _reachable(at: datetime) -> datetime:
    if EARLIEST <= at <= LATEST:
        return at
    raise _out_of_reach()


def _out_of_reach() -> ApiError:
    first, last = EARLIEST.year, LATEST.year
    return bad_input(f"时钟须在{first}年至{last}年之间。", f"The clock stays between the years {first} and {last}.")
