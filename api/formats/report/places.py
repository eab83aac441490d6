"""How the votes lie across districts and themes: a map of tiles and the numbers behind it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from math import ceil, sqrt

from api.domain.campaigns.projects import District
from api.domain.exact import divide
from api.domain.results.report import Report
from api.domain.texts import Text
from api.formats.report.markup import Markup, both, element, joined, number, share
from api.formats.report.tables import bar, numeric, row, section, table

# Where Shanghai's districts lie, roughly, by column and row of tiles.
SHANGHAI = {
    "310151": (4, 0),
    "310114": (1, 1),
    "310113": (2, 1),
    "310107": (1, 2),
    "310106": (2, 2),
    "310109": (3, 2),
    "310110": (4, 2),
    "310118": (0, 3),
    "310105": (1, 3),
    "310104": (2, 3),
    "310101": (3, 3),
    "310115": (4, 3),
    "310117": (1, 4),
    "310112": (2, 4),
    "310116": (1, 5),
    "310120": (2, 5),
}
SHANGHAI_BEFORE_2016 = {"310230": "310151"}  # Chongming, when it was a county
TILE, GAP = 100, 6
AVERAGE = Text("平均每个项目", "Per candidate")
VOTES, PROJECTS, OF_ALL = Text("得票", "Votes"), Text("候选项目", "Candidates"), Text("占全部得票", "Of all votes")


def places(report: Report) -> Markup:
    """Show the votes for each district's projects, as a map and as a table."""
    votes = dict(report.standings.by_district)
    if not votes:
        return joined(())
    note = Text(
        "颜色越深，该区项目得票越多。区指项目所在的区；选票不记录投票人所在的区。",
        "The darker a tile, the more votes for the projects of the district. Ballots do not say where a voter lives.",
    )
    return section(
        "districts",
        Text("各区", "Districts"),
        element("p", note, class_="note"),
        _map(report, votes),
        _table(report, votes),
    )


def themes(report: Report) -> Markup:
    """Show the votes for the projects of each theme."""
    own: defaultdict[str, list[int]] = defaultdict(list)
    for project in report.campaign.projects:
        for theme in project.themes:
            own[theme.code].append(report.standings.by_number[project.number].votes)
    named = [theme for theme in report.campaign.themes if own[theme.code]]
    if not named:
        return joined(())
    total = sum(each.votes for each in report.standings.ranked)
    largest = max(sum(own[theme.code]) for theme in named)
    rows = [
        row(
            both(theme.name),
            number(len(own[theme.code])),
            number(sum(own[theme.code])),
            share(sum(own[theme.code]), total),
            bar(sum(own[theme.code]), largest),
        )
        for theme in sorted(named, key=lambda theme: -sum(own[theme.code]))
    ]
    note = Text(
        "一个项目可有多个主题，故各项之和可超过全部。",
        "A project can have several themes, so that parts can add up to more than all.",
    )
    heads = (Text("主题", "Theme"), *map(numeric, (PROJECTS, VOTES, OF_ALL)), None)
    return section("themes", Text("主题", "Themes"), element("p", note, class_="note"), table(heads, rows))


def tiles(districts: tuple[District, ...]) -> dict[District, tuple[int, int]]:
    """Return the column and row of each district's tile: as they lie in Shanghai, elsewhere in a square by code."""
    codes = {district: SHANGHAI_BEFORE_2016.get(district.code, district.code) for district in districts}
    if all(not district.gazetteer and code in SHANGHAI for district, code in codes.items()):
        return {district: SHANGHAI[code] for district, code in codes.items()}
    columns = ceil(sqrt(len(districts)))
    return {district: (place % columns, place // columns) for place, district in enumerate(districts)}


def _map(report: Report, votes: Mapping[District, int]) -> Markup:
    layout, largest = tiles(report.campaign.districts), max(votes.values())
    width = (1 + max(column for column, _ in layout.values())) * (TILE + GAP) - GAP
    height = (1 + max(line for _, line in layout.values())) * (TILE + GAP) - GAP
    drawn = [_tile(district, place, votes[district], largest) for district, place in layout.items()]
    label = "各区得票 Votes by district"
    return element("svg", *drawn, class_="tiles", viewBox=f"0 0 {width} {height}", role="img", aria_label=label)


def _tile(district: District, place: tuple[int, int], votes: int, largest: int) -> Markup:
    x, y = (each * (TILE + GAP) for each in place)
    strength = 0.08 + 0.47 * (votes / largest if largest else 0)
    frame = element("rect", x=x, y=y, width=TILE, height=TILE, rx="8", style=f"--i:{strength:.3f}")
    middle = x + TILE // 2
    count = element("text", number(votes), x=middle, y=y + 72, class_="count")
    return element("g", frame, _name(district, middle, y + 40), count)


def _name(district: District, x: int, y: int) -> Markup:
    """Write a name in the width of a tile: without the word District, and smaller where it is long."""
    zh, en = (district.name.tagged("zh"), district.name.tagged("en"))
    fallback = district.name.translations[0][1]
    short = {"zh": zh or fallback, "en": (en or fallback).removesuffix(" District").removesuffix(" New Area")}
    return joined(
        element("text", name, x=x, y=y, class_=language, style=f"font-size:{_size(name)}px")
        for language, name in short.items()
    )


def _size(name: str) -> int:
    width = sum(2 if ord(character) > 0x2E7F else 1.1 for character in name)
    return int(max(8, min(22, 1.75 * TILE / max(width, 1))))


def _table(report: Report, votes: Mapping[District, int]) -> Markup:
    counts = Counter(project.district for project in report.campaign.projects)
    total = sum(each.votes for each in report.standings.ranked)
    largest = max([*votes.values(), total - sum(votes.values())])
    lines = [(both(district.name), counts[district], own) for district, own in votes.items()]
    if counts[None]:
        lines.append((both(Text("不属于某一区", "Of no district")), counts[None], total - sum(votes.values())))
    heads = (Text("区", "District"), *map(numeric, (PROJECTS, VOTES, OF_ALL, AVERAGE)), None)
    rows = [
        row(
            name,
            number(own),
            number(sum_),
            share(sum_, total),
            number(divide(Decimal(sum_), Decimal(own), 1)),
            bar(sum_, largest),
        )
        for name, own, sum_ in lines
    ]
    return table(heads, rows)
