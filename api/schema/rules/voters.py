"""The rules about who votes and how often, their violations, and what organizers say of them."""

from datetime import datetime

import strawberry
from strawberry import UNSET

from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.rules import base, eligibility, idempotency_key, quota, votes
from api.schema.organisers.texts import TextInput
from api.schema.rules.base import BallotRule, RuleViolation

LIMIT = "The most ballots a voter may cast in one period."
VOTES = "The most votes a voter may cast in one period."
PER_PROJECT = "The most votes a voter may cast for one project in one period."
PERIOD = "The time over which the limit counts."
NEXT = (
    "From when on the voter may cast again, such as the next midnight of the campaign's zone; null when voting ends before "
    "that."
)


@strawberry.type(description="A voter casts at most `limit` ballots in a `period`.")
class QuotaRule(BallotRule):
    """Shows domain.voting.rules.quota.QuotaRule."""

    limit: int = strawberry.field(description=LIMIT)
    period: QuotaPeriod = strawberry.field(description=PERIOD)


@strawberry.type(description="The voter has already cast as many ballots as the quota allows.")
class QuotaExhausted(RuleViolation):
    """Shows domain.voting.rules.quota.QuotaExhausted."""

    limit: int = strawberry.field(description=LIMIT)
    period: QuotaPeriod = strawberry.field(description=PERIOD)
    next_allowed_at: datetime | None = strawberry.field(description=NEXT)


@strawberry.type(
    description="Votes are cast one by one: a ballot names one project and is one vote. A voter casts at most `limit` in a "
    "`period`, at most `perProject` of them for one project."
)
class VoteQuotaRule(BallotRule):
    """Shows domain.voting.rules.votes.VoteQuotaRule."""

    limit: int = strawberry.field(description=VOTES)
    per_project: int = strawberry.field(description=PER_PROJECT)
    period: QuotaPeriod = strawberry.field(description=PERIOD)


@strawberry.type(description="The voter has already cast as many votes as are allowed.")
class VotesExhausted(RuleViolation):
    """Shows domain.voting.rules.votes.VotesExhausted."""

    limit: int = strawberry.field(description=VOTES)
    period: QuotaPeriod = strawberry.field(description=PERIOD)
    next_allowed_at: datetime | None = strawberry.field(description=NEXT)


@strawberry.type(
    description="The voter has already cast as many votes for a project as are allowed; others may have some left."
)
class ProjectVotesExhausted(RuleViolation):
    """Shows domain.voting.rules.votes.ProjectVotesExhausted."""

    per_project: int = strawberry.field(description=PER_PROJECT)
    period: QuotaPeriod = strawberry.field(description=PERIOD)
    project_id: strawberry.ID = strawberry.field(description="The id of the project.")
    next_allowed_at: datetime | None = strawberry.field(description=NEXT)


@strawberry.type(description="A claim that a voter's sign-in has to have.")
class RequiredClaim:
    """Shows domain.voting.rules.eligibility.RequiredClaim."""

    claim: str = strawberry.field(description="Its name, such as `residence`.")
    values: list[str] = strawberry.field(description="The values of which it has one; none: any value is accepted.")


@strawberry.type(
    description="Only some people may vote: those who have all these claims and, where `listed`, are on a list."
)
class EligibilityRule(BallotRule):
    """Shows domain.voting.rules.eligibility.EligibilityRule."""

    listed: bool = strawberry.field(
        description="Whether a voter has to be on the campaign's list, which is not public."
    )

    @strawberry.field(description="What the sign-in provider has to say of a voter.")
    def claims(self) -> list[RequiredClaim]:
        return [RequiredClaim(claim=each.claim, values=list(each.values)) for each in self.value.claims]


@strawberry.type(description="The voter may not vote in this campaign. What is known of the voter is not told.")
class NotEligible(RuleViolation):
    """Shows domain.voting.rules.eligibility.NotEligible."""

    claims: list[str] = strawberry.field(
        description="The names of the required claims that the voter's sign-in lacks, or has with no value that is accepted."
    )
    unlisted: bool = strawberry.field(
        description="Whether the voter would have to be on the campaign's list, and is not."
    )


@strawberry.type(description="The voter has already cast another ballot with the idempotency key.")
class IdempotencyKeyReused(RuleViolation):
    """Shows domain.voting.rules.idempotency_key.IdempotencyKeyReused."""

    ballot_id: strawberry.ID = strawberry.field(description="The id of the ballot that was cast with this key.")


@strawberry.input(description="How many ballots a voter casts in a period.")
class QuotaInput:
    """Becomes domain.voting.quota.Quota."""

    limit: int = strawberry.field(description="The most, from 1 to 20.")
    period: QuotaPeriod = strawberry.field(description="The time over which it counts.")
    per_channel: bool = strawberry.field(
        default=False, description="Whether a voter has so many by each channel: web, WeChat, paper and so on."
    )


@strawberry.input(
    description="Votes cast one by one, instead of ballots of several projects: each ballot names one project."
)
class VotesInput:
    """Becomes domain.voting.rules.votes.VoteQuotaRule."""

    limit: int = strawberry.field(description="The most votes of a voter in a period, from 1 to 100.")
    per_project: int = strawberry.field(default=1, description="The most of them for one project.")
    period: QuotaPeriod = strawberry.field(description="The time over which they count.")


@strawberry.input(description="A claim that a voter's sign-in has to bring.")
class RequiredClaimInput:
    """Becomes domain.voting.rules.eligibility.RequiredClaim."""

    claim: str = strawberry.field(description="The name of the claim in the provider's tokens, such as `residence`.")
    values: list[str] | None = strawberry.field(
        default=UNSET, description="The values of which it has one; left out, any value."
    )


@strawberry.input(
    description="Who may vote: whoever brings all these claims and is on this list, as far as they are given."
)
class EligibilityInput:
    """Becomes domain.voting.rules.eligibility.EligibilityRule."""

    claims: list[RequiredClaimInput] | None = strawberry.field(default=UNSET, description="Claims of the sign-in.")
    viewers: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="The ids of those who may vote, as `Viewer.id` has them; left out, whoever signs in."
    )
    description: TextInput | None = strawberry.field(default=UNSET, description="Who may vote, in words for voters.")


@strawberry.input(description="Who votes, and how often.")
class VoterRulesInput:
    """The part of RulesInput that is about it."""

    quota: QuotaInput | None = strawberry.field(default=UNSET, description="How many ballots a voter casts.")
    votes: VotesInput | None = strawberry.field(
        default=UNSET, description="Votes one by one, instead of the two above."
    )
    eligibility: EligibilityInput | None = strawberry.field(
        default=UNSET, description="Who may vote; left out, everybody who signs in."
    )


RULES: dict[type[base.Rule], type[BallotRule]] = {
    quota.QuotaRule: QuotaRule,
    votes.VoteQuotaRule: VoteQuotaRule,
    eligibility.EligibilityRule: EligibilityRule,
}
VIOLATIONS: dict[type[base.Violation], type[RuleViolation]] = {
    quota.QuotaExhausted: QuotaExhausted,
    votes.VotesExhausted: VotesExhausted,
    votes.ProjectVotesExhausted: ProjectVotesExhausted,
    eligibility.NotEligible: NotEligible,
    idempotency_key.IdempotencyKeyReused: IdempotencyKeyReused,
}
