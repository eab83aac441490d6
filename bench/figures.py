"""Which figures do the documents show? `python -m bench.figures` puts those of results.json where the documents say so.

A block begins with <!-- figures: NAME --> and ends with <!-- end of figures -->; what stands between is replaced.
"""

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from bench.arena import TITLES
from bench.goals import known
from bench.report import BASE, QUIET, cpu, measured
from bench.servers import ROOT

RESULTS = Path(__file__).with_name("results.json")
DOCUMENTS = ("README.md", "bench/README.md", "docs/postgresql-at-scale.md")
BLOCK = re.compile(r"(<!-- figures: (.+?) -->\n).*?(<!-- end of figures -->)", re.DOTALL)
RUSH = 7_000  # ballots a second, of a city of 25 million in the first hour
LOAD = 0.6  # of a core that a process may be busy
Results = dict[str, Any]


def main() -> int:
    """Bring every document up to date."""
    results = json.loads(RESULTS.read_text("utf-8"))
    for name in DOCUMENTS:
        file = ROOT / name
        file.write_text(replaced(file.read_text("utf-8"), results), "utf-8")
    return 0


def replaced(text: str, results: Results) -> str:
    """A document with its blocks as the results have them; those of which a part was not run stay, which is said."""

    def block(found: re.Match[str]) -> str:
        words = known(BLOCKS[found[2]], results)
        if words is None:
            print(f"not measured, so left as it was: {found[2]}")
        return found[0] if words is None else f"{found[1]}\n{words}\n\n{found[3]}"

    return BLOCK.sub(block, text)


def in_short(results: Results) -> str:
    """Three ratios for those who read no further."""
    cast, ranked, varied = (results["workloads"][key] for key in ("cast", "results", "results_varied"))
    speed, cost = ratio(cast, "per_second"), cpu(cast["postgres"]) / cpu(cast[BASE])
    return fill(
        "One process on one core, next to mercurius, a fast GraphQL server of Node.js that does the same work: "
        f"{speed:.2f} times its ballots a second at {cost:.2f} times its CPU; {ratio(ranked, 'per_second'):.1f} times "
        "its ranked results, since all who ask the same get the answer of that second, and "
        f"{ratio(varied, 'per_second'):.1f} times where no two questions are alike.",
        120,
    )


def ratio(samples: Results, name: str) -> float:
    """A figure of ours divided by the peer's."""
    return float(samples["postgres"][name] / samples[BASE][name])


def goals(results: Results) -> str:
    """The goals, and what came of them."""
    words = {True: "met", False: "**not met**", None: "not measured"}
    rows = [
        (
            goal["goal"],
            goal["wanted"],
            measured(goal),
            words[goal["met"]],
            goal["remark"],
        )
        for goal in results["goals"]
    ]
    return f"{table(('', 'goal', 'measured', '', ''), rows)}\n\n{where(results)}"


def contests(results: Results) -> str:
    """Every workload with its contestants."""
    header = ("", "requests/s", "x", "server µs", "database µs", "CPU µs", "x", "p50 ms", "p99 ms")
    parts = []
    for key, title in (
        ("cast", "castBallot, 128 connections"),
        ("cast_light", "castBallot, 8 connections"),
        ("list", "the list, 128 connections"),
        ("results", "ranked results, 128 connections"),
        ("results_varied", "ranked results, no two questions alike, 128 connections"),
    ):
        samples = results["workloads"][key]
        rows = [
            (
                TITLES[name],
                spread(sample, "per_second"),
                f"{sample['per_second'] / samples[BASE]['per_second']:.2f}",
                f"{sample['server_cpu']:.0f}",
                f"{sample['database_cpu']:.0f}",
                spread(sample, "cpu"),
                f"{cpu(sample) / cpu(samples[BASE]):.2f}",
                f"{sample['p50'] / 1000:.1f}",
                f"{sample['p99'] / 1000:.1f}",
            )
            for name, sample in samples.items()
        ]
        parts.append(table((title, *header[1:]), rows))
    return "\n\n".join(parts)


def apart(results: Results) -> str:
    """What the benchmarks of their own have found."""
    live, beside = results["live"], results["live"].get("updates_beside_stuck")
    ranked = ", ".join(f"{each['milliseconds']:.1f} ms for {each['candidates']:,}" for each in results["candidates"])
    stuck = f", beside {live['stuck']:,} who had stopped reading {beside['slowest_seconds']:.2f} s" if beside else ""
    return fill(
        f"CPU from a ballot to the page that shows it, by candidates: {ranked}. {live['subscribers']:,} live subscribers on "
        f"one process took {live['kib_each']:g} KiB each, and the slowest of them had an update after "
        f"{live['updates']['slowest_seconds']:.2f} s{stuck}.",
        120,
    )


def spread(sample: Results, name: str) -> str:
    """A median with the least and the most of the runs."""
    value = cpu(sample) if name == "cpu" else sample[name]
    least, most = sample["spread"][name]
    return f"{value:,.0f} ({least:,.0f} to {most:,.0f})"


def one_ballot(results: Results) -> str:
    """What one ballot costs on PostgreSQL, and what is left to measure otherwise."""
    busy, light = (results["workloads"][key]["postgres"] for key in ("cast", "cast_light"))
    growth = results["growth"]
    few, many = growth[0], growth[-1]
    two = results["scaling"]["postgres"]
    rows = [
        ("server CPU, saturated", f"{spread(busy, 'server_cpu')} µs"),
        ("server CPU, 8 callers (a few ballots a commit)", f"{spread(light, 'server_cpu')} µs"),
        ("PostgreSQL CPU, saturated", f"{spread(busy, 'database_cpu')} µs"),
        ("PostgreSQL CPU, 8 callers", f"{spread(light, 'database_cpu')} µs"),
        (
            f"CPU of both with {many['ballots']:,} ballots stored, against {few['ballots']:,}",
            f"{cpu(many['cast']) / cpu(few['cast']):.2f} x",
        ),
        (
            "write-ahead log right after a checkpoint, by ballots stored",
            ", ".join(f"{row['wal_bytes']:,.0f} bytes with {row['ballots']:,}" for row in growth),
        ),
        ("recount of 1,000,000 ballots (`pingxuan audit`)", f"{results['audits']['postgres']:.1f} s"),
        ("ballots a second of one process", f"{spread(two['one'], 'per_second')}"),
        ("ballots a second of two, load and database on the same two cores", f"{spread(two['two'], 'per_second')}"),
        ("gain of the second process, as seen and by CPU per ballot", f"{two['seen']:.2f} x, {two['by_cpu']:.2f} x"),
        ("gain on SQLite, as seen", f"{results['scaling']['sqlite']['seen']:.2f} x"),
    ]
    return f"{table(('', ''), rows)}\n\n{where(results)}"


def rush(results: Results) -> str:
    """What the opening rush of a city needs of CPU."""
    busy, light = (results["workloads"][key]["postgres"] for key in ("cast", "cast_light"))
    cores = RUSH * busy["server_cpu"] / 1e6
    rows = [
        (
            "server",
            f"{RUSH:,}/s x {busy['server_cpu']:.0f} µs",
            f"{cores:.1f} cores busy; at {100 * LOAD:.0f} % load {-int(-cores / LOAD // 1)} processes on as many cores",
        ),
        (
            "PostgreSQL, CPU",
            f"{RUSH:,}/s x {busy['database_cpu']:.0f} to {light['database_cpu']:.0f} µs",
            f"{RUSH * busy['database_cpu'] / 1e6:.1f} to {RUSH * light['database_cpu'] / 1e6:.1f} cores",
        ),
    ]
    return table(("", "sum", "needs"), rows)


def where(results: Results) -> str:
    """On what it was measured, and whether that was at rest."""
    others = results["disturbed"]
    quiet = "" if others <= QUIET else f" The machine was **not quiet**: others used up to {others:.2f} cores."
    return f"{' '.join(results['environment']['told'])}{quiet}"


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, ("---",) * len(header), *rows))


BLOCKS: dict[str, Callable[[Results], str]] = {
    "in short": in_short,
    "goals": goals,
    "contests": contests,
    "apart": apart,
    "one ballot": one_ballot,
    "the rush": rush,
}

if __name__ == "__main__":
    sys.exit(main())
