"""Which figures were promised? The goals as data, and what a benchmark's results say of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Results = dict[str, Any]
T = TypeVar("T")
MILLION = 1_000_000
WITHIN = 1.0  # second, in which every subscriber has to see an update


def known(measure: Callable[[Results], T], results: Results) -> T | None:
    """What is measured, or None where a part was not run or answered nothing."""
    try:
        return measure(results)
    except (LookupError, ValueError, ZeroDivisionError):
        return None


@dataclass(frozen=True)
class Goal:
    """One promise. at_least: whether the bound is a minimum. measure raises LookupError for what was not run."""

    title: str
    bound: float
    at_least: bool
    unit: str
    measure: Callable[[Results], float]
    remark: Callable[[Results], str] = lambda results: ""

    def judge(self, results: Results) -> dict[str, Any]:
        """What was measured and whether it is enough; met None means that it was not measured."""
        value, remark = known(self.measure, results), known(self.remark, results) or ""
        met = None if value is None else (value >= self.bound if self.at_least else value <= self.bound)
        return {
            "goal": self.title,
            "wanted": f"{'≥' if self.at_least else '≤'} {self.bound:,g}{self.unit}",
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


def also(workload: str, *pairs: tuple[str, str], name: str = "per_second") -> Callable[[Results], str]:
    """The same ratio of other contestants."""
    return lambda results: ", ".join(
        f"{one} / {other} {ratio(workload, one, other, name)(results):.2f} x" for one, other in pairs
    )


def worst(part: str) -> Callable[[Results], float]:
    """The longest of some seconds, one for each database."""
    return lambda results: max(results[part][name] for name in ("postgres", "sqlite"))


def seconds_each(part: str) -> Callable[[Results], str]:
    """All of them."""
    return lambda results: ", ".join(f"{name} {value:.2f} s" for name, value in results[part].items())


def watched(results: Results) -> float:
    """How many subscribers python -m bench.subscribers has shown every update within a second; 0 where one was late."""
    live = results["live"]
    parts = [live[name] for name in ("updates", "updates_beside_ballots", "updates_beside_stuck") if name in live]
    in_time = all(part["missed"] == 0 and part["slowest_seconds"] <= WITHIN for part in parts)
    return float(live["subscribers"]) if in_time else 0.0


def slowest(results: Results) -> str:
    """How late the slowest update was."""
    live = results["live"]
    missing = live.get("descriptors_missing")
    short = f"; ulimit -Hn leaves {missing:,} file descriptors too few" if missing else ""
    seconds = live["updates"]["slowest_seconds"]
    return f"{live['subscribers']:,}{short}: the slowest update after {seconds:.2f} s; measured apart"


def ranking(results: Results) -> float:
    """Milliseconds of CPU with the most candidates (python -m bench.candidates)."""
    return float(results["candidates"][-1]["milliseconds"])


def per_candidate(results: Results) -> float:
    """The CPU for each candidate with the most of them, divided by that with a tenth."""
    few, many = results["candidates"][-2], results["candidates"][-1]
    return float(many["milliseconds"] / many["candidates"] / (few["milliseconds"] / few["candidates"]))


def of_a_million(name: str) -> Callable[[Results], float]:
    """A figure of python -m bench.sealing, where that had a million ballots."""

    def measure(results: Results) -> float:
        found = results["sealing"]
        if found["ballots"] < MILLION:
            raise LookupError(f"{found['ballots']} ballots are too few")
        return float(found[name])

    return measure


def sealing_memory(results: Results) -> str:
    """How much memory sealing took."""
    return f"{results['sealing']['sealing_mebibytes']:.0f} MiB more memory at the most"


def two_processes(results: Results) -> str:
    """What two cores cannot show."""
    pairs = results["scaling"].items()
    return "; ".join(f"{kind}: seen {pair['seen']:.2f} x, by CPU {pair['by_cpu']:.2f} x" for kind, pair in pairs)


GOALS = (
    Goal("castBallot, PostgreSQL, saturated: ballots/s against mercurius", 1.3, True, " x",
         ratio("cast", "postgres", "mercurius"), also("cast", ("postgres", "yoga"))),
    Goal("castBallot: CPU of server + database per ballot against mercurius", 0.55, False, " x",
         ratio("cast", "postgres", "mercurius", "cpu"), also("cast", ("postgres", "yoga"), name="cpu")),
    Goal("castBallot: ballots/s on SQLite against PostgreSQL", 1.0, True, " x",
         ratio("cast", "sqlite", "postgres")),
    Goal("castBallot: requests/s against the do-nothing route", 0.6, True, " x",
         ratio("cast", "postgres", "do_nothing"), also("cast", ("sqlite", "do_nothing"))),
    Goal("ranked results, 50 x 8 fields: requests/s against fixed bytes", 0.7, True, " x",
         ratio("results", "postgres", "fixed"), also("results_varied", ("postgres", "fixed"))),
    Goal("ranked results: requests/s against mercurius", 5.0, True, " x",
         ratio("results", "postgres", "mercurius"), also("results", ("postgres", "yoga"))),
    Goal("ranked results, no two questions alike: requests/s against mercurius", 5.0, True, " x",
         ratio("results_varied", "postgres", "mercurius"), also("results_varied", ("postgres", "yoga"))),
    Goal("results latency (p50) with 10,000,000 ballots stored against 10,000", 1.1, False, " x",
         grown("results_light", "p50"), largest_growth("results_light", "p50")),
    Goal("castBallot CPU with 10,000,000 ballots stored against 10,000", 1.5, False, " x",
         grown("cast", "server_cpu", "database_cpu"), largest_growth("cast", "server_cpu", "database_cpu")),
    Goal("two server processes on two cores against one: ballots/s", 1.7, True, " x",
         lambda results: max(pair["seen"] for pair in results["scaling"].values()), two_processes),
    Goal("ranking 5,000 candidates after a ballot: CPU", 20.0, False, " ms", ranking),
    Goal("ranking after a ballot: CPU for each of 5,000 candidates against 500", 1.3, False, " x", per_candidate),
    Goal("live subscribers on one process, each updated within a second", 20_000, True, "", watched, slowest),
    Goal("memory of a live subscriber", 12.0, False, " KiB", lambda results: float(results["live"]["kib_each"])),
    Goal("recount of 1,000,000 ballots (audit)", 5.0, False, " s",
         worst("audits"), seconds_each("audits")),
    Goal("sealing 1,000,000 ballots in the log: CPU", 15.0, False, " s",
         of_a_million("sealing_seconds"), sealing_memory),
    Goal("an inclusion proof among 1,000,000 ballots: CPU", 2.0, False, " ms", of_a_million("proof_milliseconds")),
    Goal("verifying a log of 1,000,000 ballots from a folder", 30.0, False, " s", of_a_million("verifying_seconds")),
    Goal("a receipt, signed with those of its commit: CPU", 5.0, False, " µs", of_a_million("receipt_microseconds")),
    Goal("start to first answer, database seeded", 1.5, False, " s",
         worst("starting"), seconds_each("starting")),
)  # fmt: skip


def judged(results: Results) -> list[dict[str, Any]]:
    """Every goal with its measure."""
    return [goal.judge(results) for goal in GOALS]
