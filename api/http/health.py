"""Liveness and readiness probes. Readiness is checked at most once a second, however often it is asked for."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.clock import Clock
from api.domain.errors import ApiError
from api.services.snapshots import Snapshots

MAX_SNAPSHOT_AGE = 5.0  # seconds that a snapshot may be old in a server that is ready
DATABASE_TIMEOUT = 2.0  # seconds in which the database of a ready server answers
VERDICT_TTL = 1.0  # seconds that a verdict is cached: probes are not rate limited, and each check costs a query

log = logging.getLogger("pingxuan")


async def healthz(request: Request) -> Response:
    """200 as long as the process answers at all."""
    return JSONResponse({"status": "ok"})


class Readiness:
    """Checks whether the server is ready: it does not stop, the database answers `query` in time, and the snapshot is fresh."""

    def __init__(self, query: Callable[[], Awaitable[object]], snapshots: Snapshots, clock: Clock) -> None:
        self._query = query
        self._snapshots = snapshots
        self._clock = clock
        self._lock = asyncio.Lock()
        self._verdict: dict[str, object] = {}
        self._expires_at = -math.inf
        self._is_stopping = False

    def begin_to_stop(self) -> None:
        """Be ready no more: the server goes on only for those who have not heard of it yet."""
        self._is_stopping = True

    async def answer(self, request: Request) -> Response:
        """200 when the server is ready, else 503, with the verdict as JSON."""
        if self._is_stopping:
            return JSONResponse({"status": "stopping"}, 503)
        loop = asyncio.get_running_loop()
        async with self._lock:
            if loop.time() >= self._expires_at:
                self._verdict = await self._check()
                self._expires_at = loop.time() + VERDICT_TTL
        return JSONResponse(self._verdict, 200 if self._verdict["status"] == "ready" else 503)

    async def _check(self) -> dict[str, object]:
        database_answers = await self._database_answers()
        if database_answers:
            with suppress(ApiError):  # there is no snapshot yet, and the age says so
                await self._snapshots.fresh(self._clock())
        age = self._snapshots.age(self._clock())
        return {
            "status": "ready" if database_answers and age < MAX_SNAPSHOT_AGE else "not ready",
            "database": "answers" if database_answers else "does not answer",
            "snapshotAge": None if math.isnan(age) else round(age, 3),
        }

    async def _database_answers(self) -> bool:
        try:
            await asyncio.wait_for(self._query(), DATABASE_TIMEOUT)
        except Exception:
            log.exception("the database does not answer")
            return False
        return True
