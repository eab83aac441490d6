"""How a tie was settled, or what it waits for, in words."""

from collections.abc import Iterable, Mapping

from api.domain.campaigns.stages import TieStep
from api.domain.selection.ties import Tie, TieDetail
from api.domain.selection.words import further_in_words
from api.domain.texts import LocalizedText, Text, joined

MISSING = {
    TieStep.EXPERT_REVOTE: Text("等待专家再次投票的结果", "the experts have to vote once more"),
    TieStep.RECORDED_DECISION: Text("等待主办方的决定", "the organizer has to decide"),
    TieStep.LOT: Text("等待公开抽签的种子", "the seed of the lot has to be disclosed"),
}
LISTS = (("、", "号"), (", ", ""))  # what joins numbers in Chinese and in English, and what follows each


def tie_in_words(tie: Tie, criteria: Mapping[str, LocalizedText]) -> Text:
    """Explain a tie by the numbers of the projects. criteria: the names of the experts' criteria, by code."""
    reasons = {decision.step: decision.reason for decision in tie.used}
    steps = (_step(detail, criteria, _because(reasons.get(detail.step))) for detail in tie.details)
    parts = [_who_is_equal(tie), *steps, _what_follows(tie)]
    return joined(parts, "", " ")


def _who_is_equal(tie: Tie) -> Text:
    who = _numbers(tie.numbers)
    what = Text("名额", "seat") if tie.award is None else Text("获奖名额", "place of the award")
    left = (
        f"1 {what.en} is"
        if tie.free == 1
        else f"{tie.free} {'seats' if tie.award is None else 'places of the award'} are"
    )
    return Text(
        "{who}项目得分相同，{what}只剩{free}个。",
        "Projects {who} have equal scores, and {left} left.",
        who=who,
        what=what,
        free=tie.free,
        left=left,
    )


def _because(reason: LocalizedText | None) -> Text:
    """What people gave as the reason of their decision, in parentheses."""
    if reason is None:
        return Text("", "")
    return Text("（理由：{reason}）", " (the reason: {reason})", reason=reason)


def _step(detail: TieDetail, criteria: Mapping[str, LocalizedText], because: Text) -> Text:
    """because: the reason of whoever decided it; empty where nobody did."""
    if detail.is_missing:
        words, who = MISSING[detail.step], _numbers(detail.equal)
        return Text("{who}仍并列，{words}。", "Between {who}, {words}.", who=who, words=words)
    order = Text(_listed(detail.values, "号为", "，"), _listed(detail.values, " with ", ", "))
    places = Text(*(separator.join(f"{number}{sign}" for number, _ in detail.values) for separator, sign in LISTS))
    match detail.step:
        case TieStep.ALL_IN:
            return Text("并列者不再区分。", "All that are equal are treated alike.")
        case TieStep.FURTHER_CRITERION:
            by = further_in_words(dict(criteria), detail.further) if detail.further else Text("", "")
            return Text("按{by}：{order}。", "By {by}: {order}.", by=by, order=order)
        case TieStep.EXPERT_REVOTE:
            return Text(
                "专家再次投票，得票：{order}{because}。",
                "The experts voted once more, with these votes: {order}{because}.",
                order=order,
                because=because,
            )
        case TieStep.LOT:
            return Text("抽签的先后：{places}。", "Lots were drawn, in this order: {places}.", places=places)
        case TieStep.RECORDED_DECISION:
            return Text(
                "主办方决定的先后：{places}{because}。",
                "The organizer decided on this order: {places}{because}.",
                places=places,
                because=because,
            )


def _what_follows(tie: Tie) -> Text:
    if not tie.resolved:
        return Text("并列尚未解决。", "The tie is open.")
    who = _numbers(tie.passing)
    if tie.award is None:
        return Text(
            "因此{who}入选。", "So {who} {passing}.", who=who, passing="passes" if len(tie.passing) == 1 else "pass"
        )
    return Text(
        "因此{who}获奖。", "So {who} {passing} the award.", who=who, passing="wins" if len(tie.passing) == 1 else "win"
    )


def _numbers(numbers: Iterable[int]) -> Text:
    *others, last = texts = list(map(str, sorted(numbers)))
    english = f"{', '.join(others)} and {last}" if others else last
    chinese = joined([Text("{number}号", "", number=text) for text in texts])
    return Text("{chinese}", "{english}", chinese=chinese, english=english)


def _listed(values: Iterable[tuple[int, str]], between: str, separator: str) -> str:
    return separator.join(f"{number}{between}{value}" for number, value in values)
