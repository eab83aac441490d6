"""Does a sandbox's clock stand, move and tick as told, and stay among the dates there are?"""

import time
from datetime import UTC, datetime, timedelta

import pytest

from api.domain.errors import ApiError
from api.sandbox.clock import EARLIEST, LATEST, ManualClock

START = datetime.fromisoformat("2017-03-22T09:00:00+08:00")
LATER = datetime.fromisoformat("2017-03-23T00:00:00+08:00")


def test_it_stands_still_and_shows_utc() -> None:
    clock = ManualClock(START)
    assert {clock() for _ in range(1000)} == {START}
    assert clock().tzinfo is UTC
    assert not clock.ticking


def test_it_shows_what_it_is_set_to_and_moves_both_ways() -> None:
    clock = ManualClock(START)
    clock.set(LATER)
    assert clock() == LATER
    clock.move(-0.5)
    assert clock() == LATER - timedelta(seconds=0.5)
    clock.move(1)
    assert clock() == LATER + timedelta(seconds=0.5)


def test_it_ticks_from_what_it_shows_and_stands_where_it_is_stopped() -> None:
    clock = ManualClock(START)
    clock.move(60)
    clock.tick(on=True)
    time.sleep(0.01)
    assert clock() >= START + timedelta(seconds=60.01)
    clock.set(LATER)
    assert clock.ticking
    assert clock() >= LATER
    clock.tick(on=False)
    assert clock() == clock() > LATER


@pytest.mark.parametrize("ticking", [True, False])
def test_a_reset_brings_back_the_start_and_whether_it_ticked(ticking: bool) -> None:
    clock = ManualClock(START, ticking=ticking)
    clock.set(EARLIEST)
    clock.tick(on=not ticking)
    clock.reset()
    assert clock.ticking is ticking
    assert START <= clock() < START + timedelta(minutes=1)


@pytest.mark.parametrize("seconds", [1e300, -1e300, 10**400, 1e12, -1e12, float("nan")])
def test_it_is_not_moved_out_of_reach(seconds: float) -> None:
    clock = ManualClock(START)
    with pytest.raises(ApiError, match="between the years 1900 and 9000"):
        clock.move(seconds)
    assert clock() == START


@pytest.mark.parametrize("at", [EARLIEST - timedelta(seconds=1), LATEST + timedelta(seconds=1)])
def test_it_is_not_set_out_of_reach(at: datetime) -> None:
    clock = ManualClock(START)
    with pytest.raises(ApiError):
        clock.set(at)
    assert clock() == START
    with pytest.raises(ApiError):
        ManualClock(at)
