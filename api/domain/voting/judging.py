"""Check a ballot against the rules of its campaign.

The same rule objects serve castBallot, checkBallot, imports, and front-ends that show the rules. They decide by their
arguments alone, `now` included, and report everything that is wrong at once. A new rule is one class here, one
violation in domain.voting.violations and one type in the schema.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import ClassVar, assert_never

from api.domain.campaigns.campaign import Campaign
from api.domain.instants import zone_in_chinese
from api.domain.texts import Text, counted
from api.domain.voting.ballots import Draft
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.rules.votes import VoteQuotaRule
from api.domain.voting.violations import (
    QuotaExhausted,
    RepeatedChoices,
    RuleCode,
    TooFewChoices,
    TooManyChoices,
    UnknownProjects,
    Violation,
    VotingClosed,
    VotingNotOpen,
)


@dataclass(frozen=True, slots=True)
class CastAttempt:
    """A draft, its campaign and the moment, and what is known of the voter, None where it is not.

    ballots_cast: in the current period; votes_for: those of them that name a project, by its id.
    claims: as their sign-in provider makes them. listed: whether they are on the campaign's list of voters.
    """

    draft: Draft
    campaign: Campaign
    now: datetime
    ballots_cast: int | None = None
    votes_for: Mapping[str, int] | None = None
    claims: Mapping[str, tuple[str, ...]] | None = None
    listed: bool | None = None


@dataclass(frozen=True, slots=True)
class ChoiceCountRule:
    """At least `minimum` and at most `maximum` different projects."""

    minimum: int
    maximum: int
    code: ClassVar = RuleCode.CHOICE_COUNT

    @property
    def description(self) -> Text:
        """The rule as a sentence for voters."""
        if self.minimum == self.maximum:
            exactly = counted(self.minimum, "different project")
            return Text(f"每张选票须选择{self.minimum}个不同的项目。", f"A ballot names exactly {exactly}.")
        return Text(
            f"每张选票须选择{self.minimum}至{self.maximum}个不同的项目（含{self.minimum}个和{self.maximum}个）。",
            f"A ballot names {self.minimum} to {self.maximum} different projects, both included.",
        )

    def violations(self, attempt: CastAttempt) -> Iterator[Violation]:
        """Report too few or too many projects; an id counts once however often it is named."""
        chosen = len(set(attempt.draft.project_ids))
        if chosen < self.minimum:
            yield TooFewChoices(self.minimum, chosen)
        if chosen > self.maximum:
            yield TooManyChoices(self.maximum, chosen)


@dataclass(frozen=True, slots=True)
class DistinctChoicesRule:
    """No project twice."""

    code: ClassVar = RuleCode.DISTINCT_CHOICES

    @property
    def description(self) -> Text:
        """The rule as a sentence for voters."""
        return Text("同一项目在一张选票上只能选择一次。", "A ballot names no project twice.")

    def violations(self, attempt: CastAttempt) -> Iterator[Violation]:
        """Report the ids that are named more than once."""
        chosen = attempt.draft.project_ids
        if len(set(chosen)) < len(chosen):
            yield RepeatedChoices(tuple(name for name, count in Counter(chosen).items() if count > 1))


@dataclass(frozen=True, slots=True)
class EligibleProjectsRule:
    """Only projects that stand in the campaign."""

    code: ClassVar = RuleCode.ELIGIBLE_PROJECTS

    @property
    def description(self) -> Text:
        """The rule as a sentence for voters."""
        return Text("只能选择本次评选的候选项目。", "Only projects that stand in this campaign may be chosen.")

    def violations(self, attempt: CastAttempt) -> Iterator[Violation]:
        """Report the ids that name no project of the campaign."""
        chosen, eligible = attempt.draft.project_ids, attempt.campaign.positions_by_id.keys()
        if not eligible >= set(chosen):
            yield UnknownProjects(tuple(name for name in dict.fromkeys(chosen) if name not in eligible))


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """At most `limit` ballots a period."""

    limit: int
    period: QuotaPeriod
    code: ClassVar = RuleCode.QUOTA

    @property
    def description(self) -> Text:
        """The rule as a sentence for voters."""
        match self.period:
            case QuotaPeriod.HOUR:
                zh, en = "每小时", "hour"
            case QuotaPeriod.DAY:
                zh, en = "每天", "voting day"
            case QuotaPeriod.CAMPAIGN:
                zh, en = "在本次评选中", "campaign"
            case _:
                assert_never(self.period)
        return Text(
            f"每位投票人{zh}限投{self.limit}次。",
            f"A voter casts at most {counted(self.limit, 'ballot')} per {en}.",
        )

    def violations(self, attempt: CastAttempt) -> Iterator[Violation]:
        """Report an exhausted quota as far as it is known; the insert into the ballot box decides."""
        used_up = attempt.ballots_cast is not None and attempt.ballots_cast >= self.limit
        if used_up and attempt.campaign.window.contains(attempt.now):
            yield self.exhausted(attempt.campaign, attempt.now)

    def exhausted(self, campaign: Campaign, now: datetime) -> QuotaExhausted:
        """The violation of one ballot too many, with the moment at which the next one may be cast."""
        return QuotaExhausted(self.limit, self.period, next_ballot_at(campaign, now))


@dataclass(frozen=True, slots=True)
class VotingWindowRule:
    """Only while voting is open; both times are in the campaign's zone."""

    opens_at: datetime
    closes_at: datetime
    code: ClassVar = RuleCode.VOTING_WINDOW

    @property
    def description(self) -> Text:
        """The rule as a sentence for voters."""
        opens, closes = (f"{at:%Y-%m-%d %H:%M}" for at in (self.opens_at, self.closes_at))
        return Text(
            f"投票时间为{opens}至{closes}（{zone_in_chinese(self.closes_at)}，结束时刻不含在内）。",
            f"Voting is open from {opens} until just before {closes} ({self.closes_at.tzinfo}).",
        )

    def violations(self, attempt: CastAttempt) -> Iterator[Violation]:
        """Report a ballot that comes too early or too late."""
        if attempt.now < self.opens_at:
            yield VotingNotOpen(self.opens_at)
        if attempt.now >= self.closes_at:
            yield VotingClosed(self.closes_at)


Rule = ChoiceCountRule | DistinctChoicesRule | EligibleProjectsRule | QuotaRule | VotingWindowRule


def vote_quota(campaign: Campaign) -> VoteQuotaRule | None:
    """The rule by which votes are cast one by one, if they are."""
    return next((rule for rule in campaign.rules if isinstance(rule, VoteQuotaRule)), None)


def quota_rule(campaign: Campaign) -> QuotaRule:
    """The campaign's quota as a rule."""
    return QuotaRule(campaign.quota.limit, campaign.quota.period)


@lru_cache(maxsize=64)
def rules_of(campaign: Campaign) -> tuple[Rule, ...]:
    """Every rule of a campaign, in the order in which violations are reported."""
    local, window = campaign.calendar.local, campaign.window
    return (
        ChoiceCountRule(campaign.choices.minimum, campaign.choices.maximum),
        DistinctChoicesRule(),
        EligibleProjectsRule(),
        quota_rule(campaign),
        VotingWindowRule(local(window.opens_at), local(window.closes_at)),
    )


def judge(attempt: CastAttempt) -> tuple[Violation, ...]:
    """Return all that is wrong with an attempt; nothing when it may be cast."""
    return tuple(v for rule in rules_of(attempt.campaign) for v in rule.violations(attempt))


def next_ballot_at(campaign: Campaign, now: datetime) -> datetime | None:
    """When a voter whose quota is used up may cast again; None when voting ends first."""
    return campaign.quota.period.next_begins(campaign.calendar, now)
