"""How fast is it? `python -m bench` runs everything side by side, prints tables, writes results.json and chart.svg."""

import argparse
import json
import platform
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.arena import FILLED, Arena, MissingTool, arena, check_tools, contestants, install_peer, sync_microseconds
from bench.chart import chart
from bench.checks import Unequal, audit, check_equal, check_kept
from bench.growth import audits, growth
from bench.loading import Plan, alternate
from bench.report import goals_table, growth_table, judged, scaling_table, workload_table
from bench.scaling import scaling
from bench.servers import MORNING, ROOT, SECRET, Server
from bench.starting import starting
from bench.voters import voters
from bench.workloads import CAST_LIGHT, CAST_SATURATED, PROJECTS, RANKED, RANKED_VARIED

HERE = Path(__file__).parent
FASTEST = 9_000  # ballots a second that no contestant exceeds: so many voters are needed
QUIET = 0.1  # cores that other processes may use before the figures suffer
OURS_AND_PEER = ("postgres", "sqlite", "reference", "peer")
CONTESTS = (
    (CAST_SATURATED, (*OURS_AND_PEER, "do_nothing")),
    (CAST_LIGHT, (*OURS_AND_PEER, "do_nothing")),
    (PROJECTS, ("postgres", "reference", "peer", "fixed_list")),
    (RANKED, ("postgres", "reference", "peer", "fixed_results")),
    (RANKED_VARIED, ("postgres", "reference", "peer", "fixed_results")),
)


def main() -> int:
    """Run what was asked for; the exit code says whether every run was valid."""
    options = parsed()
    try:
        check_tools()
        install_peer()
        results = measured(options)
    except (MissingTool, Unequal) as error:
        print(error, file=sys.stderr)
        return 1
    finish(results, options.output)
    return 0 if results["valid"] else 1


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="of each run, after warm-up (8)")
    parser.add_argument("--warm-up", type=int, default=2, help="seconds of load before each run (2)")
    parser.add_argument("--repetitions", type=int, default=3, help="runs of which the median is told (3)")
    parser.add_argument("--short", action="store_true", help="2 s runs, and no growth beyond 10,000 ballots")
    parser.add_argument("--full", action="store_true", help="growth up to 10,000,000 ballots")
    parser.add_argument("--output", type=Path, default=HERE, help="folder for results.json and chart.svg (bench/)")
    options = parser.parse_args()
    if options.short:
        options.seconds, options.warm_up = 2, 1
    return options


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Everything, one after the other."""
    began = time.perf_counter()
    voter_count = FASTEST * (options.seconds + options.warm_up) * options.repetitions * 2
    plan = Plan(options.seconds, options.warm_up, options.repetitions, voters(voter_count, SECRET, MORNING))
    sizes = [10_000] + ([] if options.short else [1_000_000]) + ([10_000_000] if options.full else [])
    with arena() as place:
        results: dict[str, Any] = {"environment": environment(place), "plan": plan_settings(plan)}
        results["workloads"] = contests(place, plan)
        results["scaling"] = shown(scaling(place, plan), scaling_table)
        results["starting"] = starting(place)
        results["audits"] = {} if options.short else audits(place)
        results["growth"] = shown(growth(place, sizes, plan), growth_table)
    results |= {
        name: measured_apart(file)
        for name, file in (("live", "subscribers"), ("memory", "memory"), ("candidates", "candidates"))
    }
    results["goals"] = judged(results)
    results["disturbed"] = round(disturbance(results), 2)
    results["valid"] = wrong(results) == 0
    results["minutes"] = round((time.perf_counter() - began) / 60, 1)
    return results


def measured_apart(name: str) -> dict[str, Any]:
    """What a benchmark that runs by itself has written down; empty when it has not been run."""
    file = HERE / f"{name}.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def shown(value: Any, format_table: Any) -> Any:
    """The value, after it was printed."""
    print(format_table(value), flush=True)
    return value


def contests(place: Arena, plan: Plan) -> dict[str, Any]:
    """Every workload with its contestants, then a look at what they kept."""
    result = {}
    with contestants(place) as servers:
        check_equal(servers, plan.voters)
        for workload, names in CONTESTS:
            samples = alternate([servers[name] for name in names], workload, plan)
            result[workload.key] = {name: asdict(sample) for name, sample in samples.items()}
            print(workload_table(workload, result[workload.key]), flush=True)
        check_all_kept(servers)
    return result


def check_all_kept(servers: dict[str, Server]) -> None:
    """No acknowledged ballot is lost, and each of ours is counted."""
    print()
    for name in OURS_AND_PEER:
        summary = check_kept(servers[name], FILLED)
        if name != "peer":
            audit(servers[name].database_url)
        print(summary if name == "peer" else f"{summary}, the audit agrees", flush=True)


def wrong(value: Any) -> int:
    """How many wrong answers there were, in all runs."""
    if isinstance(value, dict):
        return int(value.get("bad", 0)) + sum(wrong(item) for item in value.values())
    return sum(wrong(item) for item in value) if isinstance(value, list) else 0


def disturbance(value: Any) -> float:
    """The most that other processes used in any run, in cores."""
    if isinstance(value, dict):
        return max([float(value.get("others", 0.0)), *map(disturbance, value.values())])
    return max(map(disturbance, value), default=0.0) if isinstance(value, list) else 0.0


def plan_settings(plan: Plan) -> dict[str, Any]:
    """The plan, for results.json."""
    return {"seconds": plan.seconds, "warm_up": plan.warm_up, "repetitions": plan.repetitions}


def environment(place: Arena) -> dict[str, Any]:
    """What it ran on."""
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": first_line("git", "rev-parse", "--short", "HEAD"),
        "processor": processor(),
        "cores": len([line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("processor")]),
        "python": platform.python_version(),
        "python_executable": str(Path(sys.executable).resolve()),
        "node": first_line("node", "--version").removeprefix("v"),
        "postgresql": first_line(str(place.postgres.binaries / "postgres"), "--version").split()[-1],
        "durable_write_microseconds": round(sync_microseconds(place.folder)),
    }
    summary = (
        f"{result['date']}, {result['commit']}: {result['cores']} cores, server on one, load on the other. "
        f"Python {result['python']} ({result['python_executable']}), Node {result['node']}, PostgreSQL {result['postgresql']}."
    )
    return {**result, "told": summary}


def first_line(*command: str) -> str:
    """What a program says first."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    return (done.stdout.splitlines() or ["unknown"])[0]


def processor() -> str:
    """The processor's name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def finish(results: dict[str, Any], folder: Path) -> None:
    """The goals, the files, and a last word."""
    print(goals_table(results["goals"]))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (folder / "chart.svg").write_text(chart(results), "utf-8")
    print(
        f"\n{results['environment']['told']}\n{results['minutes']} minutes; {folder}/results.json and chart.svg written"
    )
    if results["disturbed"] > QUIET:
        print(f"Other processes used up to {results['disturbed']:.2f} cores in a run: repeat it on a quiet machine.")
    if not results["valid"]:
        print("INVALID: some answers were wrong; see above.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
