"""Invitations to a panel: what they say, what is wrong with them, and the codes that accept them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.domain.campaigns.problems import Problem, ProblemCode
from api.domain.characters import count_characters, first_invisible
from api.domain.review.panel import Panel
from api.domain.review.terms import ExpertState
from api.domain.texts import Text

MAX_NAME_LENGTH = 200  # characters; also of an organization, and of a claim's value
MAX_CLAIM_LENGTH = 64
MAX_INVITATIONS = 200  # at once
MAX_EXPERTS = 1_000  # of a campaign
MAX_VALIDITY = timedelta(days=366)
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # of codes: nothing that is easily taken for another
CODE_LENGTH = 20  # characters of five bits
GROUP = 5


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom to invite. expires_at: None for the panel's deadline. conflicts: numbers of projects that they must not
    review; 0 stands for one of another campaign."""

    name: str
    organization: str | None = None
    expires_at: datetime | None = None
    claim: tuple[str, str] | None = None
    conflicts: tuple[int, ...] = ()


def new_code(random: bytes) -> str:
    """A code of 100 bits, in groups that can be read out; of as many random bytes as it has characters."""
    letters = [ALPHABET[byte % len(ALPHABET)] for byte in random[:CODE_LENGTH]]
    return "-".join("".join(letters[start : start + GROUP]) for start in range(0, CODE_LENGTH, GROUP))


def code_digest(code: str) -> str:
    """The SHA-256 by which a code is stored; upper case, spaces and dashes make no difference."""
    typed = "".join(code.split()).replace("-", "").lower()
    return hashlib.sha256(typed.encode("utf-8", "surrogatepass")).hexdigest()


def invitation_problems(panel: Panel, invitations: Sequence[Invitation], now: datetime) -> list[Problem]:
    """Everything that is wrong with invitations."""
    found = [*_number_problems(panel, len(invitations))]
    claims = [expert.claim for expert in panel.experts if expert.state is ExpertState.INVITED]
    for place, invitation in enumerate(invitations):
        for field, message in _mistakes(panel, invitation, now):
            found.append(Problem(ProblemCode.INVALID_INPUT, message, ("invitations", str(place), field)))
        if invitation.claim is not None and invitation.claim in claims:
            message = Text("已有同样凭证的邀请。", "Somebody is invited by this claim already.")
            found.append(Problem(ProblemCode.INVALID_INPUT, message, ("invitations", str(place), "claim")))
        claims.append(invitation.claim)
    return found


def _number_problems(panel: Panel, number: int) -> Iterator[Problem]:
    if not 0 < number <= MAX_INVITATIONS or len(panel.experts) + number > MAX_EXPERTS:
        message = Text(
            "一次邀请1至{max_invitations}位专家，每个评选至多{max_experts}位。",
            "Invite 1 to {max_invitations} experts at once; a campaign has at most {max_experts}.",
            max_invitations=MAX_INVITATIONS,
            max_experts=MAX_EXPERTS,
        )
        yield Problem(ProblemCode.INVALID_INPUT, message, ("invitations",))


def _mistakes(panel: Panel, invitation: Invitation, now: datetime) -> Iterator[tuple[str, Text]]:
    if not _is_line(invitation.name, MAX_NAME_LENGTH):
        yield "name", _length(Text("姓名", "The name"), MAX_NAME_LENGTH)
    if invitation.organization is not None and not _is_line(invitation.organization, MAX_NAME_LENGTH):
        yield "organization", _length(Text("单位", "The organization"), MAX_NAME_LENGTH)
    if invitation.claim is not None:
        claim, value = invitation.claim
        if not _is_line(claim, MAX_CLAIM_LENGTH) or not _is_line(value, MAX_NAME_LENGTH):
            yield "claim", Text("凭证的名称和值不可为空或过长。", "The claim's name or value is empty or too long.")
    expires_at = invitation.expires_at or panel.terms.closes_at
    if not now < expires_at <= now + MAX_VALIDITY:
        yield "expiresAt", Text("失效时间须在今后366天之内。", "It expires within the next 366 days.")
    for number in invitation.conflicts:
        if not number:
            yield "conflicts", Text("其中有其他评选的项目。", "One of them is a project of another campaign.")
        elif number not in panel.campaign.by_number:
            yield (
                "conflicts",
                Text("评选中没有第{number}号。", "The campaign has no project number {number}.", number=number),
            )


def _is_line(text: str, most: int) -> bool:
    return bool(text.strip()) and first_invisible(text) is None and count_characters(text) <= most and len(text) <= most


def _length(what: Text, most: int) -> Text:
    return Text("{what}须为1至{most}个可见字符。", "{what} has 1 to {most} printable characters.", what=what, most=most)
