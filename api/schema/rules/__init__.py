"""The rules of a campaign and their violations as data: a type for each, with its parameters, and the input of organizers."""

import strawberry

from api.domain.voting.rules.base import Rule, RuledCampaign, Violation
from api.schema.rules import choices, composition, times, voters
from api.schema.rules.base import BallotRule, RuleViolation

RULES: dict[type[Rule], type[BallotRule]] = choices.RULES | composition.RULES | voters.RULES | times.RULES
VIOLATIONS: dict[type[Violation], type[RuleViolation]] = (
    choices.VIOLATIONS | composition.VIOLATIONS | voters.VIOLATIONS | times.VIOLATIONS
)


@strawberry.input(
    description="What a ballot is checked against: `choices` and `quota`, or `votes` in their stead, and what else holds."
)
class RulesInput(
    choices.ChoiceRulesInput, composition.CompositionRulesInput, voters.VoterRulesInput, times.TimeRulesInput
):
    """Becomes the rules of domain.campaigns.campaign.Campaign."""


def published_rule(rule: Rule, campaign: RuledCampaign) -> BallotRule:
    """Convert a rule of a campaign to its GraphQL type."""
    return RULES[type(rule)].of(rule, campaign)


def published_violation(violation: Violation) -> RuleViolation:
    """Convert a violation to its GraphQL type."""
    return VIOLATIONS[type(violation)].of(violation)
