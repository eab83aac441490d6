"""Votes cast one by one: so many a period, and at most so many of them for one project."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from api.domain.texts import LocalizedText, Text, counted, localized
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.rules.base import CHOICES, INPUT, JudgedBallot, Rule, RuledCampaign, Violation
from api.domain.voting.rules.quota import EXAMPLE, next_ballot_at, per, vote_again


@dataclass(frozen=True, slots=True)
class VotesExhausted(Violation):
    """No vote left in this period; next_allowed_at is None when there will be no further one."""

    limit: int
    period: QuotaPeriod
    next_allowed_at: datetime | None
    code: ClassVar = "VOTES_EXHAUSTED"
    rule: ClassVar = "VOTE_QUOTA"
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        period, again = per(self.period), vote_again(self.next_allowed_at)
        return Text(
            "{period}限投{limit}票，您已投满，{again}",
            "You have already cast {votes}, the most {period}; {again}",
            period=period,
            limit=self.limit,
            again=again,
            votes=counted(self.limit, "vote"),
        )

    @classmethod
    def example(cls) -> "VotesExhausted":
        return cls(10, QuotaPeriod.DAY, EXAMPLE)


@dataclass(frozen=True, slots=True)
class ProjectVotesExhausted(Violation):
    """No vote left for this project in this period; next_allowed_at is None when there will be no further one."""

    per_project: int
    period: QuotaPeriod
    project_id: str
    title: LocalizedText
    next_allowed_at: datetime | None
    code: ClassVar = "PROJECT_VOTES_EXHAUSTED"
    rule: ClassVar = "VOTE_QUOTA"
    path: ClassVar = CHOICES

    @property
    def message(self) -> Text:
        period, again = per(self.period), vote_again(self.next_allowed_at)
        return Text(
            "同一项目{period}限投{per_project}票，您已为“{title}”投满，请改投其他项目；该项目{again}",
            "You have already cast {votes} for “{title}”, the most {period}. Vote for another project; for this "
            "one, {again}",
            period=period,
            per_project=self.per_project,
            title=self.title,
            again=again,
            votes=counted(self.per_project, "vote"),
        )

    @classmethod
    def example(cls) -> "ProjectVotesExhausted":
        return cls(1, QuotaPeriod.DAY, "project/shanghai-2017/7", localized(zh="同心家园", en="Shared Homes"), EXAMPLE)


@dataclass(frozen=True, slots=True)
class VoteQuotaRule(Rule):
    """A voter casts at most `limit` votes a period, at most `per_project` of them for one project; a ballot is one vote."""

    limit: int
    per_project: int
    period: QuotaPeriod
    code: Literal["VOTE_QUOTA"] = "VOTE_QUOTA"

    def description(self, campaign: RuledCampaign) -> Text:
        period = per(self.period)
        return Text(
            "每位投票人{period}最多投{limit}票，逐票投出，其中同一项目最多{per_project}票。",
            "A voter casts at most {votes} {period}, one by one, at most {per_project} of them for the same project.",
            period=period,
            limit=self.limit,
            per_project=self.per_project,
            votes=counted(self.limit, "vote"),
        )

    def violations(self, attempt: JudgedBallot) -> Iterator[Violation]:
        """Report exhausted votes as far as they are known; the insert into the ballot box decides."""
        campaign, now = attempt.campaign, attempt.now
        if not campaign.window.contains(now):
            return
        if attempt.ballots_cast is not None and attempt.ballots_cast >= self.limit:
            yield self.exhausted(campaign, now)
        for name in dict.fromkeys(attempt.draft.project_ids):
            if attempt.votes_for is not None and attempt.votes_for.get(name, 0) >= self.per_project:
                yield self.exhausted_for(name, campaign, now)

    def exhausted(self, campaign: RuledCampaign, now: datetime) -> VotesExhausted:
        """The violation of one vote too many, with the moment at which the next one may be cast."""
        return VotesExhausted(self.limit, self.period, next_ballot_at(campaign, now))

    def exhausted_for(self, project_id: str, campaign: RuledCampaign, now: datetime) -> ProjectVotesExhausted:
        """The violation of one vote too many for a project, with the moment at which the next one may be cast."""
        title, next_at = campaign.by_id[project_id].title, next_ballot_at(campaign, now)
        return ProjectVotesExhausted(self.per_project, self.period, project_id, title, next_at)
