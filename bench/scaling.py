"""What do two server processes on one database bring, against one?

On two cores the load generator and PostgreSQL compete with both, so the wall time understates it. What a ballot costs the
processes tells how far they get in each other's way: had each a core of its own, the gain would be 2 x the ratio of the
costs.
"""

from contextlib import ExitStack
from dataclasses import asdict, replace
from typing import Any

from api.settings import SETTINGS
from bench.arena import FILLED, Arena
from bench.loading import MILLION, Plan, Sample, cpu_used, finish_wrk, median, run, start_wrk
from bench.servers import Server, ours
from bench.workloads import CAST_SATURATED

BOTH_CORES = "0,1"
HALF = replace(CAST_SATURATED, connections=CAST_SATURATED.connections // 2)


def scaling(place: Arena, plan: Plan) -> dict[str, dict[str, Any]]:
    """Per database one process, two, the gain as seen, and the gain by CPU."""
    return {kind: compared(place, kind, plan) for kind in ("postgres", "sqlite")}


def compared(place: Arena, kind: str, plan: Plan) -> dict[str, Any]:
    """One database: one and two processes on it, in alternation."""
    with ExitStack() as stack:
        database = place.postgres_database if kind == "postgres" else place.sqlite_database
        pid = place.postgres_pid if kind == "postgres" else None
        single = stack.enter_context(ours("one", stack.enter_context(database(FILLED)), pid))
        pair = started_pair(stack, stack.enter_context(database(FILLED)), pid)
        ones, twos = [], []
        for _ in range(plan.repetitions):
            ones.append(run(single, CAST_SATURATED, plan))
            twos.append(run_together(pair, plan))
    one, two = median(ones), median(twos)
    return {
        "one": asdict(one),
        "two": asdict(two),
        "seen": two.per_second / one.per_second,
        "by_cpu": 2 * one.server_cpu / two.server_cpu,
        "started_by": "PINGXUAN_WORKERS=2" if len(pair) == 1 else "two servers on two ports",
    }


def started_pair(stack: ExitStack, url: str, pid: int | None) -> list[Server]:
    """Two processes: of one server where it can start several, else two servers with a port each."""
    if any(setting.name == "WORKERS" for setting in SETTINGS):
        return [stack.enter_context(ours("two", url, pid, BOTH_CORES, WORKERS="2"))]
    return [stack.enter_context(ours(f"two, {core}", url, pid, core)) for core in ("0", "1")]


def run_together(servers: list[Server], plan: Plan) -> Sample:
    """Warm up and measure all servers at once, each with its share of the connections and of the voters."""
    if plan.warm_up:
        load_all(servers, plan, plan.warm_up)
    before = [cpu_used(server) for server in servers]
    reports = load_all(servers, plan, plan.seconds)
    after = [cpu_used(server) for server in servers]
    done = sum(report["requests"] for report in reports)
    server_cpu = sum(now[0] - then[0] for now, then in zip(after, before, strict=True))
    return Sample(
        per_second=sum(report["requests"] / report["microseconds"] for report in reports) * MILLION,
        server_cpu=server_cpu / max(done, 1) * MILLION,
        database_cpu=(after[0][1] - before[0][1]) / max(done, 1) * MILLION,  # they share the database
        p50=max(report["p50"] for report in reports),
        p99=max(report["p99"] for report in reports),
        requests=done,
        bad=sum(report["bad"] + report["failed"] for report in reports),
        example=next((report["example"] for report in reports if report["example"]), ""),
    )


def load_all(servers: list[Server], plan: Plan, seconds: float) -> list[dict[str, Any]]:
    """One load generator a server, at once. Servers on one database take voters from different ends of the file."""
    workload = CAST_SATURATED if len(servers) == 1 else HALF
    for place, server in enumerate(servers):
        server.used = max(server.used, place * plan.voters.count // len(servers))
    processes = [start_wrk(server, workload, plan.voters, seconds, BOTH_CORES) for server in servers]
    return [finish_wrk(server, workload, process) for server, process in zip(servers, processes, strict=True)]
