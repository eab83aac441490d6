"""Whether an expert may cast a ballot in a stage now, and whether these projects make one."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from api.domain.campaigns.acts import require_phase
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode, refused
from api.domain.campaigns.stages import Stage
from api.domain.campaigns.states import CampaignPhase
from api.domain.ids import ProjectId, parse_id
from api.domain.instants import spelled
from api.domain.selection.candidates import candidates, earlier_stages
from api.domain.selection.sources import needs_expert_ballots
from api.domain.selection.stage_rules import rules_of
from api.domain.texts import Text

PRESENTED = tuple(phase for phase in CampaignPhase if phase not in {CampaignPhase.DRAFT, CampaignPhase.ARCHIVED})
STAGE, PROJECTS = ("stage",), ("projects",)


def require_voting(campaign: Campaign, stage: Stage, now: datetime) -> None:
    """Raise ActFailed unless experts vote in the stage now."""
    require_phase(campaign, now, PRESENTED)
    if not needs_expert_ballots(rules_of(campaign, stage)):
        raise refused(
            ProblemCode.INVALID_INPUT,
            Text("阶段{stage}没有专家投票。", "Experts cast no ballots in the stage {stage}.", stage=stage.code),
            *STAGE,
        )
    for earlier in earlier_stages(campaign, stage):
        if not earlier.decided:
            raise refused(
                ProblemCode.EARLIER_STAGE,
                Text(
                    "须待前一阶段{earlier}的结果公示。",
                    "What the stage {earlier} before it has decided has to be announced first.",
                    earlier=earlier.code,
                ),
                *STAGE,
            )
    _require_open(campaign, stage, now)


def _require_open(campaign: Campaign, stage: Stage, now: datetime) -> None:
    local = campaign.calendar.local
    if stage.opens_at is None or now < stage.opens_at:
        at = Text("主办方写明的时间", "the time that the organizer states") if stage.opens_at is None else None
        since = at or spelled(local(stage.opens_at or now))
        raise refused(
            ProblemCode.TOO_EARLY,
            Text("专家投票自{since}开始。", "The experts vote from {since} on.", since=since),
            *STAGE,
        )
    if stage.closes_at is not None and now >= stage.closes_at:
        until = spelled(local(stage.closes_at))
        raise refused(
            ProblemCode.TOO_LATE,
            Text("专家投票已于{until}截止。", "The experts voted until {until}.", until=until),
            *STAGE,
        )


def chosen(campaign: Campaign, stage: Stage, ids: Sequence[str], conflicts: Collection[int]) -> tuple[int, ...]:
    """Return the projects of a ballot by number, in order. Raises ActFailed with everything that is wrong."""
    standing = {each.number for each in candidates(campaign, stage) if each.stands}
    numbers = [_number(campaign, name) for name in ids]
    problems = [*_choice_problems(numbers, standing, conflicts), *_size_problems(stage, len(ids))]
    if problems:
        raise ActFailed(problems)
    return tuple(sorted(number for number in numbers if number is not None))


def _number(campaign: Campaign, name: str) -> int | None:
    project = parse_id(name)
    return project.number if isinstance(project, ProjectId) and project.campaign == campaign.slug else None


def _choice_problems(
    numbers: Sequence[int | None], standing: Collection[int], conflicts: Collection[int]
) -> Iterator[Problem]:
    for place, number in enumerate(numbers):
        path = (*PROJECTS, str(place))
        if number not in standing:
            message = Text("这不是本阶段候选的id。", "This is the id of none who can be selected in the stage.")
            yield Problem(ProblemCode.INVALID_INPUT, message, path)
        elif number in conflicts:
            message = Text("您已回避第{number}号。", "You have recused yourself from number {number}.", number=number)
            yield Problem(ProblemCode.INVALID_INPUT, message, path)
        elif number in numbers[:place]:
            message = Text("第{number}号出现了不止一次。", "Number {number} is named more than once.", number=number)
            yield Problem(ProblemCode.INVALID_INPUT, message, path)


def _size_problems(stage: Stage, size: int) -> Iterator[Problem]:
    choices = stage.choices or ChoiceRange(1, stage.seats)
    if not choices.minimum <= size <= choices.maximum:
        message = Text(
            "须选{minimum}至{maximum}个，收到{size}个。",
            "A ballot names {minimum} to {maximum} projects; this one names {size}.",
            minimum=choices.minimum,
            maximum=choices.maximum,
            size=size,
        )
        yield Problem(ProblemCode.INVALID_INPUT, message, PROJECTS)
