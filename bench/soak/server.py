"""`python -m bench.soak.server BEGUN SPEED serve`: `pingxuan` by a clock that runs faster, so that ten days pass.

BEGUN is the reading of the monotonic clock, which all processes of a machine share, at which the selection opened; SPEED says
how many seconds pass in one.
"""

import sys
import time
from datetime import datetime, timedelta

import api.clock

OPENING = datetime.fromisoformat("2017-03-22T00:00:00+08:00")
BEGUN, SPEED = float(sys.argv.pop(1)), float(sys.argv.pop(1))
HOURS = timedelta(hours=227.9)  # then it stands still, so that nobody who is late finds the vote closed


def fast_clock() -> datetime:
    return OPENING + min(HOURS, SPEED * timedelta(seconds=time.monotonic() - BEGUN))


api.clock.system_clock = fast_clock  # before anything imports it by its name

from api.cli import main  # noqa: E402

sys.argv[0] = "pingxuan"
main()
