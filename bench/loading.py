"""What happens under a load? wrk gives it, /proc says what it cost, and every wrong answer makes the run invalid."""

import json
import os
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.processes import busy_seconds, cpu_seconds
from bench.servers import LOAD_CORE, ROOT, Server
from bench.voters import Voters
from bench.workloads import Workload

MILLION = 1_000_000


@dataclass(frozen=True)
class Plan:
    """How long each run takes, how often it is repeated, and who votes."""

    seconds: float
    warm_up: float
    repetitions: int
    voters: Voters


@dataclass(frozen=True)
class Sample:
    """One run. Times are in microseconds; CPU is per request, of the server and of the database it writes to.

    others: how many cores were busy with something else, on average. More than a few hundredths spoil the run.
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

    @property
    def cpu(self) -> float:
        """What one request costs, wherever it is paid."""
        return self.server_cpu + self.database_cpu


def run(server: Server, workload: Workload, plan: Plan) -> Sample:
    """Warm up, then measure."""
    if plan.warm_up:
        wrk(server, workload, plan, plan.warm_up)
    before = cpu_used(server)
    report = wrk(server, workload, plan, plan.seconds)
    server_used, database_used, others = (now - then for now, then in zip(cpu_used(server), before, strict=True))
    done = report["requests"]
    bad = report["bad"] + report["failed"]
    if bad:
        print(f"INVALID: {server.name}, {workload.key}: {bad} wrong answers, such as {report['example']}")
        print(server.log()[-1500:], flush=True)
    return Sample(
        per_second=done / report["microseconds"] * MILLION,
        server_cpu=server_used / max(done, 1) * MILLION,
        database_cpu=database_used / max(done, 1) * MILLION,
        p50=report["p50"],
        p99=report["p99"],
        requests=done,
        bad=bad,
        others=max(others, 0.0) / (report["microseconds"] / MILLION),
        example=report["example"],
    )


def wrk(server: Server, workload: Workload, plan: Plan, seconds: float) -> dict[str, Any]:
    """One run of the load generator."""
    return finish_wrk(server, workload, start_wrk(server, workload, plan.voters, seconds))


def start_wrk(
    server: Server, workload: Workload, voters: Voters, seconds: float, core: str = LOAD_CORE
) -> subprocess.Popen[str]:
    """Begin one run of the load generator."""
    if workload.casts:
        script = "bench/load/cast.lua"
        arguments = [voters.file, voters.width, server.used, voters.count, json.dumps(workload.document)]
    else:
        script, arguments = "bench/load/ask.lua", [workload.body, "varied" if workload.varied else "same"]
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


def alternate(servers: Sequence[Server], workload: Workload, plan: Plan) -> dict[str, Sample]:
    """Every server under the same load, in turn and again; the median run of each, by requests a second."""
    samples: dict[str, list[Sample]] = {server.name: [] for server in servers}
    for _ in range(plan.repetitions):
        for server in servers:
            samples[server.name].append(run(server, workload, plan))
    return {name: median(runs) for name, runs in samples.items()}


def median(runs: Sequence[Sample]) -> Sample:
    """Each figure's median; wrong answers are summed, for one is enough."""
    columns = {key: [asdict(sample)[key] for sample in runs] for key in asdict(runs[0])}
    middle = {key: statistics.median(values) for key, values in columns.items() if key not in ("bad", "example")}
    example = next(filter(None, columns["example"]), "")
    return Sample(**{**middle, "requests": int(middle["requests"]), "bad": sum(columns["bad"]), "example": example})
