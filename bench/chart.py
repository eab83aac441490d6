"""How do the results look at a glance? Bars in an SVG of our own, on a light ground, readable in a README."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bench.arena import TITLES

WIDTH, LEFT, RIGHT = 860, 290, 170  # pixels: of the whole, before the bars, behind them
BAR, GAP, HEAD, BETWEEN, MARGIN, LINE = 20, 8, 46, 22, 20, 16
OURS, OTHERS, LIMITS, DATABASE = "#c0392b", "#7f8c8d", "#d5d8dc", "#e6b0aa"
INK, FAINT, PAPER = "#1f2933", "#66727f", "#fffdf9"
LARGE = f'font-size="17" font-weight="600" fill="{INK}"'
PLAIN = f'font-size="13" fill="{INK}"'
SMALL = f'font-size="12" fill="{FAINT}"'
ORDER = ("postgres", "sqlite", "peer", "reference", "do_nothing", "fixed")


@dataclass(frozen=True)
class Bar:
    """One bar: a part in full colour and, stacked behind it, perhaps a second one."""

    name: str
    value: float
    more: float
    note: str

    @property
    def total(self) -> float:
        return self.value + self.more


def chart(results: dict[str, Any]) -> str:
    """The chart of a benchmark's results."""
    workloads = results["workloads"]
    panels = [
        ("Ballots a second", "castBallot, 20 choices, 128 connections; more is better", speeds(workloads["cast"])),
        ("CPU per ballot", "µs of the server and, paler, of PostgreSQL; less is better", costs(workloads["cast"])),
        (
            "Ranked results a second",
            "50 projects x 8 fields, 128 connections; more is better",
            speeds(workloads["results"]),
        ),
    ]
    parts, top = [], MARGIN
    for title, remark, bars in panels:
        parts.append(panel(title, remark, bars, top))
        top += HEAD + len(bars) * (BAR + GAP) + BETWEEN
    for line in (results["environment"]["told"], "Ratios are to the peer, mercurius. Compare figures of one run only."):
        parts.append(text(MARGIN, top, line, SMALL))
        top += LINE
    return document(parts, top + LINE // 2)


def document(parts: Sequence[str], height: int) -> str:
    """The whole file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" role="img" '
        f'aria-label="Pingxuan next to its peer and the limit of its platform">\n'
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="{PAPER}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def speeds(samples: dict[str, dict[str, Any]]) -> list[Bar]:
    """Requests a second, with the ratio to the peer."""
    base = samples["peer"]["per_second"]
    return [
        Bar(name, samples[name]["per_second"], 0, f"{samples[name]['per_second']:,.0f}/s{times(samples, name, base)}")
        for name in ORDER
        if name in samples
    ]


def times(samples: dict[str, dict[str, Any]], name: str, base: float) -> str:
    """The ratio to the peer, for everybody else."""
    return "" if name == "peer" else f" ({samples[name]['per_second'] / base:.2f} x)"


def costs(samples: dict[str, dict[str, Any]]) -> list[Bar]:
    """CPU per request."""
    return [
        Bar(
            name,
            sample["server_cpu"],
            sample["database_cpu"],
            f"{sample['server_cpu'] + sample['database_cpu']:,.0f} µs",
        )
        for name in ORDER
        if (sample := samples.get(name))
    ]


def panel(title: str, remark: str, bars: Sequence[Bar], top: int) -> str:
    """A heading and its bars."""
    longest = max(bar.total for bar in bars)
    parts = [text(MARGIN, top + 14, title, LARGE), text(MARGIN, top + 32, remark, SMALL)]
    for place, bar in enumerate(bars):
        parts.append(row(bar, top + HEAD + place * (BAR + GAP), (WIDTH - LEFT - RIGHT) / longest))
    return "\n".join(parts)


def row(bar: Bar, top: int, scale: float) -> str:
    """One bar with its name and its figure."""
    colour = LIMITS if bar.name in ("do_nothing", "fixed") else OURS if bar.name != "peer" else OTHERS
    if bar.name == "reference":
        colour = DATABASE
    width, more = bar.value * scale, bar.more * scale
    parts = [text(LEFT - 12, top + 15, TITLES[bar.name], f'{PLAIN} text-anchor="end"')]
    parts.append(f'<rect x="{LEFT}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>')
    if more:
        parts.append(
            f'<rect x="{LEFT + width:.1f}" y="{top}" width="{more:.1f}" height="{BAR}" fill="{colour}" opacity="0.45"/>'
        )
    parts.append(text(LEFT + width + more + 8, top + 15, bar.note, PLAIN))
    return "\n".join(parts)


def text(left: float, top: float, words: str, style: str) -> str:
    """A line of text."""
    return f'<text x="{left:.1f}" y="{top}" {style}>{escape(words)}</text>'
