"""What each stage has decided: the arithmetic of every project, ties and lines, objections and corrections."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from api.domain.instants import spelled
from api.domain.results.report import Report, StageReport
from api.domain.selection.outcome import OutcomeRow
from api.domain.selection.terms import InputSource
from api.domain.selection.tie_words import tie_in_words
from api.domain.selection.ties import Tie
from api.domain.selection.versions import Annex, Objection
from api.domain.selection.words import stage_in_words
from api.domain.texts import Text
from api.formats.report.markup import Child, Markup, both, element, joined, number
from api.formats.report.ranking import NUMBER, PROJECT, RANK, title
from api.formats.report.tables import facts, numeric, row, table

SOURCES = {
    InputSource.PUBLIC_VOTE: Text("公众投票", "Public votes"),
    InputSource.EXPERT_SCORES: Text("专家评分", "Experts' scores"),
    InputSource.EXPERT_BALLOT: Text("专家投票", "Expert ballots"),
}
SELECTED, OTHERS = Text("入选", "Selected"), Text("未入选", "Not selected")
VACANT = Text("席位空缺", "Leaves its seat vacant")


def stages(report: Report) -> Markup:
    """Show every stage that has been decided by a selection."""
    return joined(_stage(report, stage) for stage in report.stages)


def _stage(report: Report, stage: StageReport) -> Markup:
    name = stage.stage.name
    heading = element("h2", Text("评选阶段：", "Stage: "), both(name))
    parts = (
        element("p", _state(report, stage), class_="state"),
        element("p", stage_in_words(report.campaign, stage.stage)),
        facts(_facts(stage)),
        *_reason(stage),
        _rows(report, stage),
        *_ties(report, stage),
        *_objections(report, stage),
        *_annexes(report, stage),
        _trace(stage),
    )
    return element("section", heading, *parts, id=f"stage-{stage.stage.code}")


def _at(report: Report, moment: datetime) -> Text:
    return spelled(report.campaign.calendar.local(moment))


def _state(report: Report, stage: StageReport) -> Text:
    if stage.announcement is None:
        return Text("尚未公布，仅工作人员可见。", "Not announced yet; only staff see it.")
    if stage.announcement.confirmed_at is not None:
        at = _at(report, stage.announcement.confirmed_at)
        return Text("最终结果，{at}确认。", "Final, confirmed on {at}.", at=at)
    at, until = _at(report, stage.announcement.announced_at), _at(report, stage.announcement.objections_until)
    return Text(
        "公示中：{at}公布，异议截至{until}。尚非最终结果。",
        "Announced on {at}; objections are heard until {until}. Not final yet.",
        at=at,
        until=until,
    )


def _facts(stage: StageReport) -> Iterator[tuple[Text, Child]]:
    yield Text("席位", "Seats"), number(stage.stage.seats)
    yield SELECTED, number(len(stage.outcome.selected))
    if stage.outcome.vacant:
        yield Text("空缺席位", "Vacant seats"), number(stage.outcome.vacant)
    if stage.stage.threshold is not None:
        yield Text("最低得分", "Lowest score that passes"), number(stage.stage.threshold)
    if stage.outcome.unreviewed:
        yield Text("无评审的项目", "Without any review"), ", ".join(map(str, stage.outcome.unreviewed))
    yield Text("版本", "Version"), number(stage.selection.current.version)


def _reason(stage: StageReport) -> Iterator[Markup]:
    if stage.outcome.decision_reason is not None:
        yield element("h3", Text("决定的理由", "The reason of the decision"))
        yield element("p", both(stage.outcome.decision_reason), class_="quoted")


def _rows(report: Report, stage: StageReport) -> Markup:
    ordered = sorted(stage.outcome.rows, key=lambda each: (each.rank or 0, not each.selected, each.number))
    last_in = max((place for place, each in enumerate(ordered) if each.selected), default=-1)
    rows = [
        _row(report, each, kind="cut" if place == last_in < len(ordered) - 1 else None)
        for place, each in enumerate(ordered)
    ]
    sources: list[Text | Markup | None] = [
        SOURCES[each.stage_input.source] for each in (ordered[0].inputs if ordered else ())
    ]
    arithmetic = Text("各项输入：数值 → 归一化 × 权重 = 加权", "Each input: value → normalised × weight = weighted")
    heads = (RANK, numeric(NUMBER), PROJECT, *sources, numeric(Text("得分", "Score")), Text("结果", "Outcome"))
    note = [element("p", arithmetic, class_="note")] if sources else []
    return joined((*note, table(heads, rows, "wide")))


def _row(report: Report, each: OutcomeRow, kind: str | None) -> Markup:
    return row(
        "–" if each.rank is None else f"{each.rank}",
        f"{each.number}",
        _name(report, each.number),
        *(
            joined(
                (
                    number(own.value),
                    " → ",
                    number(own.normalised),
                    " × ",
                    number(own.stage_input.weight),
                    " = ",
                    number(own.weighted),
                )
            )
            for own in each.inputs
        ),
        _score(each.score),
        _outcome(report, each),
        kind=kind if each.selected else "gone" if each.vacates else kind,
    )


def _name(report: Report, number_: int) -> Markup:
    project = report.campaign.by_number.get(number_)
    return joined([] if project is None else [both(project.title)])


def _score(score: Decimal | None) -> str:
    return "–" if score is None else number(score)


def _outcome(report: Report, each: OutcomeRow) -> Markup:
    return both(VACANT) if each.vacates else _result(report, each.selected, each.award)


def _result(report: Report, selected: bool, award: str | None) -> Markup:
    name = next((own.name for own in report.campaign.awards if own.code == award), None)
    return joined((both(SELECTED if selected else OTHERS), *([] if name is None else [" · ", both(name)])))


def _ties(report: Report, stage: StageReport) -> Iterator[Markup]:
    if not stage.outcome.ties:
        return
    yield element("h3", Text("并列与入围线", "Ties at the cut line"))
    yield element("ul", *(_tie(report, tie) for tie in stage.outcome.ties))


def _tie(report: Report, tie: Tie) -> Markup:
    award = next((own.name for own in report.campaign.awards if own.code == tie.award), None)
    of_award: list[Child] = [] if award is None else [both(award), Text("：", ": ")]
    names = [part for project in sorted(tie.numbers) for part in (title(report, project), Text("；", "; "))][:-1]
    criteria = {criterion.code: criterion.name for criterion in report.campaign.criteria}
    return element("li", *of_award, *names, element("br"), tie_in_words(tie, criteria))


def _objections(report: Report, stage: StageReport) -> Iterator[Markup]:
    if stage.announcement is None:
        return
    yield element("h3", Text("异议与答复", "Objections and answers"))
    if not stage.selection.objections:
        yield element("p", Text("没有异议。", "No objections."))
        return
    yield element("ol", *(_objection(report, each) for each in stage.selection.objections))


def _objection(report: Report, each: Objection) -> Markup:
    about = [] if each.project is None else [" · ", title(report, each.project)]
    head = element("p", element("strong", each.by), " · ", _at(report, each.at), *about)
    if each.answer is None or each.answered_at is None:
        answer = element("p", Text("尚未答复。", "Not answered yet."), class_="note")
    else:
        answer = element(
            "p", Text("答复（", "Answer ("), _at(report, each.answered_at), Text("）：", "): "), both(each.answer)
        )
    return element("li", head, element("p", each.text, class_="quoted"), answer, value=each.number)


def _annexes(report: Report, stage: StageReport) -> Iterator[Markup]:
    if not stage.selection.annexes:
        return
    yield element("h3", Text("更正", "Corrections"))
    yield element("ol", *(_annex(report, each) for each in stage.selection.annexes))


def _annex(report: Report, annex: Annex) -> Markup:
    ranks = (numeric(Text("原名次", "Rank before")), numeric(RANK))
    heads = (NUMBER, PROJECT, *ranks, Text("原结果", "Before"), Text("结果", "After"))
    rows = [
        row(
            f"{each.number}",
            _name(report, each.number),
            "–" if each.was_rank is None else f"{each.was_rank}",
            "–" if each.is_rank is None else f"{each.is_rank}",
            _result(report, each.was_selected, each.was_award),
            _result(report, each.is_selected, each.is_award),
        )
        for each in annex.changes
    ]
    why = [" · ", both(annex.version.reason)] if annex.version.reason else []
    digests = (element("code", annex.before.digest), " → ", element("code", annex.version.digest))
    at = element("p", _at(report, annex.version.decided_at), *why)
    return element("li", at, element("p", *digests, class_="digest"), table(heads, rows))


def _trace(stage: StageReport) -> Markup:
    note = Text(
        "以下文本写明全部输入、计算、并列与结果；其 SHA-256 即摘要。任何人可据此重算。",
        "The text below has every input, all arithmetic, ties and the outcome; its SHA-256 is the digest. Anybody can redo it.",
    )
    lines = stage.trace.count("\n")
    label = Text("计算过程（{lines} 行）", "The arithmetic, line by line ({lines} lines)", lines=number(lines))
    return joined(
        (
            element("p", Text("摘要 ", "Digest "), element("code", stage.selection.current.digest), class_="digest"),
            element(
                "details", element("summary", label), element("p", note, class_="note"), element("pre", stage.trace)
            ),
        )
    )
