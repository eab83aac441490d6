"""The rulings that can be made on a ballot that has been cast: hold, release, void. Nobody changes or deletes one.

Rulings on a ballot are a sequence that only grows; the last one says where the ballot stands, none that it counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from api.domain.characters import count_characters
from api.domain.errors import bad_input
from api.domain.texts import Text

MIN_REASON_LENGTH, MAX_REASON_LENGTH = 10, 500  # characters


class BallotStatus(Enum):
    """Whether a ballot counts. Whatever its status, it stays stored, and its voter's quota stays spent."""

    COUNTED = "It counts."
    HELD = "It is set aside while the organizer looks into it, and does not count until it is released."
    VOIDED = "It does not count, and never will again."


class RulingKind(Enum):
    """What an organizer has decided about a ballot."""

    HOLD = "Set aside for the time being: it does not count until it is released."
    RELEASE = "No longer held: it counts as if nothing had been."
    VOID = "Out for good. It stays stored, with this ruling on it."


class RulingProblemCode(Enum):
    """Why a ruling was not made on a ballot."""

    NO_SUCH_BALLOT = (
        "No ballot of this campaign has this id. Check the campaign, and take ids from a suspicion or a receipt."
    )
    ALREADY_HELD = "The ballot is held already, so there was nothing to do. Go on."
    NOT_HELD = "Only a held ballot can be released, and this one counts already. Go on."
    ALREADY_VOIDED = "The ballot is voided. That is final: no further ruling can be made on it."


OUTCOME: Mapping[RulingKind, BallotStatus] = {
    RulingKind.HOLD: BallotStatus.HELD,
    RulingKind.RELEASE: BallotStatus.COUNTED,
    RulingKind.VOID: BallotStatus.VOIDED,
}
PROBLEMS: Mapping[tuple[BallotStatus, RulingKind], RulingProblemCode] = {
    (BallotStatus.COUNTED, RulingKind.RELEASE): RulingProblemCode.NOT_HELD,
    (BallotStatus.HELD, RulingKind.HOLD): RulingProblemCode.ALREADY_HELD,
    **dict.fromkeys([(BallotStatus.VOIDED, kind) for kind in RulingKind], RulingProblemCode.ALREADY_VOIDED),
}
MESSAGES: Mapping[RulingProblemCode, Text] = {
    RulingProblemCode.NO_SUCH_BALLOT: Text(
        "本次评选中没有此id的选票。", "No ballot of this campaign has this id. Ids look like ballot/ and 26 characters."
    ),
    RulingProblemCode.ALREADY_HELD: Text("该选票已被搁置，无须再次搁置。", "This ballot is held already."),
    RulingProblemCode.NOT_HELD: Text("该选票未被搁置，正常计票。", "This ballot is not held; it counts already."),
    RulingProblemCode.ALREADY_VOIDED: Text("该选票已作废，不可再作决定。", "This ballot is voided, which is final."),
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision. by: who made it, under their name in the trail; None for staff. reason is what the voter is told."""

    kind: RulingKind
    reason: str
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a ruling: the ids of the ballots it was made on, and why it was not made on the others."""

    ruled: tuple[str, ...]
    problems: tuple[tuple[str, RulingProblemCode], ...]


def status_after(last: RulingKind | None) -> BallotStatus:
    """A ballot's status after its last ruling; None stands for no ruling."""
    return BallotStatus.COUNTED if last is None else OUTCOME[last]


def problem(status: BallotStatus, kind: RulingKind) -> RulingProblemCode | None:
    """Why a ruling cannot be made on a ballot with this status; None when it can."""
    return PROBLEMS.get((status, kind))


def checked_reason(reason: str) -> str:
    """The reason without white space around it. Raises ApiError BAD_INPUT when its length is wrong or it has a NUL."""
    text = reason.strip()
    if "\x00" in text:
        raise bad_input(
            Text("reason不得含有空字符（U+0000）。", "reason has a NUL (U+0000) in it."), argument="input.reason"
        )
    length = count_characters(text)
    if MIN_REASON_LENGTH <= length <= MAX_REASON_LENGTH:
        return text
    raise bad_input(
        Text(
            "reason须为{min_reason_length}至{max_reason_length}个字符，收到{length}个。投票人会看到它。",
            "reason has {min_reason_length} to {max_reason_length} characters; this one has {length}. The "
            "voter reads it.",
            min_reason_length=MIN_REASON_LENGTH,
            max_reason_length=MAX_REASON_LENGTH,
            length=length,
        ),
        argument="input.reason",
    )
