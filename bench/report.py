"""How are the results told? As tables on the terminal; the same figures stand in results.json."""

from collections.abc import Sequence
from typing import Any

from bench.arena import TITLES
from bench.workloads import Workload

Rows = list[Sequence[str]]
BASE = "mercurius"  # the peer that ratios are to
QUIET = 0.1  # cores that other processes may use before the figures suffer


def table(title: str, header: Sequence[str], rows: Rows) -> str:
    """Columns as wide as their widest cell: words to the left (the first and the last), numbers to the right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [_line(row, widths) for row in [header, *rows]]
    return "\n".join([f"\n{title}", lines[0], "-" * len(lines[0]), *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    words = (0, len(cells) - 1)
    aligned = (
        cell.ljust(width) if place in words else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(aligned).rstrip()


def workload_table(workload: Workload, samples: dict[str, dict[str, Any]]) -> str:
    """The contestants under one load, with the least and the most of their runs; ratios are to the peer."""
    header = (
        "", "requests/s", "min..max", "x peer", "server µs", "database µs", "CPU µs", "min..max", "x peer", "p50 ms", "p99 ms",
        "",
    )  # fmt: skip
    base = samples.get(BASE)
    rows: Rows = [_contestant(name, sample, base) for name, sample in samples.items()]
    return f"{table(workload.title, header, rows)}\n{told_quiet(samples)}"


def told_quiet(samples: dict[str, dict[str, Any]]) -> str:
    """Whether the machine was, while these ran."""
    others = max((sample["others"] for sample in samples.values()), default=0.0)
    return f"Other processes used up to {others:.2f} cores{'.' if others <= QUIET else ': NOT A QUIET MACHINE.'}"


def _contestant(name: str, sample: dict[str, Any], base: dict[str, Any] | None) -> Sequence[str]:
    speed = cost = ""
    if base is not None:
        speed = f"{sample['per_second'] / base['per_second']:.2f}"
        cost = f"{cpu(sample) / cpu(base):.2f}"
    return (
        TITLES.get(name, name),
        f"{sample['per_second']:,.0f}",
        extremes(sample, "per_second"),
        speed,
        f"{sample['server_cpu']:,.0f}",
        f"{sample['database_cpu']:,.0f}" if sample["database_cpu"] else "",
        f"{cpu(sample):,.0f}",
        extremes(sample, "cpu"),
        cost,
        f"{sample['p50'] / 1000:.1f}",
        f"{sample['p99'] / 1000:.1f}",
        f"INVALID: {sample['bad']} wrong" if sample["bad"] else "",
    )


def cpu(sample: dict[str, Any]) -> float:
    """What a request costs, wherever it is paid."""
    return float(sample["server_cpu"] + sample["database_cpu"])


def extremes(sample: dict[str, Any], name: str) -> str:
    """The least and the most of a figure."""
    least, most = sample["spread"][name]
    return f"{least:,.0f}..{most:,.0f}"


def growth_table(rows: list[dict[str, Any]]) -> str:
    """What grows with the number of stored ballots."""
    header = (
        "ballots stored",
        "results p50 ms",
        "results p99 ms",
        "cast CPU µs",
        "min..max",
        "cast/s",
        "log bytes/ballot",
        "audit s",
        "filled in s",
        "",
    )
    cells: Rows = [
        (
            f"{row['ballots']:,}",
            f"{row['results_light']['p50'] / 1000:.2f}",
            f"{row['results_light']['p99'] / 1000:.2f}",
            f"{cpu(row['cast']):,.0f}",
            extremes(row["cast"], "cpu"),
            f"{row['cast']['per_second']:,.0f}",
            f"{row['wal_bytes']:,.0f}",
            f"{row['audit_seconds']:.2f}",
            f"{row['filling_seconds']:.1f}",
            "INVALID" if row["cast"]["bad"] or row["results_light"]["bad"] else "",
        )
        for row in rows
    ]
    return table("Growth, PostgreSQL", header, cells)


def scaling_table(pairs: dict[str, dict[str, Any]]) -> str:
    """One process and two, on each database."""
    header = ("", "ballots/s", "min..max", "server µs", "database µs", "ballots per server CPU s", "seen", "by CPU", "")
    rows: Rows = []
    for kind, pair in pairs.items():
        for count in ("one", "two"):
            sample = pair[count]
            gains = (f"{pair['seen']:.2f} x", f"{pair['by_cpu']:.2f} x") if count == "two" else ("", "")
            costs = (f"{sample[name]:,.0f}" for name in ("server_cpu", "database_cpu"))
            speed = f"{sample['per_second']:,.0f}", extremes(sample, "per_second")
            each = f"{1e6 / sample['server_cpu']:,.0f}"
            rows.append((f"{kind}, {count}", *speed, *costs, each, *gains, "INVALID" if sample["bad"] else ""))
    return table("Two processes against one, load and database on the same cores", header, rows)


def goals_table(judged: list[dict[str, Any]]) -> str:
    """The goals, what was measured, and whether it is enough."""
    words = {True: "met", False: "NOT MET", None: "not measured"}
    rows: Rows = []
    for goal in judged:
        rows.append((goal["goal"], goal["wanted"], measured(goal), words[goal["met"]], goal["remark"]))
    return table("Goals", ("", "goal", "measured", "", "remark"), rows)


def measured(goal: dict[str, Any]) -> str:
    """What was measured of a goal, with its unit; a number of things has none."""
    if goal["measured"] is None:
        return ""
    return f"{goal['measured']:,.2f}{goal['unit']}" if goal["unit"] else f"{goal['measured']:,.0f}"
