"""Say why a ballot is refused: every violation with its parameters and what would be right, in both languages.

A violation is data, not an error. All of them are reported together, so that a voter can correct a ballot in one go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar, assert_never

from api.domain.instants import spelled
from api.domain.texts import Text, counted
from api.domain.voting.quota import QuotaPeriod

INPUT = ("input",)
CHOICES = ("input", "projectIds")


class RuleCode(Enum):
    """The rules a ballot is checked against."""

    CHOICE_COUNT = "A ballot names at least `minimum` and at most `maximum` different projects."
    DISTINCT_CHOICES = "A ballot names no project twice."
    ELIGIBLE_PROJECTS = "Every project on a ballot stands in the campaign the ballot is cast in."
    QUOTA = "A voter casts at most `limit` ballots in a `period`."
    VOTING_WINDOW = "Ballots are accepted from `opensAt` on and before `closesAt`."
    IDEMPOTENCY_KEY = "An idempotency key stands for one ballot of its voter: the same projects, in the same campaign."


class ViolationCode(Enum):
    """What exactly is wrong with a ballot. New codes may be added: treat an unknown one as a refusal."""

    TOO_FEW_CHOICES = "Fewer different projects than the minimum. Ask the voter to choose more."
    TOO_MANY_CHOICES = "More different projects than the maximum. Ask the voter to drop some."
    REPEATED_CHOICES = "Some projects are named more than once. Send each id once."
    UNKNOWN_PROJECTS = "Some ids name no project of this campaign. Fetch the projects again."
    QUOTA_EXHAUSTED = "The voter has no ballot left in this period. Wait until `nextAllowedAt`."
    VOTING_NOT_OPEN = "Voting has not opened yet. Wait until `opensAt`."
    VOTING_CLOSED = "Voting has closed; no further ballot will be accepted."
    IDEMPOTENCY_KEY_REUSED = (
        "The voter has cast another ballot, `ballotId`, with this key. Send this one with a new key."
    )


@dataclass(frozen=True, slots=True)
class TooFewChoices:
    """A ballot of fewer than `minimum` different projects; `chosen` counts each id once."""

    minimum: int
    chosen: int
    code: ClassVar = ViolationCode.TOO_FEW_CHOICES
    rule: ClassVar = RuleCode.CHOICE_COUNT
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        """What is wrong and what would be right."""
        short = self.minimum - self.chosen
        return Text(
            f"至少须选择{self.minimum}个不同的项目，目前为{self.chosen}个，还差{short}个。",
            f"Choose at least {counted(self.minimum, 'different project')}; this ballot has {self.chosen}, {short} too few.",
        )


@dataclass(frozen=True, slots=True)
class TooManyChoices:
    """A ballot of more than `maximum` different projects; `chosen` counts each id once."""

    maximum: int
    chosen: int
    code: ClassVar = ViolationCode.TOO_MANY_CHOICES
    rule: ClassVar = RuleCode.CHOICE_COUNT
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        """What is wrong and what would be right."""
        over = self.chosen - self.maximum
        return Text(
            f"最多可选择{self.maximum}个项目，目前为{self.chosen}个，多出{over}个。",
            f"Choose at most {counted(self.maximum, 'project')}; this ballot has {self.chosen}, {over} too many.",
        )


@dataclass(frozen=True, slots=True)
class RepeatedChoices:
    """Ids that a ballot names more than once, each listed once, in the order they first appear."""

    project_ids: tuple[str, ...]
    code: ClassVar = ViolationCode.REPEATED_CHOICES
    rule: ClassVar = RuleCode.DISTINCT_CHOICES
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        """What is wrong and what would be right."""
        zh, en = _listed(self.project_ids)
        return Text(f"每个项目只能选择一次，重复的有：{zh}。", f"Name each project once; repeated: {en}.")


@dataclass(frozen=True, slots=True)
class UnknownProjects:
    """Ids that name no project of the campaign, each listed once, in the order they first appear."""

    project_ids: tuple[str, ...]
    code: ClassVar = ViolationCode.UNKNOWN_PROJECTS
    rule: ClassVar = RuleCode.ELIGIBLE_PROJECTS
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        """What is wrong and what would be right."""
        zh, en = _listed(self.project_ids)
        these = "This id names" if len(self.project_ids) == 1 else "These ids name"
        return Text(
            f"以下id不是本次评选的候选项目：{zh}。请重新获取项目列表。",
            f"{these} no project of this campaign: {en}. Fetch its projects and use their ids.",
        )


@dataclass(frozen=True, slots=True)
class QuotaExhausted:
    """No ballot left in this period; next_allowed_at is None when there will be no further one."""

    limit: int
    period: QuotaPeriod
    next_allowed_at: datetime | None
    code: ClassVar = ViolationCode.QUOTA_EXHAUSTED
    rule: ClassVar = RuleCode.QUOTA
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        """What is wrong and when it will be right."""
        match self.period:
            case QuotaPeriod.HOUR:
                zh, en = "每小时", "the most per hour"
            case QuotaPeriod.DAY:
                zh, en = "每天", "the most per voting day"
            case QuotaPeriod.CAMPAIGN:
                zh, en = "本次评选", "the most in this campaign"
            case _:
                assert_never(self.period)
        zh = f"{zh}限投{self.limit}次，您已投满"
        en = f"You have already cast {counted(self.limit, 'ballot')}, {en}"
        if self.next_allowed_at is None:
            return Text(f"{zh}，不能再投票。", f"{en}; no further ballot will be accepted.")
        again = spelled(self.next_allowed_at)
        return Text(f"{zh}，{again.zh}起可再次投票。", f"{en}; vote again from {again.en}.")


@dataclass(frozen=True, slots=True)
class IdempotencyKeyReused:
    """Another ballot than the one that the voter has cast with this key; ballot_id: the API's id of that one."""

    ballot_id: str
    code: ClassVar = ViolationCode.IDEMPOTENCY_KEY_REUSED
    rule: ClassVar = RuleCode.IDEMPOTENCY_KEY
    path: ClassVar = ("input", "idempotencyKey")

    @property
    def message(self) -> Text:
        """What is wrong and what would be right."""
        return Text(
            f"这张选票未投出：其idempotencyKey已用于另一张选票（{self.ballot_id}），请换一个新的再投。",
            f"This ballot was not cast: its idempotencyKey belongs to another one, {self.ballot_id}. Send it with a new key.",
        )


@dataclass(frozen=True, slots=True)
class VotingNotOpen:
    """A ballot before the window."""

    opens_at: datetime
    code: ClassVar = ViolationCode.VOTING_NOT_OPEN
    rule: ClassVar = RuleCode.VOTING_WINDOW
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        """What is wrong and when it will be right."""
        at = spelled(self.opens_at)
        return Text(f"投票尚未开始，{at.zh}开放。", f"Voting has not opened yet; it opens at {at.en}.")


@dataclass(frozen=True, slots=True)
class VotingClosed:
    """A ballot after the window."""

    closed_at: datetime
    code: ClassVar = ViolationCode.VOTING_CLOSED
    rule: ClassVar = RuleCode.VOTING_WINDOW
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        """What is wrong."""
        at = spelled(self.closed_at)
        return Text(f"投票已于{at.zh}结束。", f"Voting closed at {at.en}.")


Violation = (
    TooFewChoices
    | TooManyChoices
    | RepeatedChoices
    | UnknownProjects
    | QuotaExhausted
    | IdempotencyKeyReused
    | VotingNotOpen
    | VotingClosed
)

MAX_LISTED_IDS = 5  # ids that a message spells out; the violation's own list has all of them


def _listed(ids: Sequence[str]) -> tuple[str, str]:
    shown = [name if len(name) <= 80 else name[:79] + "…" for name in ids[:MAX_LISTED_IDS]]
    more = len(ids) - MAX_LISTED_IDS
    if more <= 0:
        return "、".join(shown), ", ".join(shown)
    return f"{'、'.join(shown)}等{len(ids)}个", f"{', '.join(shown)} and {more} more"
