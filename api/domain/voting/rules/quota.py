"""How many ballots a voter casts in a period, and when the next one may be cast."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never
from zoneinfo import ZoneInfo

from api.domain.instants import spelled
from api.domain.texts import Text, counted
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.rules.base import INPUT, JudgedBallot, Rule, RuledCampaign, Violation
from api.domain.voting.rules.hours import open_from

EXAMPLE = datetime(2017, 3, 23, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class QuotaExhausted(Violation):
    """No ballot left in this period; next_allowed_at is None when there will be no further one."""

    limit: int
    period: QuotaPeriod
    next_allowed_at: datetime | None
    code: ClassVar = "QUOTA_EXHAUSTED"
    rule: ClassVar = "QUOTA"
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        period, again = per(self.period), vote_again(self.next_allowed_at)
        return Text(
            "{period}限投{limit}次，您已投满，{again}",
            "You have already cast {ballots}, the most {period}; {again}",
            period=period,
            limit=self.limit,
            again=again,
            ballots=counted(self.limit, "ballot"),
        )

    @classmethod
    def example(cls) -> "QuotaExhausted":
        return cls(1, QuotaPeriod.DAY, EXAMPLE)


@dataclass(frozen=True, slots=True)
class QuotaRule(Rule):
    """At most `limit` ballots a period."""

    limit: int
    period: QuotaPeriod
    code: ClassVar[str] = "QUOTA"

    def description(self, campaign: RuledCampaign) -> Text:
        period = per(self.period)
        return Text(
            "每位投票人{period}限投{limit}次。",
            "A voter casts at most {ballots} {period}.",
            period=period,
            limit=self.limit,
            ballots=counted(self.limit, "ballot"),
        )

    def violations(self, attempt: JudgedBallot) -> Sequence[Violation]:
        """Report an exhausted quota as far as it is known; the insert into the ballot box decides."""
        used_up = attempt.ballots_cast is not None and attempt.ballots_cast >= self.limit
        if used_up and attempt.campaign.window.contains(attempt.now):
            return (self.exhausted(attempt.campaign, attempt.now),)
        return ()

    def exhausted(self, campaign: RuledCampaign, now: datetime) -> QuotaExhausted:
        """The violation of one ballot too many, with the moment at which the next one may be cast."""
        return QuotaExhausted(self.limit, self.period, next_ballot_at(campaign, now))


def next_ballot_at(campaign: RuledCampaign, now: datetime) -> datetime | None:
    """When a voter whose quota is used up may cast again, in the hours of voting; None when voting ends first."""
    renewed = campaign.quota.period.next_begins(campaign.calendar, now)
    return None if renewed is None else open_from(campaign, renewed)


def per(period: QuotaPeriod) -> Text:
    """A period in a sentence, after how much is allowed in it: the most per voting day."""
    match period:
        case QuotaPeriod.HOUR:
            return Text("每小时", "per hour")
        case QuotaPeriod.DAY:
            return Text("每天", "per voting day")
        case QuotaPeriod.CAMPAIGN:
            return Text("在本次评选中", "in this campaign")
        case _:
            assert_never(period)


def vote_again(at: datetime | None) -> Text:
    """The end of a sentence that says from when on the voter may vote again."""
    if at is None:
        return Text("不能再投票。", "no further ballot will be accepted.")
    again = spelled(at)
    return Text("{again}起可再次投票。", "vote again from {again}.", again=again)
