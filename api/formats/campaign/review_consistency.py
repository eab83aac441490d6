"""Check that a panel has a rubric that can be scored by, a time to do so, and a way to put scores together."""

from collections.abc import Iterator
from decimal import Decimal

from api.domain.review.terms import Aggregation, AggregationMethod
from api.domain.texts import Text
from api.formats.campaign.expert_ballot_consistency import span_findings
from api.formats.campaign.findings import Finding, Place, Tree, is_described
from api.formats.campaign.messages import idle, missing, repeated
from api.formats.campaign.raw_values import member_at, number_at, tables, value_at

TRIMMED, RANK_SUM = AggregationMethod.TRIMMED_MEAN, AggregationMethod.RANK_SUM
USUAL, PLACE = Aggregation(), ("panel", "aggregation")


def review_findings(tree: Tree) -> Iterator[Finding]:
    """Find scales that are none, and panels that cannot score."""
    for index, criterion in tables(tree, "criteria"):
        yield from _scale(criterion, ("criteria", index))
    panel = value_at(tree, dict, "panel")
    if panel is None:
        return
    yield from span_findings(panel, ("panel",))
    yield from _rubric(tree)
    aggregation = value_at(panel, dict, "aggregation")
    if aggregation is not None:
        yield from _aggregation(aggregation)


def _rubric(tree: Tree) -> Iterator[Finding]:
    criteria = list(tables(tree, "criteria"))
    if not tree.get("criteria"):
        yield missing(
            ("criteria",),
            Text(
                "专家评分的标准，每条一个[[criteria]]表", "what the experts score by, one [[criteria]] table for each"
            ),
        )
        return
    for index, criterion in criteria:
        if "maximum" not in criterion:
            yield missing(
                ("criteria", index, "maximum"), Text("最高分，因为有[panel]", "the highest score: there is a [panel]")
            )
    counted = [
        criterion
        for _, criterion in criteria
        if criterion.get("counted", True) is not False and number_at({"weight": 1, **criterion}, "weight") != 0
    ]
    if criteria and not counted:
        problem = Text("没有一条计入总分", "hold none that counts")
        remedy = Text(
            "请让至少一条标准的counted为true、weight大于0。",
            "Have one at least with a weight above 0 and without counted = false.",
        )
        yield Finding(("criteria",), problem, remedy)


def _scale(criterion: Tree, place: Place) -> Iterator[Finding]:
    minimum, step = (number_at({"minimum": 0, "step": 1, **criterion}, name) for name in ("minimum", "step"))
    maximum = number_at(criterion, "maximum")
    if step == 0:
        problem = is_described("0", Text("，分不出档次", ", which makes no scale"))
        yield Finding((*place, "step"), problem, Text("请写大于0的数。", "Write a number above 0."))
        return
    if minimum is None or maximum is None or step is None:
        return
    if maximum <= minimum:
        problem = is_described(f"{maximum:f}", Text("，不大于minimum", ", not more than minimum"))
        yield Finding(
            (*place, "maximum"),
            problem,
            Text("请写大于{minimum:f}的数。", "Write more than {minimum:f}.", minimum=minimum),
        )
    elif (maximum - minimum) % step:
        problem = is_described(
            f"{step:f}",
            Text(
                "，不能整除{minimum:f}至{maximum:f}",
                ", which does not divide {minimum:f} to {maximum:f}",
                minimum=minimum,
                maximum=maximum,
            ),
        )
        remedy = Text("请写能整除的数，如1或0.5。", "Write one that does, such as 1 or 0.5.")
        yield Finding((*place, "step"), problem, remedy)
    else:
        yield from _anchors(criterion, place, (minimum, maximum, step))


def _anchors(criterion: Tree, place: Place, scale: tuple[Decimal, Decimal, Decimal]) -> Iterator[Finding]:
    minimum, maximum, step = scale
    seen = set[Decimal]()
    for index, anchor in tables(criterion, "anchors"):
        at, score = (*place, "anchors", index, "score"), number_at(anchor, "score")
        if score is None:
            continue
        if not minimum <= score <= maximum or (score - minimum) % step:
            problem = is_described(f"{score:f}", Text("，不是可打的分数", ", which is no score on the scale"))
            remedy = Text(
                "请写{minimum:f}至{maximum:f}间、每{step:f}一档的数。",
                "Write one from {minimum:f} to {maximum:f} in steps of {step:f}.",
                minimum=minimum,
                maximum=maximum,
                step=step,
            )
            yield Finding(at, problem, remedy)
        elif score in seen:
            yield repeated(at, f"{score:f}", Text("分数", "score"))
        seen.add(score)


def _aggregation(aggregation: Tree) -> Iterator[Finding]:
    method = member_at(aggregation, AggregationMethod, "method", USUAL.method)
    if method is None:
        return
    for key in ("drop", "trim_from", "per_criterion"):
        if key in aggregation and aggregation[key] is not False and method is not TRIMMED:
            yield idle((*PLACE, key), Text("method是{method}", "method is {method}", method=method.name))
    drop = value_at({"drop": USUAL.drop, **aggregation}, int, "drop")
    trim_from = value_at({"trim_from": USUAL.trim_from, **aggregation}, int, "trim_from")
    if method is TRIMMED and drop is not None and trim_from is not None and trim_from <= 2 * drop:
        problem = is_described(
            trim_from,
            Text("，去掉{value}个分数后没有剩下的", ", of which nothing is left without {value}", value=2 * drop),
        )
        remedy = Text("请写{value}或更大的数。", "Write {value} or more.", value=2 * drop + 1)
        yield Finding((*PLACE, "trim_from"), problem, remedy)
    yield from _standardised(aggregation, method)


def _standardised(aggregation: Tree, method: AggregationMethod) -> Iterator[Finding]:
    if aggregation.get("standardised") is not True:
        if "standardised_from" in aggregation:
            yield idle((*PLACE, "standardised_from"), Text("standardised不是true", "standardised is not true"))
        return
    if method is RANK_SUM:
        yield idle(
            (*PLACE, "standardised"), Text("method是RANK_SUM，只看名次", "method is RANK_SUM, which goes by ranks")
        )
    if aggregation.get("per_criterion") is True:
        yield idle(
            (*PLACE, "per_criterion"),
            Text("standardised是true，标准分出自总分", "standardised is true, which goes by totals"),
        )
