"""Is a server whose clock is not the database's found out, and is its operator told once?"""

import asyncio
import logging
import math
import time
from functools import partial
from itertools import chain, repeat

import pytest

from api.storage.database.clock_offset import DATABASE_TIME, ClockOffset
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect

AHEAD = 3_600.0  # seconds: more than any busy machine takes to answer


async def test_a_clock_that_is_ahead_or_behind_is_told_from_the_databases_and_warned_of_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    if database.dialect is Dialect.SQLITE:
        offset = ClockOffset(database)
        await asyncio.wait_for(offset.keep_comparing(), 60)  # there is nothing to keep comparing
        assert math.isnan(offset.seconds)
        return
    for ahead in (AHEAD, -AHEAD):
        caplog.clear()
        offset = ClockOffset(
            database, partial(float, time.time() + ahead)
        )  # it stands still, so no question takes long
        for _ in range(2):
            await offset.compare()
            assert offset.seconds == pytest.approx(ahead, abs=AHEAD / 2)
        [told] = caplog.records
        assert told.levelno == logging.WARNING


async def test_a_question_that_took_long_says_nothing_of_the_clock(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    if database.dialect is Dialect.SQLITE:
        pytest.skip("with a file there is nothing to compare")
    late = chain([time.time()], repeat(time.time() + 5))
    offset = ClockOffset(database, partial(next, late))
    await offset.compare()
    assert math.isnan(offset.seconds)
    assert not caplog.records


async def test_a_comparison_that_fails_is_logged_and_says_nothing_of_the_clock(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.dialect is Dialect.SQLITE:
        pytest.skip("with a file there is nothing to compare")
    offset = ClockOffset(database, partial(float, time.time() + AHEAD))
    await offset.compare()
    assert not math.isnan(offset.seconds)
    monkeypatch.setattr("api.storage.database.clock_offset.DATABASE_TIME", f"{DATABASE_TIME} from nowhere")
    failed = asyncio.Event()
    monkeypatch.setattr(logging.getLogger("pingxuan.clock"), "exception", lambda *_: failed.set())
    comparing = asyncio.create_task(offset.keep_comparing())
    await asyncio.wait_for(failed.wait(), 60)
    assert math.isnan(offset.seconds)
    comparing.cancel()
    await asyncio.wait([comparing])
