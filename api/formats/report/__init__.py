"""The report of a campaign as one HTML page that needs nothing else: both languages, and no script."""

from collections.abc import Iterator
from importlib.resources import files

from api.domain.instants import spelled
from api.domain.results.report import Report, StageReport
from api.domain.texts import Language, Text
from api.formats.report.audit import audit
from api.formats.report.experts import experts
from api.formats.report.markup import Child, Markup, both, element, joined, number
from api.formats.report.places import places, themes
from api.formats.report.ranking import ranking
from api.formats.report.scatter import scatter
from api.formats.report.stages import stages
from api.formats.report.tables import facts
from api.formats.report.turnout import turnout

STYLE = files("api.formats.report").joinpath("report.css").read_text(encoding="utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render_report(report: Report) -> str:
    """Write the page. Its first language is the campaign's own; the other one is a click away."""
    campaign = report.campaign
    is_chinese = campaign.languages[:1] != ("en",)
    title = f"{campaign.title.to(Language.ZH)} · {campaign.title.to(Language.EN)}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        Markup(f"<style>{STYLE}</style>"),
    )
    body = element("body", *_switch(is_chinese), element("main", *_parts(report)))
    language = "zh-Hans" if is_chinese else "en"
    return f"<!doctype html>\n{element('html', head, body, lang=language)}\n"


def _switch(is_chinese: bool) -> Iterator[Markup]:
    """Make the two buttons; what they choose is done by the style sheet alone."""
    for name, label, checked in (("zh", "中文", is_chinese), ("en", "English", not is_chinese)):
        yield element(
            "input",
            type="radio",
            name="language",
            id=f"choose-{name}",
            checked="" if checked else None,
            class_="chooser",
        )
        yield element("label", label, for_=f"choose-{name}", lang="zh-Hans" if name == "zh" else "en")


def _parts(report: Report) -> Iterator[Markup]:
    yield _header(report)
    yield turnout(report)
    yield ranking(report)
    yield places(report)
    yield themes(report)
    yield scatter(report)
    yield experts(report)
    yield stages(report)
    yield audit(report)
    yield _footer()


def _header(report: Report) -> Markup:
    campaign, as_of = report.campaign, spelled(report.campaign.calendar.local(report.standings.as_of))
    opens, closes = (
        spelled(campaign.calendar.local(at)) for at in (campaign.window.opens_at, campaign.window.closes_at)
    )
    lines: list[tuple[Text, Child]] = [
        (Text("主办单位", "Organizer"), both(campaign.organizer)),
        (Text("投票", "Voting"), Text("{opens} 至 {closes}", "{opens} to {closes}", opens=opens, closes=closes)),
        (Text("数据截至", "As of"), as_of),
        (Text("计票选票", "Ballots that count"), number(report.standings.ballots)),
    ]
    return element(
        "header",
        *_banner(report),
        element("p", Text("评选报告", "Report of the selection"), class_="kind"),
        element("h1", both(campaign.title)),
        facts(lines),
        *_path(report),
    )


def _banner(report: Report) -> Iterator[Markup]:
    if report.official:
        yield element("p", Text("最终结果", "FINAL RESULTS"), class_="banner final")
        return
    why = Text(
        "各阶段结果尚未全部最终确认，内容可能变更。", "Not every stage is final yet; anything here may still change."
    )
    words = ("非正式结果", "UNOFFICIAL", "PROVISIONAL")
    large = element("strong", *(element("span", f"{word} ") for word in words))
    yield element("p", large, why, class_="banner", role="note")


def _path(report: Report) -> Iterator[Markup]:
    """Show how many projects pass each stage, as steps."""
    decided = {each.stage.code: each for each in report.stages}
    steps = [
        element(
            "li",
            element("b", number(stage.seats)),
            " ",
            both(stage.name),
            _mark(decided.get(stage.code), stage.decided),
        )
        for stage in report.campaign.stages
    ]
    if steps:
        yield element("ol", *steps, class_="path")


def _mark(stage: StageReport | None, decided: bool) -> Markup:
    if stage is None:
        state = Text("已定", "decided") if decided else Text("未定", "not decided")
    elif stage.announcement is None:
        state = Text("未公布", "not announced")
    else:
        state = Text("最终", "final") if stage.confirmed else Text("公示", "announced")
    return element("small", state)


def _footer() -> Markup:
    words = Text(
        "本报告由 Pingxuan 评选平台生成。百分比保留一位小数；得分与计算均为精确小数，四舍五入处见计算过程。",
        "Made by Pingxuan. Percentages have one place; scores are exact decimals, the arithmetic says where they are rounded.",
    )
    return element("footer", joined((words,)))
