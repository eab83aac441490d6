"""Why something that an organizer asked for was not done. Then nothing of it was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from api.domain.campaigns.states import CampaignPhase
from api.domain.texts import Text


class ProblemCode(Enum):
    """What stands in the way of what an organizer asked for."""

    INVALID_INPUT = (
        "A value is wrong, missing, or at odds with another. `path` says where; mend it as the message says."
    )
    SLUG_IN_USE = "There is a campaign with this slug already. Choose another slug."
    STALE_REVISION = "Somebody has changed the campaign since. Read it again, and decide anew."
    FROZEN = (
        "Voting has opened or a ballot is stored, so this cannot change any more. Leave it as it is; to move the close of "
        "voting there is `extendVoting`, to take a project out `withdrawProject`."
    )
    INCOMPLETE = "The campaign cannot be presented, or stay so, without this. `path` says where."
    WRONG_PHASE = "The campaign is not in a phase in which this can be done. The message says in which it can."
    NOT_STANDING = "The project has been withdrawn or disqualified already, which is final. Go on."
    TOO_FEW_STANDING = (
        "Too few projects would stand for a ballot to name as many as the rules require. Do it once voting has closed."
    )
    NO_CHANGE = "It is so already, so there was nothing to do. Go on."
    TOO_EARLY = "This cannot be done yet. The message says from when on it can."
    TOO_LATE = "This can no longer be done. The message says until when it could."
    EARLIER_STAGE = "A stage before this one has to be decided, or be final, first."
    LATER_STAGE = "A later stage has been decided by what this one has decided, so it stays as it is."
    WRONG_STATE = (
        "What the stage has decided is not in a state in which this can be done. The message says in which it can."
    )
    BALLOTS_HELD = (
        "Ballots are held. Release or void them first: what is decided must not depend on what is still looked into."
    )
    QUORUM_NOT_MET = "Too few experts took part. `path` and message say where."
    TIE_UNRESOLVED = "It is still open who passes. Send the decisions or the seed that the plan asks for."
    STALE_PLAN = (
        "What the plan was made of has changed, or other decisions were sent with it. Plan again, and decide anew."
    )
    OBJECTIONS_OPEN = "There are objections without an answer. Answer them first."
    NOT_ON_PANEL = "Only an expert of the campaign who has accepted the invitation, and was not dropped, can do this."


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. path: the argument that it is about, and the place in it; empty for none."""

    code: ProblemCode
    message: Text
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaleRevision(Problem):
    """The revision that was expected is not the present one."""

    expected: int = 0
    present: int = 0


@dataclass(frozen=True, slots=True)
class WrongPhase(Problem):
    """The phase that the campaign is in, and those in which the act is possible."""

    phase: CampaignPhase = CampaignPhase.DRAFT
    allowed: tuple[CampaignPhase, ...] = ()


@dataclass(frozen=True, slots=True)
class FormError:
    """A mistake in a campaign that was sent.

    place: its keys, as a file has them, and places in lists, from 0. path: the same as GraphQL has it.
    """

    place: tuple[str | int, ...]
    path: tuple[str, ...]
    message: Text


FormErrors = tuple[FormError, ...]


class ActFailed(Exception):
    """Raised to undo what has been begun; with all problems at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message.en for problem in problems))
        self.problems = tuple(problems)


def refused(code: ProblemCode, zh: str, en: str, *path: str) -> ActFailed:
    """A refusal with one problem."""
    return ActFailed([Problem(code, Text(zh, en), path)])


def stale(expected: int, present: int) -> ActFailed:
    """The refusal of a change to a campaign that has changed since it was read."""
    message = Text(
        f"评选已被修改：您依据的是第{expected}版，现为第{present}版。请重新读取后再改。",
        f"The campaign has been changed: you had revision {expected}, and now it is {present}. Read it again.",
    )
    return ActFailed([StaleRevision(ProblemCode.STALE_REVISION, message, ("expectedRevision",), expected, present)])


PHASES_IN_CHINESE = {
    CampaignPhase.DRAFT: "草稿",
    CampaignPhase.UPCOMING: "未开始",
    CampaignPhase.VOTING: "投票中",
    CampaignPhase.PAUSED: "暂停中",
    CampaignPhase.CLOSED: "已截止",
    CampaignPhase.ANNOUNCED: "公示中",
    CampaignPhase.PUBLISHED: "已公布",
    CampaignPhase.ARCHIVED: "已归档",
}


def wrong_phase(phase: CampaignPhase, allowed: Sequence[CampaignPhase]) -> ActFailed:
    """The refusal of an act that cannot be done in this phase."""
    zh, en = "、".join(PHASES_IN_CHINESE[each] for each in allowed), " or ".join(each.name for each in allowed)
    message = Text(
        f"评选现处于“{PHASES_IN_CHINESE[phase]}”阶段，此操作只能在“{zh}”阶段进行。",
        f"The campaign is {phase.name}; this can be done while it is {en}.",
    )
    return ActFailed([WrongPhase(ProblemCode.WRONG_PHASE, message, ("campaign",), phase, tuple(allowed))])
