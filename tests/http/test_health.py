"""However often a server is asked whether it is ready, does its database notice no more than now and then?"""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.http import health
from api.http.health import Readiness

NOON = datetime(2017, 3, 22, 12, tzinfo=UTC)


class Fresh:
    """Snapshots that are always young."""

    async def fresh(self, now: datetime) -> None:
        """It is."""

    def age(self, now: datetime) -> float:
        return 0.5


class Asked:
    """A database that counts what it is asked, and answers as long as it is well."""

    def __init__(self) -> None:
        self.times = 0
        self.well = True

    async def __call__(self) -> None:
        self.times += 1
        await asyncio.sleep(0)
        if not self.well:
            raise ConnectionError


async def verdict(readiness: Readiness) -> tuple[int, Any]:
    """The status and the word for it."""
    response = await readiness.answer(None)  # type: ignore[arg-type]
    return response.status_code, json.loads(bytes(response.body))["status"]


async def test_a_crowd_that_asks_at_once_costs_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "VERDICT_TTL", 1e9)
    asked = Asked()
    readiness = Readiness(asked, Fresh(), lambda: NOON)  # type: ignore[arg-type]
    assert set(await asyncio.gather(*(verdict(readiness) for _ in range(100)))) == {(200, "ready")}
    assert asked.times == 1


async def test_a_verdict_is_looked_at_again_once_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "VERDICT_TTL", 0)
    asked = Asked()
    readiness = Readiness(asked, Fresh(), lambda: NOON)  # type: ignore[arg-type]
    assert await verdict(readiness) == (200, "ready")
    asked.well = False
    assert await verdict(readiness) == (503, "not ready")
    asked.well = True
    assert await verdict(readiness) == (200, "ready")
