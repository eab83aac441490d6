"""`python -m bench.soak.server BEGUN DAY serve`: `pingxuan` by a clock that jumps, so that ten days pass in two hours.

BEGUN is the reading of the monotonic clock, which all processes of a machine share, at which the selection opened; DAY says how
many seconds a day takes. A clock that runs fast would not do: a session may be checked for five seconds by what is known.
"""

import sys
import time
from datetime import datetime, timedelta

import api.clock

OPENING = datetime.fromisoformat("2017-03-22T00:00:00+08:00")
LAST = 9  # the day, counted from 0, on whose noon voting ends
BEGUN, DAY = float(sys.argv.pop(1)), float(sys.argv.pop(1))


def jumping_clock() -> datetime:
    """It runs as a true clock does, from just before each midnight to soon after it, and jumps to just before the next one."""
    passed = time.monotonic() - BEGUN
    day = min(LAST, int(passed / DAY + 5 / 6))  # it jumps at four in the morning, by the load
    return OPENING + timedelta(days=day, seconds=passed - day * DAY)


api.clock.system_clock = jumping_clock  # before anything imports it by its name

from api.cli import main  # noqa: E402

sys.argv[0] = "pingxuan"
main()
