"""How fast is it? `python -m bench` runs everything side by side, prints tables, writes results.json and chart.svg."""

import argparse
import json
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

from bench.arena import Arena, MissingTool, arena, check_tools, install_peers
from bench.chart import chart
from bench.contest import CONTESTS, casting_seconds, contests
from bench.environment import environment
from bench.goals import judged
from bench.growth import audits, growth
from bench.loading import Plan
from bench.record import Record
from bench.report import QUIET, goals_table, growth_table, scaling_table
from bench.scaling import compared
from bench.servers import MORNING, ROOT, SECRET
from bench.starting import starting
from bench.voters import voters

HERE = Path(__file__).parent
PARTIAL = HERE / ".cache"  # where the results of single parts go, so that they do not replace those of a whole run
FASTEST = 14_000  # ballots a second that no contestant exceeds: so many voters are needed
WORKLOADS = tuple(contest.workload.key for contest in CONTESTS)
WHOLE = (*WORKLOADS, "scaling", "starting", "growth", "candidates", "sealing")
APART = ("subscribers",)  # it takes minutes
# What a benchmark of its own writes down, by its name in the results.
WRITTEN = {"live": "subscribers", "memory": "memory", "candidates": "candidates", "sealing": "sealing"}


def main() -> int:
    """Run what was asked for; the exit code says whether all of it ran and every answer was right."""
    options = parsed()
    record = Record(options.output, complete)
    try:
        check_tools()
    except MissingTool as error:
        print(error, file=sys.stderr)
        return 1
    with record.part("everything"):
        measure(options, record)
    show(record.results, options.output)
    return 0 if record.results.get("valid") else 1


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=0, help="of each run, after warm-up (2 to 5)")
    parser.add_argument(
        "--warm-up", type=int, default=1, help="seconds of load before each run (1; 2 more before the first)"
    )
    parser.add_argument("--repetitions", type=int, default=3, help="runs of which the median is told (3)")
    parser.add_argument("--only", type=parts, help=f"some parts, such as cast,results; of {', '.join(WHOLE + APART)}")
    parser.add_argument("--short", action="store_true", help="one run of 2 s each, and no growth beyond 10,000 ballots")
    parser.add_argument("--full", action="store_true", help="growth up to 10,000,000 ballots, and the subscribers")
    parser.add_argument("--output", type=Path, help="folder for results.json and chart.svg (bench/, or bench/.cache/)")
    options = parser.parse_args()
    if options.short:
        options.seconds, options.repetitions = options.seconds or 2, 1
    options.output = options.output or (PARTIAL if options.only or options.short else HERE)
    options.only = options.only or frozenset(WHOLE + APART if options.full else WHOLE)
    return options


def parts(text: str) -> frozenset[str]:
    """The parts that are named, with commas between them."""
    names = frozenset(text.split(","))
    if unknown := names - {*WHOLE, *APART}:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(unknown))}")
    return names


def measure(options: argparse.Namespace, record: Record) -> None:
    """Everything that is wanted, one after the other."""
    wanted: frozenset[str] = options.only
    seconds = casting_seconds(options.seconds, options.warm_up, options.repetitions)
    with arena() as place:
        record.results["environment"] = environment(place)
        record.results["plan"] = {
            "seconds": options.seconds or {contest.workload.key: contest.seconds for contest in CONTESTS},
            "warm_up": options.warm_up,
            "repetitions": options.repetitions,
        }
        with record.part("peers"):
            install_peers()
        tokens = voters(round(FASTEST * seconds), SECRET, MORNING)
        plan = Plan(options.seconds, options.warm_up, options.repetitions, tokens)
        if wanted & {*WORKLOADS}:
            with record.part("contests"):
                contests(place, plan, record, wanted)
        if "scaling" in wanted:
            with record.part("scaling"):
                measure_scaling(place, plan, record)
        if "starting" in wanted:
            with record.part("starting"):
                record.results["starting"] = starting(place)
        if "growth" in wanted:
            with record.part("growth"):
                measure_growth(place, plan, options, record)
    few = {"sealing": ("--ballots", "20000")} if options.short else {}
    for name in ("candidates", "sealing", "subscribers"):
        if name in wanted:
            with record.part(name):
                run_apart(name, *few.get(name, ()))


def measure_scaling(place: Arena, plan: Plan, record: Record) -> None:
    """Two processes against one, on each database."""
    for kind in ("postgres", "sqlite"):
        with record.guard(f"scaling, {kind}"):
            pairs = record.results.setdefault("scaling", {})
            pairs[kind] = compared(place, kind, plan)
    print(scaling_table(record.results["scaling"]), flush=True)


def measure_growth(place: Arena, plan: Plan, options: argparse.Namespace, record: Record) -> None:
    """More and more ballots, and their recount."""
    sizes = [10_000] + ([] if options.short else [1_000_000]) + ([10_000_000] if options.full else [])
    rows = record.results["growth"] = growth(place, sizes, plan)
    print(growth_table(rows), flush=True)
    if not options.short:
        record.results["audits"] = audits(place, rows)


def run_apart(name: str, *words: str) -> None:
    """Run a benchmark of its own, which writes down what it has found. Its exit code only says whether goals were met."""
    file = HERE / f"{name}.json"
    before = file.stat().st_mtime_ns if file.is_file() else 0
    print(f"\n{name}", flush=True)
    subprocess.run([sys.executable, "-m", f"bench.{name}", *words], cwd=ROOT, timeout=600)
    if not file.is_file() or file.stat().st_mtime_ns == before:
        raise RuntimeError(f"python -m bench.{name} has written nothing")


def complete(results: dict[str, Any], folder: Path) -> None:
    """Add what follows from the figures, and draw the chart."""
    results |= {name: written(file) for name, file in WRITTEN.items()}
    results["goals"] = judged(results)
    results["disturbed"] = round(disturbance(results["workloads"]), 2)
    results["wrong"] = wrong(results)
    results["valid"] = not results["wrong"] and not results["failures"]
    if any(results["workloads"].values()):
        (folder / "chart.svg").write_text(chart(results), "utf-8")


def written(name: str) -> Any:
    """What a benchmark that runs by itself has written down; empty when it has not been run."""
    file = HERE / f"{name}.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def wrong(value: Any) -> int:
    """How many wrong answers there were, in all runs."""
    return int(sum(values_of("bad", value)))


def disturbance(value: Any) -> float:
    """The most that other processes used in any run, in cores."""
    return max(values_of("others", value), default=0.0)


def values_of(name: str, value: Any) -> list[float]:
    """Every figure of this name, however deep."""
    if isinstance(value, dict):
        own = [float(value[name])] if name in value else []
        return [*own, *chain.from_iterable(values_of(name, item) for item in value.values())]
    return [*chain.from_iterable(values_of(name, item) for item in value)] if isinstance(value, list) else []


def show(results: dict[str, Any], folder: Path) -> None:
    """The goals, and a last word."""
    print(goals_table(results.get("goals", [])))
    for line in results.get("environment", {}).get("told", ()):
        print(line)
    print(f"{results['minutes']['all']} minutes; {folder}/results.json written")
    if (others := results.get("disturbed", 0.0)) > QUIET:
        print(f"NOT A QUIET MACHINE: other processes used up to {others:.2f} cores in a run.")
    for name, failure in results["failures"].items():
        print(f"FAILED: {name}: {failure}", file=sys.stderr)
    if results.get("wrong"):
        print(f"INVALID: {results['wrong']} answers were wrong; see above.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
