"""What happens under a load? wrk gives it, /proc says what it cost, and every wrong answer makes the run invalid."""

import json
import os
import statistics
import subprocess
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from bench.processes import busy_seconds, cpu_seconds
from bench.servers import LOAD_CORE, ROOT, Server
from bench.voters import Voters
from bench.workloads import FEWEST, MOST, Workload

MILLION = 1_000_000
FIRST_WARM_UP = 2  # seconds more before a server's first run of a field, in which Node compiles what is asked often
SPREAD = ("per_second", "server_cpu", "database_cpu", "cpu", "p50", "p99")  # figures of which the extremes are told
Guard = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Plan:
    """How long each run takes, how often it is repeated, and who votes. seconds: 0 where each part takes its own time."""

    seconds: float
    warm_up: float
    repetitions: int
    voters: Voters

    def lasting(self, seconds: float) -> "Plan":
        """The plan of a part whose runs take so long, unless this one says how long."""
        return self if self.seconds else replace(self, seconds=seconds)


@dataclass(frozen=True)
class Sample:
    """One run. Times are in microseconds; CPU is per request, of the server and of the database it writes to.

    others: how many cores were busy with something else, on average. More than a few hundredths spoil the run.
    spread: of a median of several runs, the least and the most of each figure, and of all CPU together.
    """

    per_second: float
    server_cpu: float
    database_cpu: float
    p50: float
    p99: float
    requests: int
    bad: int
    others: float = 0.0
    example: str = ""
    spread: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def cpu(self) -> float:
        """What one request costs, wherever it is paid."""
        return self.server_cpu + self.database_cpu


def run(server: Server, workload: Workload, plan: Plan, core: str = LOAD_CORE) -> Sample:
    """Warm up, then measure. core: of the load."""
    if plan.warm_up:
        wrk(server, workload, plan, plan.warm_up + (workload.field not in server.warm) * FIRST_WARM_UP, core)
        server.warm.add(workload.field)
    before = cpu_used(server)
    report = wrk(server, workload, plan, plan.seconds, core)
    server_used, database_used, others = (now - then for now, then in zip(cpu_used(server), before, strict=True))
    done = report["requests"]
    if not done:
        raise RuntimeError(f"{server.name} answered nothing in {plan.seconds} s:\n{server.log()[-1500:]}")
    bad = report["bad"] + report["failed"]
    if bad:
        print(f"INVALID: {server.name}, {workload.key}: {bad} wrong answers, such as {report['example']}")
        print(server.log()[-1500:], flush=True)
    return Sample(
        per_second=done / report["microseconds"] * MILLION,
        server_cpu=server_used / done * MILLION,
        database_cpu=database_used / done * MILLION,
        p50=report["p50"],
        p99=report["p99"],
        requests=done,
        bad=bad,
        others=max(others, 0.0) / (report["microseconds"] / MILLION),
        example=report["example"],
    )


def wrk(server: Server, workload: Workload, plan: Plan, seconds: float, core: str) -> dict[str, Any]:
    """One run of the load generator."""
    return finish_wrk(server, workload, start_wrk(server, workload, plan.voters, seconds, core))


def start_wrk(
    server: Server, workload: Workload, voters: Voters, seconds: float, core: str = LOAD_CORE
) -> subprocess.Popen[str]:
    """Begin one run of the load generator."""
    if workload.casts:
        script = "bench/load/cast.lua"
        arguments = [voters.file, voters.width, server.used, voters.count, json.dumps(workload.document)]
    else:
        script, arguments = "bench/load/ask.lua", questions(workload)
    command = [
        "wrk",
        "-t1",
        f"-c{workload.connections}",
        f"-d{round(seconds)}s",
        "--timeout=30s",
        "-s",
        script,
        server.url,
        "--",
    ]
    return subprocess.Popen(
        ["taskset", "--cpu-list", core, *command, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",  # a wrong answer is shown cut off, maybe within a character
    )


def questions(workload: Workload) -> list[Any]:
    """What load/ask.lua is to ask."""
    return [FEWEST, MOST, *map(json.dumps, workload.documents)] if workload.documents else [workload.body]


def finish_wrk(server: Server, workload: Workload, process: subprocess.Popen[str]) -> dict[str, Any]:
    """The report of a run, when it is over; the voters it used have voted."""
    written, _ = process.communicate()
    lines = [line.removeprefix("REPORT ") for line in written.splitlines() if line.startswith("REPORT ")]
    if not lines:
        raise RuntimeError(f"wrk failed on {server.name}:\n{written}")
    report: dict[str, Any] = json.loads(lines[0])
    if workload.casts:
        server.used += report["sent"]
        server.acknowledged += report["requests"] - report["bad"]
    return report


def cpu_used(server: Server) -> tuple[float, float, float]:
    """CPU seconds of the server, of its database, and of everything that has no part in this run."""
    database = 0.0 if server.database_pid is None else cpu_seconds(server.database_pid)
    own, harness = cpu_seconds(server.pid), os.times()
    return own, database, busy_seconds() - own - database - sum(harness[:4])


def unguarded(name: str) -> AbstractContextManager[None]:
    """A guard that lets every failure through."""
    return nullcontext()


def alternate(servers: Sequence[Server], workload: Workload, plan: Plan, guard: Guard = unguarded) -> dict[str, Sample]:
    """Every server under the same load, in turn and again; the median run of each. Without those that failed each time."""
    samples: dict[str, list[Sample]] = {server.name: [] for server in servers}
    for _ in range(plan.repetitions):
        for server in servers:
            with guard(f"{workload.key}, {server.name}"):
                samples[server.name].append(run(server, workload, plan))
    return {name: median(runs) for name, runs in samples.items() if runs}


def median(runs: Sequence[Sample]) -> Sample:
    """Each figure's median and extremes. Wrong answers are summed, for one is enough; so is the most that others used."""

    def middle(name: str) -> float:
        return float(statistics.median(getattr(sample, name) for sample in runs))

    def extremes(name: str) -> tuple[float, float]:
        values = [getattr(sample, name) for sample in runs]
        return min(values), max(values)

    return Sample(
        per_second=middle("per_second"),
        server_cpu=middle("server_cpu"),
        database_cpu=middle("database_cpu"),
        p50=middle("p50"),
        p99=middle("p99"),
        requests=int(middle("requests")),
        bad=sum(sample.bad for sample in runs),
        others=max(sample.others for sample in runs),
        example=next((sample.example for sample in runs if sample.example), ""),
        spread={name: extremes(name) for name in SPREAD},
    )
