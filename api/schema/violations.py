"""The violations of rules as data: a type for each, with its parameters, so that clients need not parse the message."""

from dataclasses import asdict
from datetime import datetime

import strawberry

from api.domain.voting import violations
from api.domain.voting.quota import QuotaPeriod
from api.domain.voting.violations import RuleCode, ViolationCode
from api.schema.common.texts import text
from api.schema.rules import LIMIT, PERIOD

CHOSEN = "How many different projects this ballot names; a repeated one counts once."


@strawberry.interface(
    description="One thing that is wrong with a ballot. All of them are reported together. Types may be added: show "
    "`message` for one you do not know."
)
class RuleViolation:
    """The fields that all violations have. Subtypes add a violation's parameters."""

    value: strawberry.Private[violations.Violation]
    code: ViolationCode = strawberry.field(description="What exactly is wrong; stable, made for programs.")
    rule: RuleCode = strawberry.field(
        description="The rule that is broken. `Campaign.rules` has the parameters of those that a campaign sets."
    )
    message: str = text(
        lambda violation: violation.value.message, "What is wrong and what would be right, for the voter."
    )
    path: list[str] = strawberry.field(
        description='Where in the arguments it is, from the outside in, such as `["input", "projectIds"]`.'
    )


@strawberry.type(description="The ballot names fewer different projects than the minimum.")
class TooFewChoices(RuleViolation):
    """Shows domain.voting.violations.TooFewChoices."""

    minimum: int = strawberry.field(description="The fewest different projects a ballot may name.")
    chosen: int = strawberry.field(description=CHOSEN)


@strawberry.type(description="The ballot names more different projects than the maximum.")
class TooManyChoices(RuleViolation):
    """Shows domain.voting.violations.TooManyChoices."""

    maximum: int = strawberry.field(description="The most different projects a ballot may name.")
    chosen: int = strawberry.field(description=CHOSEN)


@strawberry.type(description="The ballot names some projects more than once.")
class RepeatedChoices(RuleViolation):
    """Shows domain.voting.violations.RepeatedChoices."""

    project_ids: list[strawberry.ID] = strawberry.field(
        description="The ids that are repeated, each once, in the order in which they first appear."
    )


@strawberry.type(description="The ballot has ids that name no project of the campaign.")
class UnknownProjects(RuleViolation):
    """Shows domain.voting.violations.UnknownProjects."""

    project_ids: list[strawberry.ID] = strawberry.field(
        description="Those ids as they were sent, each once, in the order in which they first appear."
    )


@strawberry.type(description="The voter has already cast as many ballots as the quota allows.")
class QuotaExhausted(RuleViolation):
    """Shows domain.voting.violations.QuotaExhausted."""

    limit: int = strawberry.field(description=LIMIT)
    period: QuotaPeriod = strawberry.field(description=PERIOD)
    next_allowed_at: datetime | None = strawberry.field(
        description="From when on the voter may cast again, such as the next midnight of the campaign's zone; null when "
        "voting ends before that."
    )


@strawberry.type(description="The voter has already cast another ballot with the idempotency key.")
class IdempotencyKeyReused(RuleViolation):
    """Shows domain.voting.violations.IdempotencyKeyReused."""

    ballot_id: strawberry.ID = strawberry.field(description="The id of the ballot that was cast with this key.")


@strawberry.type(description="Voting has not opened yet.")
class VotingNotOpen(RuleViolation):
    """Shows domain.voting.violations.VotingNotOpen."""

    opens_at: datetime = strawberry.field(description="The first instant at which a ballot is accepted.")


@strawberry.type(description="Voting has closed.")
class VotingClosed(RuleViolation):
    """Shows domain.voting.violations.VotingClosed."""

    closed_at: datetime = strawberry.field(description="The instant at which voting closed.")


VIOLATIONS: dict[type[violations.Violation], type[RuleViolation]] = {
    violations.TooFewChoices: TooFewChoices,
    violations.TooManyChoices: TooManyChoices,
    violations.RepeatedChoices: RepeatedChoices,
    violations.UnknownProjects: UnknownProjects,
    violations.QuotaExhausted: QuotaExhausted,
    violations.IdempotencyKeyReused: IdempotencyKeyReused,
    violations.VotingNotOpen: VotingNotOpen,
    violations.VotingClosed: VotingClosed,
}


def published_violation(violation: violations.Violation) -> RuleViolation:
    """Convert a violation to its GraphQL type."""
    return VIOLATIONS[type(violation)](
        value=violation,
        code=violation.code,
        rule=violation.rule,
        path=list(violation.path),
        **asdict(violation),
    )
