"""Results of a benchmark that nobody has run, made up for tests."""

from copy import deepcopy
from dataclasses import asdict
from typing import Any

from bench.goals import judged
from bench.loading import Sample, median


def sample(per_second: float, server_cpu: float = 100.0, database_cpu: float = 20.0, **more: Any) -> Sample:
    """One run."""
    figures = {"p50": 2_000.0, "p99": 9_000.0, "requests": 1_000, "bad": 0} | more
    return Sample(per_second, server_cpu, database_cpu, **figures)


def medians(**speeds: float) -> dict[str, dict[str, Any]]:
    """A workload's contestants by their requests a second, each run three times."""
    return {
        name: asdict(median([sample(0.9 * speed), sample(speed), sample(1.2 * speed)]))
        for name, speed in speeds.items()
    }


def results() -> dict[str, Any]:
    """A whole run, but for the parts that run apart."""
    everybody = medians(postgres=8_000, sqlite=9_000, reference=2_000, mercurius=4_000, yoga=3_000, do_nothing=20_000)
    ranked = medians(postgres=21_000, mercurius=4_000, yoga=2_000, fixed=30_000)
    seconds = {"filling_seconds": 1.0, "audit_seconds": 2.0}
    grown = {"cast": everybody["postgres"], "results_light": ranked["postgres"], "wal_bytes": 550.4, **seconds}
    pair = {"one": everybody["postgres"], "two": everybody["sqlite"], "seen": 1.5, "by_cpu": 1.9}
    made = {
        "environment": {"told": ["2017-03-22: 2 cores.", "Python, PostgreSQL."]},
        "workloads": {
            "cast": everybody,
            "cast_light": deepcopy(everybody),
            "list": ranked,
            "results": deepcopy(ranked),
            "results_varied": deepcopy(ranked),
        },
        "scaling": {"postgres": pair, "sqlite": pair},
        "growth": [{"ballots": 10_000, **grown}, {"ballots": 1_000_000, **grown}],
        "audits": {"postgres": 2.0, "sqlite": 1.0},
        "disturbed": 0.0,
        "live": {"subscribers": 20_000, "kib_each": 11.5, "updates": {"missed": 0, "slowest_seconds": 0.9}},
        "candidates": [{"candidates": 500, "milliseconds": 2.5}, {"candidates": 5_000, "milliseconds": 19.5}],
    }
    return made | {"goals": judged(made)}
