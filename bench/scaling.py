"""What do two server processes on one database bring, against one?

On two cores the load generator and PostgreSQL compete with both, so the wall time understates it. What a ballot costs the
processes tells how far they get in each other's way: had each a core of its own, the gain would be 2 x the ratio of the
costs.
"""

from dataclasses import asdict
from typing import Any

from bench.arena import FILLED, Arena
from bench.loading import Plan, median, run
from bench.servers import ours
from bench.workloads import CAST_SATURATED

BOTH_CORES = "0,1"
SECONDS = 3  # of each run


def compared(place: Arena, kind: str, plan: Plan) -> dict[str, Any]:
    """One and two processes, each on a database of this kind, in alternation: both, the gain as seen, and the gain by CPU."""
    plan = plan.lasting(SECONDS)
    database = place.postgres_database if kind == "postgres" else place.sqlite_database
    pid = place.postgres.postmaster if kind == "postgres" else None
    with (
        database(FILLED) as first,
        database(FILLED) as second,
        ours("one", first, pid) as single,
        ours("two", second, pid, BOTH_CORES, WORKERS="2") as pair,
    ):
        ones, twos = [], []
        for _ in range(plan.repetitions):
            ones.append(run(single, CAST_SATURATED, plan))
            twos.append(run(pair, CAST_SATURATED, plan, BOTH_CORES))
    one, two = median(ones), median(twos)
    return {
        "one": asdict(one),
        "two": asdict(two),
        "seen": two.per_second / one.per_second,
        "by_cpu": 2 * one.server_cpu / two.server_cpu,
    }
