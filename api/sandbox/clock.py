"""The clock of a sandbox, which tests set and move. It stands still unless it is told to tick."""

import time
from datetime import UTC, datetime, timedelta

from api.domain.errors import ApiError, bad_input
from api.domain.texts import Text

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)  # far enough from datetime.max for every time that is computed from now


class ManualClock:
    """Shows `start` until it is set or moved. Raises ApiError BAD_INPUT for a time outside of EARLIEST and LATEST."""

    def __init__(self, start: datetime, *, ticking: bool = False) -> None:
        self._start = _check_range(start)
        self._initially_ticking = ticking
        self.reset()

    def __call__(self) -> datetime:
        """Now, in UTC."""
        if self._ticking_since is None:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._ticking_since)

    @property
    def ticking(self) -> bool:
        """Whether it moves with real time."""
        return self._ticking_since is not None

    def set(self, at: datetime) -> None:
        """Show this instant now. Raises ApiError BAD_INPUT when it is out of range."""
        self._show(_check_range(at), ticking=self.ticking)

    def move(self, seconds: float) -> None:
        """Move forward, or back if negative. Raises ApiError BAD_INPUT when that is out of range."""
        try:
            at = self() + timedelta(seconds=seconds)
        except (OverflowError, ValueError):
            raise _out_of_range() from None
        self.set(at)

    def tick(self, *, on: bool) -> None:
        """Tick on from the present time, or stand still."""
        self._show(self(), ticking=on)

    def reset(self) -> None:
        """Return to the start, ticking or not as at first."""
        self._show(self._start, ticking=self._initially_ticking)

    def _show(self, at: datetime, *, ticking: bool) -> None:
        self._base = at.astimezone(UTC)
        self._ticking_since = time.monotonic() if ticking else None


def _check_range(at: datetime) -> datetime:
    if EARLIEST <= at <= LATEST:
        return at
    raise _out_of_range()


def _out_of_range() -> ApiError:
    first, last = EARLIEST.year, LATEST.year
    return bad_input(
        Text(
            "时钟须在{first}年至{last}年之间。",
            "The clock stays between the years {first} and {last}.",
            first=first,
            last=last,
        )
    )
