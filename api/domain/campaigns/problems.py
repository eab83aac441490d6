"""Why something that an organizer asked for was not done. Then nothing of it was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from api.domain.campaigns.states import CampaignPhase
from api.domain.texts import Text, joined


class ProblemCode(Enum):
    """What stands in the way of what an organizer asked for."""

    INVALID_INPUT = (
        "A value is wrong, missing, or at odds with another. `path` says where; mend it as the message says."
    )
    SLUG_IN_USE = "There is a campaign with this slug already. Choose another slug."
    STALE_REVISION = "Somebody has changed it since. Read it again, and decide anew."
    FROZEN = (
        "Voting or the panel has opened, a ballot is stored, or it was announced, so this cannot change any more. Leave it as "
        "it is; to move the close of voting there is `extendVoting`, of the panel `extendPanel`, to take a project out "
        "`withdrawProject`, to mend what was announced `correctSelection`."
    )
    INCOMPLETE = "The campaign cannot be presented, or stay so, without this. `path` says where."
    WRONG_PHASE = "The campaign is not in a phase in which this can be done. The message says in which it can."
    NOT_STANDING = "The project has been withdrawn or disqualified already, which is final. Go on."
    TOO_FEW_STANDING = (
        "Too few projects would stand for a ballot to name as many as the rules require. Do it once voting has closed."
    )
    NO_CHANGE = "It is so already, so there was nothing to do. Go on."
    TOO_EARLY = "The time for this has not come. The message says when it comes."
    TOO_LATE = "The time for this is over. The message says since when."
    NO_PANEL = "No experts take part in the campaign. Where they shall, amend `panel` before voting opens."
    NOT_ON_PANEL = "Only the campaign's experts do this. Accept an invitation first, with `acceptInvitation`."
    NOT_ASSIGNED = "The project is not among those that the expert has to review. `viewer { reviews }` shows which are."
    WRONG_STATE = (
        "The review, the expert, or what the stage has decided is in a state in which this cannot be done. The message says in "
        "which."
    )
    INVALID_INVITATION = (
        "No invitation can be accepted like this: there is none, it was used, it has expired, or it was taken back. Ask the "
        "organizer for another one."
    )
    TOO_FEW_EXPERTS = (
        "Some projects would get fewer reviews than wanted, for conflicts of interest or for the most that an expert takes. "
        "Invite more experts, raise `mostPerExpert`, or lower `perProject`."
    )
    EARLIER_STAGE = "A stage before this one has to be decided, or be final, first."
    LATER_STAGE = "A later stage has been decided by what this one has decided, so it stays as it is."
    BALLOTS_HELD = (
        "Ballots are held. Release or void them first: what is decided must not depend on what is still looked into."
    )
    BALLOTS_UNCOUNTED = (
        "Ballots of a polling place were approved, and are being counted. Wait until they are: `jobs` shows how far."
    )
    QUORUM_NOT_MET = "Too few experts took part. `path` and message say where."
    TIE_UNRESOLVED = "It is still open who passes. Send the decisions or the seed that the plan asks for."
    STALE_PLAN = (
        "What the plan was made of has changed, or other decisions were sent with it. Plan again, and decide anew."
    )
    OBJECTIONS_OPEN = "There are objections without an answer. Answer them first."
    UNSUPPORTED_FORMAT = "No file of this format holds this content. The message says which formats do."
    UNSUPPORTED_FILE = (
        "The file is of a kind that is not taken, such as a ranking of projects in place of a choice. The message names the "
        "kind."
    )
    UNREADABLE_FILE = (
        "The file is not what its format asks for. `line` and `column` say where, the message what would be right."
    )
    BALLOT_REFUSED = "The rules refuse this ballot of the file. `violations` say why; mend the line, or leave it out."
    FILE_TOO_LARGE = "The file has more bytes than the server takes. Split it."
    BATCH_KNOWN = "The same batch of ballots was taken before. Upload it once."
    SECOND_ORGANIZER = "Whoever uploads ballots cannot approve them. Ask another organizer."
    JOB_TOO_LONG = "The job took longer than the server allows. Split the file, or ask its staff for more time."
    TOO_MANY_JOBS = "Too many of your jobs are not done yet. Wait for some, or cancel them."
    JOB_FAILED = (
        "The server failed to do it. Start it again later; its staff finds the reason in the log under the job's id."
    )


class ErrorPolicy(Enum):
    """What is done with the others when some of the items are refused."""

    ALL_OR_NOTHING = "Nothing is stored unless all of it can be."
    SKIP_REFUSED = "Those that are in order are stored; each of the others is a problem."


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


def refused(code: ProblemCode, message: Text, *path: str) -> ActFailed:
    """A refusal with one problem."""
    return ActFailed([Problem(code, message, path)])


CAMPAIGN = Text("评选", "The campaign")


def stale(expected: int, present: int, what: Text = CAMPAIGN) -> ActFailed:
    """The refusal of a change to a campaign, or to something of it, that has changed since it was read."""
    return ActFailed([stale_problem(expected, present, what)])


def stale_problem(expected: int, present: int, what: Text) -> StaleRevision:
    """What is wrong with the revision that a change was made to."""
    message = Text(
        "{what}已被修改：您依据的是第{expected}版，现为第{present}版。请重新读取后再改。",
        "{what} has been changed: you had revision {expected}, and now it is {present}. Read it again.",
        what=what,
        expected=expected,
        present=present,
    )
    return StaleRevision(ProblemCode.STALE_REVISION, message, ("expectedRevision",), expected, present)


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
    message = Text(
        "评选现处于“{phase}”阶段，此操作只能在“{allowed}”阶段进行。",
        "The campaign is {phase}; this can be done while it is {allowed}.",
        phase=_named(phase),
        allowed=joined(map(_named, allowed), "、", " or "),
    )
    return ActFailed([WrongPhase(ProblemCode.WRONG_PHASE, message, ("campaign",), phase, tuple(allowed))])


def _named(phase: CampaignPhase) -> Text:
    return Text(PHASES_IN_CHINESE[phase], phase.name)
