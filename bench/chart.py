"""How do the results look at a glance? Bars in an SVG of our own, with each name above its bar, to be read on a phone.

The picture is as wide as a phone in landscape, and a page that is narrower scales it down. It follows the reader's scheme of
colours. At the end of each bar a line goes from the least of the runs to the most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bench.arena import PEER_NAMES, TITLES
from bench.report import BASE, cpu

WIDTH, MARGIN = 480, 16  # pixels
HEAD, ROW, LABEL, BAR, BETWEEN, LINE = 52, 44, 15, 14, 20, 17
ORDER = ("postgres", "sqlite", *PEER_NAMES, "reference", "do_nothing", "fixed")
STYLE = """
text{fill:#1f2933;font-size:15px}.title{font-size:18px;font-weight:600}.faint{fill:#5b6671;font-size:13px}
.paper{fill:#fffdf9}.ours{fill:#c0392b}.reference{fill:#e0a39b}.peer{fill:#7f8c8d}.limit{fill:#c9ced3}
.spread{stroke:#1f2933;stroke-width:1.5}.database{opacity:.5}
@media (prefers-color-scheme:dark){text{fill:#e6e9ec}.faint{fill:#a3adb6}.paper{fill:#14181d}.ours{fill:#e05a4c}
.reference{fill:#8a453d}.peer{fill:#8b98a3}.limit{fill:#4a545e}.spread{stroke:#e6e9ec}}
"""


@dataclass(frozen=True)
class Bar:
    """One bar: a part in full colour and, paler behind it, perhaps a second one; then the least and the most of the whole."""

    name: str
    value: float
    more: float
    extremes: tuple[float, float]
    note: str

    @property
    def reach(self) -> float:
        """How far it goes to the right."""
        return max(self.value + self.more, self.extremes[1])


def chart(results: dict[str, Any]) -> str:
    """The chart of a benchmark's results; without the panels that were not measured."""
    workloads = results["workloads"]
    cast, ranked, varied = (workloads.get(key, {}) for key in ("cast", "results", "results_varied"))
    panels = [
        ("Ballots a second", "castBallot, 20 choices, 128 connections; more is better", speeds(cast)),
        ("CPU per ballot", "µs of the server and, paler, of PostgreSQL; less is better", costs(cast)),
        ("Ranked results a second", "50 projects x 8 fields, the same question; more is better", speeds(ranked)),
        ("No two questions alike", "ranked results a second, 40 to 50 projects; more is better", speeds(varied)),
    ]
    parts, top = [], MARGIN
    for title, remark, bars in panels:
        if bars:
            parts.append(panel(title, remark, bars, top))
            top += HEAD + len(bars) * ROW + BETWEEN
    for line in (*results["environment"]["told"], "x: times mercurius. Compare figures of one run only."):
        parts.append(text(MARGIN, top, line, "faint"))
        top += LINE
    return document(parts, top)


def document(parts: Sequence[str], height: int) -> str:
    """The whole file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" role="img" '
        f'aria-label="Pingxuan next to its peers and the limit of its platform">\n<style>{STYLE}</style>\n'
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="8"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def speeds(samples: dict[str, dict[str, Any]]) -> list[Bar]:
    """Requests a second, with the ratio to the peer."""
    return [
        Bar(
            name, value, 0, tuple(sample["spread"]["per_second"]), f"{value:,.0f}/s{times(samples, name, value, speed)}"
        )
        for name in ORDER
        if (sample := samples.get(name)) and (value := speed(sample))
    ]


def costs(samples: dict[str, dict[str, Any]]) -> list[Bar]:
    """CPU per request, with the ratio to the peer."""
    return [
        Bar(
            name,
            sample["server_cpu"],
            sample["database_cpu"],
            tuple(sample["spread"]["cpu"]),
            f"{cpu(sample):,.0f} µs{times(samples, name, cpu(sample), cpu)}",
        )
        for name in ORDER
        if (sample := samples.get(name))
    ]


def speed(sample: dict[str, Any]) -> float:
    """Requests a second."""
    return float(sample["per_second"])


def times(samples: dict[str, dict[str, Any]], name: str, value: float, figure: Any) -> str:
    """The ratio to the peer, for everybody else."""
    return "" if name == BASE or BASE not in samples else f" ({value / figure(samples[BASE]):.2f} x)"


def panel(title: str, remark: str, bars: Sequence[Bar], top: int) -> str:
    """A heading and its bars."""
    scale = (WIDTH - 2 * MARGIN) / max(bar.reach for bar in bars)
    parts = [text(MARGIN, top + 16, title, "title"), text(MARGIN, top + 36, remark, "faint")]
    return "\n".join([*parts, *(row(bar, top + HEAD + place * ROW, scale) for place, bar in enumerate(bars))])


def row(bar: Bar, top: int, scale: float) -> str:
    """One bar below its name and its figure."""
    width, more = bar.value * scale, bar.more * scale
    least, most = (MARGIN + value * scale for value in bar.extremes)
    below, middle = top + LABEL + 5, top + LABEL + 5 + BAR / 2
    parts = [
        text(MARGIN, top + LABEL, TITLES[bar.name], ""),
        text(WIDTH - MARGIN, top + LABEL, bar.note, "", "end"),
        rectangle(MARGIN, below, width, colour(bar.name)),
        *([rectangle(MARGIN + width, below, more, f"{colour(bar.name)} database")] if more else []),
        f'<path class="spread" d="M{least:.1f} {middle}H{most:.1f}M{least:.1f} {middle - 4}v8M{most:.1f} {middle - 4}v8"/>',
    ]
    return "\n".join(parts)


def rectangle(left: float, top: float, width: float, style: str) -> str:
    """A bar of one colour."""
    return f'<rect class="{style}" x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BAR}"/>'


def colour(name: str) -> str:
    """The class of a contestant."""
    if name in ("do_nothing", "fixed"):
        return "limit"
    return "peer" if name in PEER_NAMES else "reference" if name == "reference" else "ours"


def text(left: float, top: float, words: str, style: str, anchor: str = "start") -> str:
    """A line of text."""
    return f'<text class="{style}" x="{left:.1f}" y="{top}" text-anchor="{anchor}">{escape(words)}</text>'
