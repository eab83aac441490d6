"""How are the results told? As tables on the terminal; the same figures stand in results.json."""

from collections.abc import Sequence
from typing import Any

from bench.arena import TITLES
from bench.goals import GOALS
from bench.workloads import Workload

Rows = list[Sequence[str]]


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
    """The contestants under one load; ratios are to the peer."""
    header = ("", "requests/s", "x peer", "server µs", "database µs", "CPU x peer", "p50 ms", "p99 ms", "")
    base = samples.get("peer")
    rows: Rows = [_contestant(name, sample, base) for name, sample in samples.items()]
    return table(workload.title, header, rows)


def _contestant(name: str, sample: dict[str, Any], base: dict[str, Any] | None) -> Sequence[str]:
    speed = cost = ""
    if base is not None:
        speed = f"{sample['per_second'] / base['per_second']:.2f}"
        cost = f"{_cpu(sample) / _cpu(base):.2f}"
    return (
        TITLES.get(name, name),
        f"{sample['per_second']:,.0f}",
        speed,
        f"{sample['server_cpu']:,.0f}",
        f"{sample['database_cpu']:,.0f}" if sample["database_cpu"] else "",
        cost,
        f"{sample['p50'] / 1000:.1f}",
        f"{sample['p99'] / 1000:.1f}",
        f"INVALID: {sample['bad']} wrong" if sample["bad"] else "",
    )


def _cpu(sample: dict[str, Any]) -> float:
    return float(sample["server_cpu"] + sample["database_cpu"])


def growth_table(rows: list[dict[str, Any]]) -> str:
    """What grows with the number of stored ballots."""
    header = (
        "ballots stored",
        "results p50 ms",
        "results p99 ms",
        "cast CPU µs",
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
            f"{_cpu(row['cast']):,.0f}",
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
    header = ("", "ballots/s", "server µs", "database µs", "ballots per server CPU s", "seen", "by CPU", "")
    rows: Rows = []
    for kind, pair in pairs.items():
        for count in ("one", "two"):
            sample = pair[count]
            gains = (f"{pair['seen']:.2f} x", f"{pair['by_cpu']:.2f} x") if count == "two" else ("", "")
            figures = (f"{sample[name]:,.0f}" for name in ("per_second", "server_cpu", "database_cpu"))
            each = f"{1e6 / sample['server_cpu']:,.0f}"
            rows.append((f"{kind}, {count}", *figures, each, *gains, "INVALID" if sample["bad"] else ""))
    return table(f"Two processes against one ({pair['started_by']}), load and database on the same cores", header, rows)


def goals_table(judged: list[dict[str, Any]]) -> str:
    """The goals, what was measured, and whether it is enough."""
    words = {True: "met", False: "NOT MET", None: "not measured"}
    rows: Rows = []
    for goal in judged:
        measured = "" if goal["measured"] is None else f"{goal['measured']:.2f}{goal['unit']}"
        rows.append((goal["goal"], goal["wanted"], measured, words[goal["met"]], goal["remark"]))
    return table("Goals", ("", "goal", "measured", "", "remark"), rows)


def judged(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Every goal with its measure."""
    return [goal.judge(results) for goal in GOALS]
