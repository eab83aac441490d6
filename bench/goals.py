"""Which figures were promised? The goals as data, and what a benchmark's results say of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Results = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """One promise. at_least: whether the bound is a minimum. measure raises LookupError for what was not run."""

    title: str
    bound: float
    at_least: bool
    unit: str
    measure: Callable[[Results], float]
    remark: Callable[[Results], str] = lambda results: ""

    @property
    def target(self) -> str:
        """The bound as people write it."""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}{self.unit}"

    def judge(self, results: Results) -> dict[str, Any]:
        """What was measured and whether it is enough; met None means that it was not measured."""
        try:
            value, remark = self.measure(results), self.remark(results)
        except LookupError:  # a part that was not run
            value, remark = None, ""
        met = None if value is None else (value >= self.bound if self.at_least else value <= self.bound)
        return {
            "goal": self.title,
            "wanted": self.target,
            "measured": value,
            "unit": self.unit,
            "met": met,
            "remark": remark,
        }


def figure(results: Results, workload: str, contestant: str, name: str) -> float:
    """One measured figure."""
    sample = results["workloads"][workload][contestant]
    return float(sample["server_cpu"] + sample["database_cpu"] if name == "cpu" else sample[name])


def ratio(workload: str, contestant: str, other: str, name: str = "per_second") -> Callable[[Results], float]:
    """One contestant's figure divided by another's."""
    return lambda results: figure(results, workload, contestant, name) / figure(results, workload, other, name)


def grown(workload: str, *names: str) -> Callable[[Results], float]:
    """The figure with ten million ballots divided by the one with ten thousand."""

    def measure(results: Results) -> float:
        rows = {row["ballots"]: row[workload] for row in results["growth"]}
        return float(sum(rows[10_000_000][name] for name in names) / sum(rows[10_000][name] for name in names))

    return measure


def largest_growth(workload: str, *names: str) -> Callable[[Results], str]:
    """The same for the largest size that was run."""

    def remark(results: Results) -> str:
        small, large = results["growth"][0], results["growth"][-1]
        value = sum(large[workload][name] for name in names) / sum(small[workload][name] for name in names)
        return f"{value:.2f} x at {large['ballots']:,}"

    return remark


def on_sqlite(workload: str, other: str) -> Callable[[Results], str]:
    """The same ratio for SQLite."""
    return lambda results: f"on SQLite {ratio(workload, 'sqlite', other)(results):.2f} x"


def never_twice(other: str) -> Callable[[Results], str]:
    """The same ratio where no question is asked twice."""
    return lambda results: (
        f"{ratio('results_varied', 'postgres', other)(results):.2f} x where no question is asked twice"
    )


def worst(part: str) -> Callable[[Results], float]:
    """The longest of some seconds, one for each database."""
    return lambda results: max(results[part][name] for name in ("postgres", "sqlite"))


def seconds_each(part: str) -> Callable[[Results], str]:
    """All of them."""
    return lambda results: ", ".join(f"{name} {value:.2f} s" for name, value in results[part].items())


def watching(results: Results) -> str:
    """What python -m bench.subscribers found, which runs apart."""
    live = results["live"]
    return (
        f"{live['kib_each']:g} KiB each, the slowest after {live['updates']['slowest_seconds']:.2f} s; measured apart"
    )


def per_candidate(results: Results) -> float:
    """The CPU for each candidate with the most of them, divided by that with a tenth (python -m bench.candidates)."""
    few, many = results["candidates"][-2], results["candidates"][-1]
    return float(many["milliseconds"] / many["candidates"] / (few["milliseconds"] / few["candidates"]))


def of_all_candidates(results: Results) -> str:
    """What all of them take together."""
    most = results["candidates"][-1]
    return f"{most['milliseconds']:.0f} ms of CPU for {most['candidates']:,} candidates; measured apart"


def two_processes(results: Results) -> str:
    """What two cores cannot show."""
    pairs = results["scaling"].items()
    return "; ".join(f"{kind}: seen {pair['seen']:.2f} x, by CPU {pair['by_cpu']:.2f} x" for kind, pair in pairs)


GOALS = (
    Goal("castBallot, PostgreSQL, saturated: ballots/s against mercurius + JIT", 2.0, True, " x",
         ratio("cast", "postgres", "peer")),
    Goal("castBallot: CPU of server + database per ballot against mercurius + JIT", 0.5, False, " x",
         ratio("cast", "postgres", "peer", "cpu")),
    Goal("castBallot: requests/s against the do-nothing route", 0.6, True, " x",
         ratio("cast", "postgres", "do_nothing"), on_sqlite("cast", "do_nothing")),
    Goal("ranked results, 50 x 8 fields: requests/s against fixed bytes", 0.7, True, " x",
         ratio("results", "postgres", "fixed"), never_twice("fixed")),
    Goal("ranked results: requests/s against mercurius + JIT", 5.0, True, " x",
         ratio("results", "postgres", "peer"), never_twice("peer")),
    Goal("results latency (p50) with 10,000,000 ballots stored against 10,000", 1.1, False, " x",
         grown("results_light", "p50"), largest_growth("results_light", "p50")),
    Goal("castBallot CPU with 10,000,000 ballots stored against 10,000", 1.5, False, " x",
         grown("cast", "server_cpu", "database_cpu"), largest_growth("cast", "server_cpu", "database_cpu")),
    Goal("two server processes on two cores against one: ballots/s", 1.7, True, " x",
         lambda results: max(pair["seen"] for pair in results["scaling"].values()), two_processes),
    Goal("ranking after a ballot: CPU for each of 5,000 candidates against 500", 1.3, False, " x",
         per_candidate, of_all_candidates),
    Goal("live subscribers on one process, each updated within a second", 5_000, True, "",
         lambda results: results["live"]["subscribers"] * results["live"]["kept"], watching),
    Goal("recount of 1,000,000 ballots (audit)", 5.0, False, " s",
         worst("audits"), seconds_each("audits")),
    Goal("start to first answer, database seeded", 1.5, False, " s",
         worst("starting"), seconds_each("starting")),
)  # fmt: skip
