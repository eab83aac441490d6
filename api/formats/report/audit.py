"""The audit of the count, and what was done to the vote: pauses, extensions, votes and projects that no longer count."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from api.domain.campaigns.projects import Project
from api.domain.instants import spelled
from api.domain.results.report import Recounted, Report
from api.domain.texts import Text
from api.formats.report.markup import Child, Markup, both, element, number
from api.formats.report.ranking import GONE, title
from api.formats.report.tables import facts, section

MAX_SHOWN = 50  # of what a recount found wrong


def audit(report: Report) -> Markup:
    """Show what the ballots come to when they are counted again, and every act that changed what counts."""
    parts = [facts(_counts(report))]
    if report.recounted is not None:
        parts += _recount(report.recounted)
    acts = list(_acts(report))
    heading = element("h3", Text("对投票所做的处理", "What was done to the vote"))
    none = element("p", Text("没有暂停、延期、作废或除名。", "No pause, no extension, nothing voided, nobody removed."))
    return section("audit", Text("核查", "Audit"), *parts, heading, element("ul", *acts) if acts else none)


def _counts(report: Report) -> Iterator[tuple[Text, Child]]:
    standings = report.standings
    yield Text("投出的选票", "Ballots cast"), number(standings.counts.cast)
    yield Text("计票", "That count"), number(standings.ballots)
    yield Text("暂扣", "Held"), number(standings.held)
    yield Text("作废", "Voided"), number(standings.voided)
    uncounted = sum(votes for day in standings.counts.votes.values() for position, votes in day.items() if position < 0)
    yield Text("计票选票上被作废的票", "Votes voided on ballots that count"), number(uncounted)


def _recount(recounted: Recounted) -> Iterator[Markup]:
    cast, wrong = number(recounted.cast), len(recounted.wrong)
    if not wrong:
        agrees = Text(
            "已逐张重新清点全部 {cast} 张选票：与计票结果完全一致。",
            "All {cast} ballots were counted again, one by one: they agree with the tallies in every number.",
            cast=cast,
        )
        yield element("p", agrees, class_="good")
        return
    differs = Text(
        "已逐张重新清点全部 {cast} 张选票：有 {wrong} 处不符。",
        "All {cast} ballots were counted again, one by one. {wrong_2} wrong.",
        cast=cast,
        wrong=number(wrong),
        wrong_2="One thing is" if wrong == 1 else f"{wrong} things are",
    )
    yield element("p", differs, class_="bad")
    yield element("ul", *(element("li", sentence) for sentence in recounted.wrong[:MAX_SHOWN]))


def _acts(report: Report) -> Iterator[Markup]:
    campaign = report.campaign

    def at(moment: datetime) -> Child:
        return spelled(campaign.calendar.local(moment))

    for pause in campaign.pauses:
        yield element("li", Text("暂停：", "Pause: "), *_between(at, pause.start, pause.end), " · ", both(pause.reason))
    for extension in campaign.extensions:
        moved = (at(extension.was), " → ", at(extension.closes_at))
        yield element("li", Text("延期：", "Extension: "), *moved, " · ", both(extension.reason))
    for voided in campaign.voided_votes:
        project = title(report, campaign.by_position[voided.position].number)
        when = _between(at, voided.start, voided.end)
        yield element("li", Text("作废得票：", "Votes voided: "), project, " · ", *when, " · ", both(voided.reason))
    for each in campaign.projects:
        if not each.stands:
            yield element("li", both(GONE[each.standing]), Text("：", ": "), title(report, each.number), *_why(each))


def _between(at: Callable[[datetime], Child], start: datetime, end: datetime | None) -> Sequence[Child]:
    return (at(start), " –") if end is None else (at(start), " – ", at(end))


def _why(project: Project) -> Sequence[Child]:
    return () if project.standing_reason is None else (" · ", both(project.standing_reason))
