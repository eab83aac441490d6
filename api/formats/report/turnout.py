"""How many voted when: by day, and by the hours of each day."""

from collections import defaultdict
from collections.abc import Iterator

from api.domain.results.report import Report
from api.domain.texts import Text
from api.formats.report.markup import Child, Markup, element, number, share
from api.formats.report.tables import bar, facts, numeric, row, section, table

DAY, BALLOTS = Text("日期", "Day"), Text("选票", "Ballots")


def turnout(report: Report) -> Markup:
    """Show the ballots that count by day, with their part of all, and by hour."""
    return section("turnout", Text("参与情况", "Turnout"), facts(_totals(report)), _days(report), *_hours(report))


def _totals(report: Report) -> Iterator[tuple[Text, Child]]:
    ballots = report.standings.ballots
    yield Text("计票选票", "Ballots that count"), number(ballots)
    yield Text("选择总数", "Choices on them"), number(report.standings.choices)
    yield Text("候选项目", "Candidates"), number(len(report.campaign.projects))
    if report.electors is not None:
        yield Text("登记选民", "People on the list of voters"), number(report.electors)
    for channel, count in report.standings.by_channel:
        yield Text("渠道 {channel}", "By {channel}", channel=channel.name), f"{number(count)} ({share(count, ballots)})"


def _days(report: Report) -> Markup:
    days, total = report.standings.turnout, report.standings.ballots
    largest = max((ballots for _, ballots in days), default=0)
    heads = (
        DAY,
        numeric(BALLOTS),
        numeric(Text("占全部选票", "Of all ballots")),
        numeric(Text("累计", "In all so far")),
        None,
    )
    so_far, rows = 0, []
    for day, ballots in days:
        so_far += ballots
        rows.append(row(f"{day}", number(ballots), share(ballots, total), number(so_far), bar(ballots, largest)))
    return table(heads, rows)


def _hours(report: Report) -> Iterator[Markup]:
    """Show a row a day and a column an hour. An hour that clocks showed twice is one column."""
    counts: defaultdict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for name, ballots in report.hours.items():
        day, _, hour = name.partition("T")
        counts[day][int(hour[:2])] += ballots
    largest = max((ballots for hours in counts.values() for ballots in hours.values()), default=0)
    if not largest:
        return
    yield element("h3", Text("按小时", "By hour"))
    zone = report.campaign.time_zone
    yield element(
        "p",
        Text("各时段的计票选票（{zone} 时间）。", "Ballots that count, by the clocks of {zone}.", zone=zone),
        class_="note",
    )
    heads = [DAY, *(Text("{hour}", "{hour}", hour=hour) for hour in range(24))]
    yield table(heads, [_day(day, counts[day], largest) for day in sorted(counts)], kind="hours")


def _day(day: str, hours: dict[int, int], largest: int) -> Markup:
    cells = (
        element("td", number(hours[hour]) if hours.get(hour) else "", style=f"--i:{hours.get(hour, 0) / largest:.3f}")
        for hour in range(24)
    )
    return row(day[5:], *cells)
