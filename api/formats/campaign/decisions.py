"""Check that stages, outcomes and their dates tell one story: who is chosen is decided after the vote, and for every seat.

A stage that has fewer seats than there are projects chooses among them, and so does one that is decided after voting, and
the last one once there are winners.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from api.domain.campaigns.projects import Outcome
from api.domain.texts import Text, joined
from api.formats.campaign.findings import Finding, Tree, is_described, key_of
from api.formats.campaign.raw_values import tables, time_at, value_at

CANDIDATE, FINALIST, WINNER, NOT_SELECTED = (
    outcome.name for outcome in (Outcome.CANDIDATE, Outcome.FINALIST, Outcome.WINNER, Outcome.NOT_SELECTED)
)


class _Decision(NamedTuple):
    """What a stage says about itself. dated: whether it has a decided_at at all. remaining: how many stages follow."""

    position: int
    key: str
    seats: int
    decided: bool
    decided_at: datetime | None
    dated: bool
    remaining: int


def decision_findings(tree: Tree) -> list[Finding]:
    """Find the inconsistencies between stages, outcomes and the times of the vote, of decisions and of publication."""
    outcomes, decisions = _outcomes(tree), list(_decisions(tree))
    projects, stages = (len(value_at(tree, list, name) or ()) for name in ("projects", "stages"))
    closes, has_winners = time_at(tree, "voting_window", "closes_at"), WINNER in outcomes.values()
    choosing = [
        stage
        for stage in decisions
        if stage.seats < projects
        or (stage.remaining == 0 and has_winners)
        or (closes is not None and stage.decided_at is not None and stage.decided_at > closes)
    ]
    findings = [*_dates(tree, decisions), *_dates_after_voting(tree, choosing, closes)]
    seats = [stage.seats for stage in decisions]
    sound = seats == sorted(seats, reverse=True) and (len(decisions), len(outcomes)) == (stages, projects)
    if sound and set(outcomes.values()) <= Outcome.__members__.keys():
        findings += _outcomes_of(tree, outcomes, choosing)
    return findings


def _decisions(tree: Tree) -> Iterator[_Decision]:
    count = len(value_at(tree, list, "stages") or ())
    for index, stage in tables(tree, "stages"):
        seats, decided = value_at(stage, int, "seats"), value_at(stage, bool, "decided")
        if seats is not None and seats > 0 and decided is not None:
            key = key_of(("stages", index), tree)
            decided_at, dated = time_at(stage, "decided_at"), "decided_at" in stage
            yield _Decision(index, key, seats, decided, decided_at, dated, count - 1 - index)


def _outcomes(tree: Tree) -> dict[int, str]:
    """The outcome of each project by its place in the file."""
    return {index: str(project.get("outcome", CANDIDATE)) for index, project in tables(tree, "projects")}


def _dates(tree: Tree, decisions: list[_Decision]) -> Iterator[Finding]:
    published, latest = time_at(tree, "published_at"), None
    for stage in decisions:
        if (decided_at := stage.decided_at) is None:
            continue
        place = ("stages", stage.position, "decided_at")
        if not stage.decided:
            problem = is_described(decided_at, Text("，但decided是false", ", but decided is false"))
            remedy = Text("请写decided = true，或删去decided_at。", "Write decided = true, or leave decided_at out.")
            yield Finding(place, problem, remedy)
        if latest is not None and latest.decided_at is not None and decided_at < latest.decided_at:
            problem = is_described(
                decided_at, Text("，早于{key}决定的时刻", ", before {key} was decided", key=latest.key)
            )
            yield Finding(place, problem, _later(latest.decided_at, "调整阶段顺序", "reorder the stages"))
        else:
            latest = stage
        if published is not None and decided_at > published:
            time = published.isoformat()
            remedy = Text(
                "请写{time}或更早的时刻，或推迟published_at。",
                "Write {time} or an earlier time, or a later published_at.",
                time=time,
            )
            yield Finding(place, is_described(decided_at, Text("，晚于published_at", ", after published_at")), remedy)


def _later(time: datetime, zh: str, en: str) -> Text:
    return Text(
        "请写{time}或更晚的时刻，或{zh}。",
        "Write {time} or a later time, or {en}.",
        time=time.isoformat(),
        zh=zh,
        en=en,
    )


def _dates_after_voting(tree: Tree, choosing: list[_Decision], closes: datetime | None) -> Iterator[Finding]:
    for stage in choosing:
        if not stage.decided:
            continue
        place = ("stages", stage.position, "decided_at")
        if not stage.dated and "published_at" not in tree:
            problem = Text(
                "缺失，但该阶段已决定，却没有说明何时公布",
                "is missing, but the stage is decided and nothing says from when that is public",
            )
            remedy = Text(
                "请添加决定的时刻，或评选的published_at。",
                "Add the time of the decision, or published_at to the campaign.",
            )
            yield Finding(place, problem, remedy)
        if closes is not None and stage.decided_at is not None and stage.decided_at < closes:
            problem = is_described(
                stage.decided_at, Text("，早于相关投票的结束", ", before voting on what it decides closes")
            )
            yield Finding(place, problem, _later(closes, "写decided = false", "decided = false"))


def _outcomes_of(tree: Tree, outcomes: dict[int, str], choosing: list[_Decision]) -> Iterator[Finding]:
    """Find outcomes that the decided stages do not explain, and seats that nobody or too many have."""
    decided = [stage for stage in choosing if stage.decided]
    if decided:
        yield from _after(decided[-1], outcomes, choosing)
    elif not value_at(tree, list, "stages"):
        yield from _without_stages(tree, outcomes)
    else:
        for index, outcome in outcomes.items():
            if outcome != CANDIDATE:
                problem = Text(
                    "是{outcome}，但尚无决定取舍的阶段已决定",
                    "is {outcome}, but no stage that chooses among the projects is decided",
                    outcome=outcome,
                )
                remedy = Text(
                    "请删去，直到一个名额少于项目数的阶段写有decided = true。",
                    "Leave it out until a stage with fewer seats than projects has decided = true.",
                )
                yield Finding(("projects", index, "outcome"), problem, remedy)


def _without_stages(tree: Tree, outcomes: dict[int, str]) -> Iterator[Finding]:
    if set(outcomes.values()) - {CANDIDATE} and "published_at" not in tree:
        remedy = Text(
            "请添加公布的时刻，或删去各项目的outcome。",
            "Add the time from which they are public, or leave the outcomes out.",
        )
        problem = Text("缺失，但项目已有outcome", "is missing, but projects have outcomes")
        yield Finding(("published_at",), problem, remedy)
    has_winners = WINNER in outcomes.values()
    for index, outcome in outcomes.items():
        if has_winners and outcome in (CANDIDATE, FINALIST):
            problem = Text("是{outcome}，但已有获奖项目", "is {outcome}, but there are winners", outcome=outcome)
            yield Finding(("projects", index, "outcome"), problem, _one_of(WINNER, NOT_SELECTED))


def _after(stage: _Decision, outcomes: dict[int, str], choosing: list[_Decision]) -> Iterator[Finding]:
    """Find what contradicts this stage, the last one that is decided."""
    passed = (WINNER, FINALIST, CANDIDATE)[min(stage.remaining, 2)]
    allowed = (passed, NOT_SELECTED)
    later = next((each for each in choosing if each.position > stage.position and each.remaining == 0), None)
    for index, outcome in outcomes.items():
        if outcome not in allowed:
            is_early = outcome == WINNER or (outcome == FINALIST and passed == CANDIDATE)
            zh, en = f"{stage.key}已决定", f"{stage.key} is decided"
            if is_early and later:
                zh, en = f"{later.key}尚未决定", f"{later.key} is not decided"
            problem = Text("是{outcome}，但{zh}", "is {outcome}, but {en}", outcome=outcome, zh=zh, en=en)
            yield Finding(("projects", index, "outcome"), problem, _one_of(*allowed))
    count = sum(outcome == passed for outcome in outcomes.values())
    if count != stage.seats:
        verb = "project is" if count == 1 else "projects are"
        problem = is_described(
            stage.seats,
            Text(
                "，但有{count}个项目是{passed}", ", but {count} {verb} {passed}", count=count, passed=passed, verb=verb
            ),
        )
        remedy = Text(
            '请给与名额同样多的项目写outcome = "{passed}"，或改正名额。',
            'Write outcome = "{passed}" for as many projects as there are seats, or mend the seats.',
            passed=passed,
        )
        yield Finding(("stages", stage.position, "seats"), problem, remedy)


def _one_of(*outcomes: str) -> Text:
    return Text("请写{outcomes}。", "Write {outcomes}.", outcomes=joined(outcomes, "或", " or "))
