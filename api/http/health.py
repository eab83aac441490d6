"""Does the process live, and can it do its work? What is asked often is looked at once a second, whoever asks."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.clock import Clock
from api.services.snapshots import Snapshots

MAX_SNAPSHOT_AGE = 5.0  # seconds that a snapshot may be old in a server that is ready
DATABASE_TIMEOUT = 2.0  # seconds in which the database of a ready server answers
VERDICT_TTL = (
    1.0  # seconds that a verdict is given again: nobody's requests are counted here, and each look costs a query
)

log = logging.getLogger("pingxuan")


async def healthz(request: Request) -> Response:
    """Whether the process answers at all."""
    return JSONResponse({"status": "ok"})


class Readiness:
    """Whether it can do its work: the database answers in time, and the snapshot is fresh. ask sends it a query."""

    def __init__(self, ask: Callable[[], Awaitable[object]], snapshots: Snapshots, clock: Clock) -> None:
        self._ask = ask
        self._snapshots = snapshots
        self._clock = clock
        self._looking = asyncio.Lock()
        self._verdict: dict[str, object] = {}
        self._kept_until = -math.inf

    async def answer(self, request: Request) -> Response:
        """The verdict, with a status that says the same."""
        loop = asyncio.get_running_loop()
        async with self._looking:
            if loop.time() >= self._kept_until:
                self._verdict = await self._look()
                self._kept_until = loop.time() + VERDICT_TTL
        return JSONResponse(self._verdict, 200 if self._verdict["status"] == "ready" else 503)

    async def _look(self) -> dict[str, object]:
        answers = await self._database_answers()
        if answers:
            await self._snapshots.fresh(self._clock())
        age = self._snapshots.age(self._clock())
        return {
            "status": "ready" if answers and age < MAX_SNAPSHOT_AGE else "not ready",
            "database": "answers" if answers else "does not answer",
            "snapshotAge": None if math.isnan(age) else round(age, 3),
        }

    async def _database_answers(self) -> bool:
        try:
            await asyncio.wait_for(self._ask(), DATABASE_TIMEOUT)
        except Exception:
            log.exception("the database does not answer")
            return False
        return True
