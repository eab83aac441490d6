"""Votes against the experts' scores, a point a project."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

from api.domain.results.report import Report, StageReport
from api.domain.selection.terms import InputSource
from api.domain.texts import Text
from api.formats.report.markup import Markup, element, joined, number
from api.formats.report.tables import section

WIDTH, HEIGHT, LEFT, BOTTOM, MARGIN = 720, 460, 64, 52, 18


@dataclass(frozen=True, slots=True)
class Point:
    """A project by its number, with what it has of either, and whether it was selected; None where nothing is decided."""

    project: int
    votes: float
    score: float
    selected: bool | None


@dataclass(frozen=True, slots=True)
class Axis:
    """Which values an axis shows, and from which place to which."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Return where a value is."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """Return seven values or so, as round as can be."""
        rough = (self.high - self.low) / 6
        magnitude = 10 ** floor(log10(rough))
        step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= rough)
        first = -floor(-self.low / step)
        return [n * step for n in range(first, floor(self.high / step) + 1)]


def scatter(report: Report) -> Markup:
    """Draw the points of the last stage that has votes and scores, else of the count and the panel; nothing without both."""
    points = _points(report)
    if not points:
        return joined(())
    across = Axis(*_range([point.votes for point in points]), LEFT, WIDTH - MARGIN)
    up = Axis(*_range([point.score for point in points]), HEIGHT - BOTTOM, MARGIN)
    drawn = (*_grid(across, up), *(_point(point, across, up) for point in points), *_names())
    picture = element(
        "svg",
        *drawn,
        class_="scatter",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label="得票与专家评分 Votes against experts' scores",
    )
    note = Text(
        "每点为一个项目，标有其编号；实心点已入选。",
        "A point is a project, with its number; those that are filled were selected.",
    )
    frame = element("div", picture, class_="scroll", tabindex="0")
    return section("scatter", Text("得票与专家评分", "Votes against scores"), element("p", note, class_="note"), frame)


def _points(report: Report) -> list[Point]:
    for stage in reversed(report.stages):
        votes, scores = stage.values(InputSource.PUBLIC_VOTE), stage.values(InputSource.EXPERT_SCORES)
        if votes and scores:
            return [_of(stage, number_, float(votes[number_]), float(scores[number_])) for number_ in votes]
    standings, last = report.standings.by_number, report.stages[-1] if report.stages else None
    return [
        _of(last, number_, standings[number_].votes, float(own.score))
        for number_, own in (report.scores or {}).items()
        if number_ in standings
    ]


def _of(stage: StageReport | None, project: int, votes: float, score: float) -> Point:
    selected = None if stage is None else project in stage.outcome.selected
    return Point(project, votes, score, selected)


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    margin = (high - low) * 0.06 or max(abs(high) * 0.1, 1)
    return low - margin, high + margin


def _grid(across: Axis, up: Axis) -> Iterator[Markup]:
    for value in across.ticks:
        x = f"{across.place(value):.1f}"
        yield element("line", x1=x, x2=x, y1=up.end, y2=up.start, class_="grid")
        yield element("text", f"{value:,g}", x=x, y=HEIGHT - BOTTOM + 18, class_="tick middle")
    for value in up.ticks:
        y = f"{up.place(value):.1f}"
        yield element("line", x1=across.start, x2=across.end, y1=y, y2=y, class_="grid")
        yield element("text", f"{value:,g}", x=LEFT - 8, y=f"{up.place(value) + 4:.1f}", class_="tick end")


def _point(point: Point, across: Axis, up: Axis) -> Markup:
    x, y = across.place(point.votes), up.place(point.score)
    kind = "in" if point.selected else "out"
    title = element("title", f"{point.project}: {number(int(point.votes))} / {point.score:g}")
    circle = element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="5", class_=kind)
    return element(
        "g", title, circle, element("text", f"{point.project}", x=f"{x + 7:.1f}", y=f"{y + 4:.1f}", class_="tick")
    )


def _names() -> Iterator[Markup]:
    for text, x, y, turn in (
        (Text("得票 →", "Votes →"), (LEFT + WIDTH) / 2, HEIGHT - 10, None),
        (Text("专家评分 →", "Experts' score →"), 14, (HEIGHT - BOTTOM) / 2, f"rotate(-90 14 {(HEIGHT - BOTTOM) / 2})"),
    ):
        for language, words in (("zh", text.zh), ("en", text.en)):
            yield element("text", words, x=x, y=y, transform=turn, class_=f"{language} middle")
