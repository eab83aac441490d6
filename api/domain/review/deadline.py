"""To which moments the deadline of a panel can move: later ones, before whatever rests on the scores begins."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import Problem, ProblemCode
from api.domain.campaigns.stages import Stage
from api.domain.review.terms import PanelTerms
from api.domain.selection.terms import InputSource, StageKind
from api.domain.texts import Text

MAX_SPAN = timedelta(days=366)


def deadline_problems(campaign: Campaign, terms: PanelTerms, closes_at: datetime) -> Iterator[Problem]:
    """What stands in the way of a new deadline."""
    local = campaign.calendar.local
    if closes_at <= terms.closes_at:
        was = local(terms.closes_at).isoformat()
        yield _problem(
            f"closesAt须晚于现在的截止时间{was}。", f"closesAt is not later than the present deadline, {was}."
        )
    if closes_at - terms.opens_at > MAX_SPAN:
        yield _problem("closesAt距开始评审超过366天。", "closesAt is more than 366 days after the panel opens.")
    for stage in _resting_on_scores(campaign):
        if stage.opens_at is not None and closes_at > stage.opens_at:
            opens = local(stage.opens_at).isoformat()
            yield _problem(
                f"阶段{stage.code}的专家投票{opens}开始，须在评分截止之后：请先推迟它。",
                f"The experts' ballot of {stage.code} opens at {opens}, and has to wait for the scores: put it off first.",
            )


def uses_scores(stage: Stage) -> bool:
    """Whether the experts' scores are part of what a stage is decided by."""
    of_inputs = any(each.source is InputSource.EXPERT_SCORES for each in stage.inputs)
    return stage.kind is StageKind.EXPERT_SCORES or of_inputs


def _resting_on_scores(campaign: Campaign) -> Iterator[Stage]:
    """The expert ballots about what a stage has chosen by scores."""
    is_scored = False
    for stage in campaign.stages:
        if is_scored and stage.kind is StageKind.EXPERT_BALLOT:
            yield stage
        is_scored = is_scored or uses_scores(stage)


def _problem(zh: str, en: str) -> Problem:
    return Problem(ProblemCode.INVALID_INPUT, Text(zh, en), ("closesAt",))
