"""What do ten thousand, a million, ten million stored ballots change?"""

import asyncio
import os
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types

from bench.arena import Arena
from bench.checks import audit
from bench.loading import Plan, alternate, run
from bench.servers import Server, ours
from bench.workloads import CAST_SATURATED, RANKED_LIGHT

AUDITED = 1_000_000  # ballots
AUDITS = 3
SECONDS = 2  # of each run


def growth(place: Arena, sizes: Sequence[int], plan: Plan) -> list[dict[str, Any]]:
    """Per size the recount, the cost of a ballot and the latency of the results, all sizes in alternation, on PostgreSQL."""
    with ExitStack() as stack:
        servers, rows = [], []
        for size in sizes:
            start = time.perf_counter()
            url = stack.enter_context(place.postgres_database(size))
            rows.append({"ballots": size, "filling_seconds": time.perf_counter() - start})
            rows[-1]["audit_seconds"] = audit_seconds(url)
            servers.append(stack.enter_context(ours(f"{size} ballots", url, place.postgres.postmaster)))
        return with_samples(rows, servers, plan.lasting(SECONDS))


def audits(place: Arena, rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Median seconds to recount a million ballots, on each database: on PostgreSQL as growth measured it."""
    with place.sqlite_database(AUDITED) as sqlite:
        os.sync()  # so that nothing of the filling is still being written
        on_sqlite = audit_seconds(sqlite)
    return {"postgres": next(row["audit_seconds"] for row in rows if row["ballots"] == AUDITED), "sqlite": on_sqlite}


def audit_seconds(url: str) -> float:
    """How long the recount takes, the start of its process included: the median of some."""
    os.sync()
    durations = []
    for _ in range(AUDITS):
        start = time.perf_counter()
        audit(url)
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def with_samples(rows: list[dict[str, Any]], servers: list[Server], plan: Plan) -> list[dict[str, Any]]:
    """Each row with what was measured on its server."""
    for workload in (RANKED_LIGHT, CAST_SATURATED):
        samples = alternate(servers, workload, plan)
        for row, server in zip(rows, servers, strict=True):
            row[workload.key] = asdict(samples[server.name])
    for row, server in zip(rows, servers, strict=True):
        row["wal_bytes"] = wal_bytes(server, plan)
    return rows


def wal_bytes(server: Server, plan: Plan) -> float:
    """Bytes of log that PostgreSQL writes for one ballot right after a checkpoint, when every page is logged whole."""
    asyncio.run(wal_position(server.database_url, "checkpoint"))
    before = asyncio.run(wal_position(server.database_url))
    done = run(server, CAST_SATURATED, replace(plan, warm_up=0)).requests
    return (asyncio.run(wal_position(server.database_url)) - before) / done


async def wal_position(url: str, command: str = "select 1") -> int:
    """How many bytes the server has logged since it was made, once a command is done."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(command)
        return int(await connection.fetchval("select pg_current_wal_lsn() - '0/0'::pg_lsn"))
    finally:
        await connection.close()
