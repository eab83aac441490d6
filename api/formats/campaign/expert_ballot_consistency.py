"""Check that the experts' own ballot has its dates and choices, after the vote and after the stage before it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from api.domain.selection.terms import InputSource, StageKind
from api.domain.texts import Text
from api.formats.campaign.findings import Finding, Place, Tree, is_described, key_of
from api.formats.campaign.messages import missing
from api.formats.campaign.raw_values import tables, time_at, value_at

MAX_SPAN = timedelta(days=366)
NEEDED = {
    "opens_at": Text("专家投票开始的时刻", "when the experts' ballot opens"),
    "closes_at": Text("专家投票结束的时刻", "when the experts' ballot closes"),
    "choices": Text("表{ minimum = …, maximum = … }", "the table { minimum = …, maximum = … }"),
}


def ballot_findings(tree: Tree, stage: Tree, index: int) -> Iterator[Finding]:
    """Find what is wrong with the expert ballot of the stage at this place."""
    place = ("stages", index)
    for key, description in NEEDED.items():
        if key not in stage:
            yield missing((*place, key), description)
    opens = time_at(stage, "opens_at")
    yield from span_findings(stage, place)
    for moment, zh, en in _earlier(tree, index):
        if opens is not None and opens < moment:
            problem = is_described(opens, Text("，早于{zh}", ", before {en}", zh=zh, en=en))
            remedy = Text("请写{moment}或更晚的时刻。", "Write {moment} or a later time.", moment=moment.isoformat())
            yield Finding((*place, "opens_at"), problem, remedy)
            break
    yield from _choices(tree, stage, index)


def span_findings(tree: Tree, place: Place) -> Iterator[Finding]:
    """Find a close that is not after the opening, or more than a year after it."""
    opens, closes = time_at(tree, "opens_at"), time_at(tree, "closes_at")
    if opens is None or closes is None:
        return
    at = (*place, "closes_at")
    if closes <= opens:
        problem = is_described(closes, Text("，不晚于opens_at", ", not after opens_at"))
        remedy = Text("请写{opens}之后的时刻。", "Write a time after {opens}.", opens=opens.isoformat())
        yield Finding(at, problem, remedy)
    elif closes - opens > MAX_SPAN:
        days = (closes - opens).days
        problem = is_described(closes, Text("，在opens_at之后{days}天", ", {days} days after opens_at", days=days))
        yield Finding(at, problem, Text("最多可为366天。", "Write at most 366 days."))


def _earlier(tree: Tree, index: int) -> Iterator[tuple[datetime, str, str]]:
    """What has to be over before the ballot of a stage opens, the latest in the list of stages first."""
    for place, stage in reversed([row for row in tables(tree, "stages") if row[0] < index]):
        key = key_of(("stages", place), tree)
        if stage.get("kind") == StageKind.EXPERT_BALLOT.name and (ends := time_at(stage, "closes_at")):
            yield ends, f"{key}的专家投票结束", f"the experts' ballot of {key} closes"
        if _uses_scores(stage) and (ends := time_at(tree, "panel", "closes_at")):
            yield ends, f"{key}的评分结束", f"the panel closes, which {key} goes by"
    if ends := time_at(tree, "voting_window", "closes_at"):
        yield ends, "公众投票结束", "voting closes"


def _uses_scores(stage: Tree) -> bool:
    scores = InputSource.EXPERT_SCORES.name
    return stage.get("kind") == scores or scores in [row.get("source") for _, row in tables(stage, "inputs")]


def _choices(tree: Tree, stage: Tree, index: int) -> Iterator[Finding]:
    minimum, maximum = (value_at(stage, int, "choices", name) for name in ("minimum", "maximum"))
    place = ("stages", index, "choices")
    if minimum is not None and maximum is not None and minimum > maximum:
        problem = is_described(minimum, Text("，多于maximum", ", more than maximum"))
        yield Finding((*place, "minimum"), problem, _at_most(maximum))
    counts = [len(projects)] if (projects := value_at(tree, list, "projects")) else []
    counts += [seats for at, row in tables(tree, "stages") if at < index and (seats := value_at(row, int, "seats"))]
    if maximum is not None and counts and maximum > (most := min(counts)):
        problem = is_described(
            maximum, Text("，但这一阶段只有{most}个候选", ", but the stage has {most} candidates", most=most)
        )
        yield Finding((*place, "maximum"), problem, _at_most(most))


def _at_most(most: int) -> Text:
    return Text("请写{most}或更小的数。", "Write {most} or less.", most=most)
