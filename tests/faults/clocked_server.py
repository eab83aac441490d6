"""`python -m tests.faults.clocked_server FILE serve`: `pingxuan` by a system clock that is off by the seconds in a file.

Whatever measures how long something takes stays as it is, as when the clock of a system is set. libfaketime 0.9.10, which would
do it from outside, makes `time.sleep` fail in Python 3.11.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import api.clock

FILE = Path(sys.argv.pop(1))


def false_clock() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(FILE.read_text()))


api.clock.system_clock = false_clock  # before anything imports it by its name

from api.cli import main  # noqa: E402

sys.argv[0] = "pingxuan"
main()
