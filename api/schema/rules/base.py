"""What every rule and every violation shows, so that a front-end need not hard-code the rules nor parse messages."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self

import strawberry

from api.domain.voting.rules import RuleCode, ViolationCode, base
from api.schema.common.texts import text


@strawberry.interface(
    description="A rule that every ballot is checked against: by `castBallot`, which enforces it, and by `checkBallot`, "
    "which only asks. Rules may be added: show `description` for one you do not know."
)
class BallotRule:
    """The fields that all rules have. Subtypes add a rule's parameters: fields have the names that they have in the domain."""

    value: strawberry.Private[Any]
    campaign: strawberry.Private[base.RuledCampaign]
    code: RuleCode = strawberry.field(description="Which rule it is.")
    description: str = text(lambda rule: rule.value.description(rule.campaign), "The rule as a sentence for voters.")

    @classmethod
    def of(cls, rule: base.Rule, campaign: base.RuledCampaign) -> Self:
        """Show a rule of a campaign."""
        own = _parameters(rule, cls, BallotRule)
        return cls(value=rule, campaign=campaign, code=RuleCode[rule.code], **own)


@strawberry.interface(
    description="One thing that is wrong with a ballot. All of them are reported together. Types may be added: show "
    "`message` for one you do not know."
)
class RuleViolation:
    """The fields that all violations have. Subtypes add a violation's parameters, as rules do."""

    value: strawberry.Private[Any]
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

    @classmethod
    def of(cls, violation: base.Violation) -> Self:
        """Show a violation."""
        own = _parameters(violation, cls, RuleViolation)
        code, rule = ViolationCode[violation.code], RuleCode[violation.rule]
        return cls(value=violation, code=code, rule=rule, path=list(violation.path), **own)


def _parameters(value: object, shown: type, interface: type) -> Mapping[str, Any]:
    """The values of the fields that a type adds to those of its interface, but for those that it resolves itself."""
    added = fields(shown)[len(fields(interface)) :]
    return {field.name: getattr(value, field.name) for field in added if field.init}
