"""Whether a stage can be decided now, and everything that stands in the way."""

from collections.abc import Iterator
from datetime import datetime

from api.domain.campaigns.acts import require_phase
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode, refused
from api.domain.campaigns.stages import Stage
from api.domain.campaigns.states import CampaignPhase
from api.domain.instants import spelled
from api.domain.selection.candidates import earlier_stages, later_stages
from api.domain.selection.official_counts import OfficialCounts
from api.domain.selection.quorum import quorum_shortfalls
from api.domain.selection.record import Record
from api.domain.selection.record_making import StoredInputs
from api.domain.selection.sources import needs_expert_ballots, needs_reviews
from api.domain.selection.stage_rules import rules_of
from api.domain.selection.terms import StageKind
from api.domain.texts import Text, counted, joined

AFTER_VOTING = (CampaignPhase.CLOSED, CampaignPhase.ANNOUNCED, CampaignPhase.PUBLISHED)
STAGE = ("stage",)


def stage_of(campaign: Campaign, code: str) -> Stage:
    """Return the stage of this code. Raises ActFailed."""
    stage = campaign.stage(code)
    if stage is None:
        known = [each.code for each in campaign.stages]
        raise refused(
            ProblemCode.INVALID_INPUT,
            Text(
                "没有代码为“{code}”的阶段。现有：{known}。",
                "There is no stage {code}; there are: {known}.",
                code=code[:40],
                known=joined(known),
            ),
            *STAGE,
        )
    return stage


def stage_to_decide(campaign: Campaign, code: str, now: datetime) -> Stage:
    """Return the stage, if it is decided here. Raises ActFailed for one that its file decides, and before the close."""
    stage = stage_of(campaign, code)
    require_phase(campaign, now, AFTER_VOTING)
    if stage.kind is StageKind.SUBMISSION:
        raise refused(
            ProblemCode.WRONG_STATE,
            Text(
                "阶段{code}在投票前就已完成，无须在此决定。",
                "The stage {code} comes before the vote; there is nothing to decide here.",
                code=code,
            ),
            *STAGE,
        )
    if stage.decided and campaign.announcement(code) is None:
        raise refused(
            ProblemCode.WRONG_STATE,
            Text(
                "阶段{code}已写明decided = true，结果由主办方直接给出，不在此计算。",
                "The stage {code} is stated to be decided, with outcomes that the organizer gave; it is not "
                "computed here.",
                code=code,
            ),
            *STAGE,
        )
    return stage


def require_ready(campaign: Campaign, stage: Stage, decided: frozenset[str], now: datetime) -> None:
    """Raise ActFailed with all that has to be over before the stage is decided. decided: the stages with a version."""
    if problems := [*_stages_in_the_way(campaign, stage, decided), *_still_open(campaign, stage, now)]:
        raise ActFailed(problems)


def _stages_in_the_way(campaign: Campaign, stage: Stage, decided: frozenset[str]) -> Iterator[Problem]:
    for earlier in earlier_stages(campaign, stage):
        if not earlier.decided:
            message = Text(
                "须先决定并公示前一阶段{earlier}。",
                "The stage {earlier} before it has to be decided and announced first.",
                earlier=earlier.code,
            )
            yield Problem(ProblemCode.EARLIER_STAGE, message, STAGE)
    for later in later_stages(campaign, stage):
        if later in decided:
            message = Text(
                "后一阶段{later}已依据本阶段的结果作出决定，本阶段不能再改。",
                "The later stage {later} has been decided by what this one has decided, so this one stays as it is.",
                later=later,
            )
            yield Problem(ProblemCode.LATER_STAGE, message, STAGE)


def _still_open(campaign: Campaign, stage: Stage, now: datetime) -> Iterator[Problem]:
    rules = rules_of(campaign, stage)
    if needs_reviews(rules) and campaign.panel is not None and now < campaign.panel.closes_at:
        at = spelled(campaign.calendar.local(campaign.panel.closes_at))
        message = Text("专家评审到{at}才结束。", "The experts' panel closes at {at}.", at=at)
        yield Problem(ProblemCode.TOO_EARLY, message, STAGE)
    if needs_expert_ballots(rules):
        if stage.closes_at is None:
            message = Text(
                "该阶段尚未写明专家投票的截止时间closes_at。",
                "The stage does not say yet when the experts' ballot closes: closesAt.",
            )
            yield Problem(ProblemCode.TOO_EARLY, message, STAGE)
        elif now < stage.closes_at:
            at = spelled(campaign.calendar.local(stage.closes_at))
            message = Text("专家投票到{at}才截止。", "The experts' ballot closes at {at}.", at=at)
            yield Problem(ProblemCode.TOO_EARLY, message, STAGE)


def require_counted(inputs: StoredInputs, record: Record) -> None:
    """Raise ActFailed while ballots are held or not counted yet, or where too few experts took part."""
    if problems := [*_held(inputs.counts), *uncounted(inputs.uncounted, STAGE), *_short(record)]:
        raise ActFailed(problems)


def _held(counts: OfficialCounts) -> Iterator[Problem]:
    if counts.held:
        one = counts.held == 1
        message = Text(
            "有{held}张选票被搁置，请先恢复或作废。",
            "{held} {one} held. Release or void {one_2} first.",
            held=counts.held,
            one="ballot is" if one else "ballots are",
            one_2="it" if one else "them",
        )
        yield Problem(ProblemCode.BALLOTS_HELD, message, STAGE)


def uncounted(ballots: int, path: tuple[str, ...]) -> Iterator[Problem]:
    """The problem of so many ballots in approved batches of polling places that are not wholly counted; none without any."""
    if ballots:
        message = Text(
            "已批准的{ballots}张投票点选票正在计票，请等计完后再决定。",
            "{ballots_2} of polling places are being counted. Decide once they are.",
            ballots=ballots,
            ballots_2=counted(ballots, "approved ballot"),
        )
        yield Problem(ProblemCode.BALLOTS_UNCOUNTED, message, path)


def _short(record: Record) -> Iterator[Problem]:
    for each in quorum_shortfalls(record):
        if each.project is None:
            found = Text("专家选票只有{actual}张", "There are {actual} expert ballots", actual=each.actual)
        else:
            found = Text(
                "第{project}号只有{actual}份评审",
                "Number {project} has {actual} reviews",
                project=each.project,
                actual=each.actual,
            )
        message = Text(
            "{found}，法定最少{needed}。", "{found}; the quorum is {needed}.", found=found, needed=each.needed
        )
        yield Problem(ProblemCode.QUORUM_NOT_MET, message, STAGE)
