"""Check that stages, outcomes and their dates tell one story: who is chosen is decided after the vote, and for every seat.

A stage that has fewer seats than there are projects chooses among them, and so does one that is decided after voting, and
the last one once there are winners.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from api.domain.campaigns.projects import Outcome
from api.formats.campaign_toml.errors import Finding, Tree, described, key_of
from api.formats.campaign_toml.raw_values import tables, time_at, value_at

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
        place, time = ("stages", stage.position, "decided_at"), described(decided_at)
        if not stage.decided:
            yield Finding(place, f"is {time}, but decided is false", "Write decided = true, or leave decided_at out.")
        if latest is not None and latest.decided_at is not None and decided_at < latest.decided_at:
            remedy = f"Write {latest.decided_at.isoformat()} or a later time, or reorder the stages."
            yield Finding(place, f"is {time}, before {latest.key} was decided", remedy)
        else:
            latest = stage
        if published is not None and decided_at > published:
            remedy = f"Write {published.isoformat()} or an earlier time, or a later published_at."
            yield Finding(place, f"is {time}, after published_at", remedy)


def _dates_after_voting(tree: Tree, choosing: list[_Decision], closes: datetime | None) -> Iterator[Finding]:
    for stage in choosing:
        if not stage.decided:
            continue
        place = ("stages", stage.position, "decided_at")
        if not stage.dated and "published_at" not in tree:
            problem = "is missing, but the stage is decided and nothing says from when that is public"
            yield Finding(place, problem, "Add the time of the decision, or published_at to the campaign.")
        if closes is not None and stage.decided_at is not None and stage.decided_at < closes:
            problem = f"is {described(stage.decided_at)}, before voting on what it decides closes"
            yield Finding(place, problem, f"Write {closes.isoformat()} or a later time, or decided = false.")


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
                problem = f"is {outcome}, but no stage that chooses among the projects is decided"
                remedy = "Leave it out until a stage with fewer seats than projects has decided = true."
                yield Finding(("projects", index, "outcome"), problem, remedy)


def _without_stages(tree: Tree, outcomes: dict[int, str]) -> Iterator[Finding]:
    if set(outcomes.values()) - {CANDIDATE} and "published_at" not in tree:
        remedy = "Add the time from which they are public, or leave the outcomes out."
        yield Finding(("published_at",), "is missing, but projects have outcomes", remedy)
    for index, outcome in outcomes.items():
        if WINNER in outcomes.values() and outcome in (CANDIDATE, FINALIST):
            problem = f"is {outcome}, but there are winners"
            yield Finding(("projects", index, "outcome"), problem, f"Write {WINNER} or {NOT_SELECTED}.")


def _after(stage: _Decision, outcomes: dict[int, str], choosing: list[_Decision]) -> Iterator[Finding]:
    """Find what contradicts this stage, the last one that is decided."""
    passed = (WINNER, FINALIST, CANDIDATE)[min(stage.remaining, 2)]
    allowed = (passed, NOT_SELECTED)
    later = next((each for each in choosing if each.position > stage.position and each.remaining == 0), None)
    for index, outcome in outcomes.items():
        if outcome not in allowed:
            is_early = outcome == WINNER or (outcome == FINALIST and passed == CANDIDATE)
            reason = f"{later.key} is not decided" if is_early and later else f"{stage.key} is decided"
            yield Finding(
                ("projects", index, "outcome"), f"is {outcome}, but {reason}", f"Write {' or '.join(allowed)}."
            )
    count = sum(outcome == passed for outcome in outcomes.values())
    if count != stage.seats:
        verb = "project is" if count == 1 else "projects are"
        problem = f"is {described(stage.seats)}, but {count} {verb} {passed}"
        remedy = f'Write outcome = "{passed}" for as many projects as there are seats, or mend the seats.'
        yield Finding(("stages", stage.position, "seats"), problem, remedy)
