"""The rules of a campaign as data, so that a front-end need not hard-code them."""

from dataclasses import asdict
from datetime import datetime

import strawberry

from api.domain.voting import judging
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.violations import RuleCode
from api.schema.common.texts import text

LIMIT = "The most ballots a voter may cast in one period."
PERIOD = "The time over which the limit counts."


@strawberry.interface(
    description="A rule that every ballot is checked against: by `castBallot`, which enforces it, and by `checkBallot`, "
    "which only asks. Rules may be added: show `description` for one you do not know."
)
class BallotRule:
    """The fields that all rules have. Subtypes add a rule's parameters, under the names they have in the domain."""

    value: strawberry.Private[judging.Rule]
    code: RuleCode = strawberry.field(description="Which rule it is.")
    description: str = text(lambda rule: rule.value.description, "The rule as a sentence for voters.")


@strawberry.type(description="A ballot names between `minimum` and `maximum` different projects, both included.")
class ChoiceCountRule(BallotRule):
    """Shows domain.voting.judging.ChoiceCountRule."""

    minimum: int = strawberry.field(description="The fewest different projects a ballot may name.")
    maximum: int = strawberry.field(description="The most different projects a ballot may name.")


@strawberry.type(description="A ballot names no project twice.")
class DistinctChoicesRule(BallotRule):
    """Shows domain.voting.judging.DistinctChoicesRule."""


@strawberry.type(description="Every project on a ballot stands in the campaign that the ballot is cast in.")
class EligibleProjectsRule(BallotRule):
    """Shows domain.voting.judging.EligibleProjectsRule."""


@strawberry.type(description="A voter casts at most `limit` ballots in a `period`.")
class QuotaRule(BallotRule):
    """Shows domain.voting.judging.QuotaRule."""

    limit: int = strawberry.field(description=LIMIT)
    period: QuotaPeriod = strawberry.field(description=PERIOD)


@strawberry.type(description="A ballot is cast while voting is open: `opensAt <= t < closesAt`.")
class VotingWindowRule(BallotRule):
    """Shows domain.voting.judging.VotingWindowRule."""

    opens_at: datetime = strawberry.field(description="The first instant at which a ballot is accepted.")
    closes_at: datetime = strawberry.field(description="The first instant at which no ballot is accepted any more.")


RULES: dict[type[judging.Rule], type[BallotRule]] = {
    judging.ChoiceCountRule: ChoiceCountRule,
    judging.DistinctChoicesRule: DistinctChoicesRule,
    judging.EligibleProjectsRule: EligibleProjectsRule,
    judging.QuotaRule: QuotaRule,
    judging.VotingWindowRule: VotingWindowRule,
}


def published_rule(rule: judging.Rule) -> BallotRule:
    """Convert a rule to its GraphQL type."""
    return RULES[type(rule)](value=rule, code=rule.code, **asdict(rule))
