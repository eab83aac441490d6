"""The ranking by the votes of the public, with how far each project has come."""

from api.domain.campaigns.projects import Outcome, Project
from api.domain.campaigns.projects import Standing as ProjectStanding
from api.domain.results.report import Report
from api.domain.results.vote_table import Standing
from api.domain.texts import Text
from api.formats.report.markup import Markup, both, element, joined, number, share
from api.formats.report.tables import bar, numeric, row, section, table

RANK, NUMBER, PROJECT = Text("名次", "Rank"), Text("编号", "No."), Text("项目", "Project")
VOTES, OF_BALLOTS = Text("得票", "Votes"), Text("占选票", "Of ballots")
OUTCOMES = {
    Outcome.CANDIDATE: Text("", ""),
    Outcome.FINALIST: Text("入围终审", "Finalist"),
    Outcome.WINNER: Text("获选", "Winner"),
    Outcome.NOT_SELECTED: Text("未入选", "Not selected"),
}
GONE = {
    ProjectStanding.WITHDRAWN: Text("已退出", "Withdrawn"),
    ProjectStanding.DISQUALIFIED: Text("已取消资格", "Disqualified"),
}


def ranking(report: Report) -> Markup:
    """Show every project by its votes; a line where the next stage would cut by votes alone."""
    line, places = report.standings.cut_line, [*report.standings.ranked]
    largest = max((each.votes for each in places), default=0)
    rows = []
    for place, standing in enumerate(places, 1):
        kind = "cut" if line is not None and place == line.seats else None
        rows.append(_row(report, standing, largest, kind))
    heads = (RANK, numeric(NUMBER), PROJECT, numeric(VOTES), numeric(OF_BALLOTS), None, Text("结果", "Outcome"))
    return section(
        "ranking", Text("公众投票排名", "Ranking by public votes"), _note(report), table(heads, rows, "wide")
    )


def title(report: Report, project: int) -> Markup:
    """Write a project's name after its number."""
    found = report.campaign.by_number.get(project)
    return joined((f"{project} ", both(found.title) if found else ""))


def outcome(report: Report, project: Project) -> Markup:
    """Say what has become of a project."""
    if not project.stands:
        return both(GONE[project.standing])
    award = next((each for each in report.campaign.awards if each.code == project.award), None)
    words = OUTCOMES[project.outcome]
    return joined((both(words), *(() if award is None else (" · ", both(award.name)))))


def _note(report: Report) -> Markup:
    ballots, line = number(report.standings.ballots), report.standings.cut_line
    zh = f"百分比以 {ballots} 张计票选票为分母：多少选票选了该项目。得票相同者名次相同（=）。"
    en = f"Percentages are of the {ballots} ballots that count: how many of them name the project. Equal votes, equal rank (=)."
    if line is not None:
        tie = Text("，并列跨越此线", ", and a tie straddles it") if line.crosses_tie else Text("", "")
        zh += f"若仅按得票，粗线以上 {line.seats} 项通过，末位 {number(line.votes)} 票{tie.zh}。"
        en += f" By votes alone the {line.seats} above the thick line would pass, the last with {number(line.votes)}{tie.en}."
    return element("p", Text(zh, en), class_="note")


def _row(report: Report, standing: Standing, largest: int, kind: str | None) -> Markup:
    project = report.campaign.by_number[standing.number]
    mark = "=" if standing.tie_count and standing.stands else ""
    return row(
        f"{standing.rank}{mark}" if standing.stands else "–",
        f"{standing.number}",
        both(project.title),
        number(standing.votes),
        share(standing.votes, report.standings.ballots),
        bar(standing.votes, largest),
        outcome(report, project),
        kind=kind if project.stands else "gone",
    )
