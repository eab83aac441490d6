"""How soon does everybody who watches hear of a ballot, and how soon is a ballot acknowledged while they are told?"""

import asyncio
import json
import multiprocessing
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bench.processes import busy_seconds, cpu_seconds
from bench.servers import SLUG, Server
from bench.watching import Watcher

CAST = "mutation($ids: [ID!]!) { castBallot(input: {projectIds: $ids}) { ballot { id } } }"
BALLOT = json.dumps({"query": CAST, "variables": {"ids": [f"project/{SLUG}/{number}" for number in range(1, 13)]}})
PATIENCE = 2.5  # seconds after a ballot within which an update has to come to be counted
INTERVAL = 0.02  # seconds between two of the ballots that are cast while a ballot is being told of


def cast(server: Server, token: str) -> float:
    """Cast one ballot; the seconds until it was acknowledged."""
    start = time.perf_counter()
    answer = json.loads(server.post(BALLOT, token))
    if answer["data"]["castBallot"]["ballot"] is None:
        raise RuntimeError(f"the ballot was refused: {answer}")
    return time.perf_counter() - start


def cast_all(server: Server, tokens: Sequence[str]) -> list[float]:
    """Cast one ballot after the other at a steady rate; the seconds that each took."""
    took, due = [], time.perf_counter()
    for token in tokens:
        time.sleep(max(0.0, due - time.perf_counter()))
        took.append(cast(server, token))
        due += INTERVAL
    return took


class Voting:
    """Ballots, cast one by one, and how soon everybody heard of each. More of them come from a process of their own."""

    def __init__(self, server: Server, tokens: list[str]) -> None:
        self._server = Server(server.name, server.pid, server.port)  # without what another process cannot be given
        self._tokens = tokens
        self._others = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    async def cast(self) -> None:
        """One ballot, acknowledged."""
        await asyncio.to_thread(cast, self._server, self._tokens.pop())

    async def round(self, watching: Sequence[Watcher], ballots: int, meanwhile: int = 0) -> dict[str, Any]:
        """So many ballots; seconds from the moment before each was sent until each client had the update.

        meanwhile: ballots that are cast right after each.
        """
        waits: list[float] = []
        took: list[float] = []
        missed, used, busy = 0, cpu_seconds(self._server.pid), busy_seconds()
        told, began = sum(len(watcher.arrived) for watcher in watching), time.perf_counter()
        for _ in range(ballots):
            start, known = time.perf_counter(), [len(watcher.arrived) for watcher in watching]
            await self.cast()
            took += await self._cast_meanwhile(meanwhile)
            await asyncio.sleep(PATIENCE)
            news = [w.arrived[n] - start for w, n in zip(watching, known, strict=True) if len(w.arrived) > n]
            waits += news
            missed += len(watching) - len(news)
        cpu, lasted = cpu_seconds(self._server.pid) - used, time.perf_counter() - began
        updates = sum(len(watcher.arrived) for watcher in watching) - told
        return {
            **seconds(waits),
            "missed": missed,
            "cpu_microseconds_an_update": round(cpu / updates * 1e6, 1),
            "others_cores": round((busy_seconds() - busy - cpu) / lasted, 2),
            **({"ballots": {"cast": len(took), **seconds(took)}} if took else {}),
        }

    async def _cast_meanwhile(self, count: int) -> list[float]:
        if not count:
            return []
        tokens = [self._tokens.pop() for _ in range(count)]
        return await asyncio.get_running_loop().run_in_executor(self._others, cast_all, self._server, tokens)


def seconds(found: Sequence[float]) -> dict[str, float]:
    """The usual figures."""
    return {
        "median_seconds": round(statistics.median(found), 3),
        "p99_seconds": round(statistics.quantiles(found, n=100)[98], 3),
        "slowest_seconds": round(max(found), 3),
    }
