"""The rules about what the projects on a ballot are together, their violations, and what organizers say of them."""

from decimal import Decimal

import strawberry
from strawberry import UNSET

from api.domain.campaigns.groups import Grouping
from api.domain.voting.rules import base, budget, groups
from api.schema.rules.base import BallotRule, RuleViolation

CURRENCY = "The currency of it, an ISO 4217 code; null where the campaign states none."
IN_GROUP = "How many different projects of the group this ballot names."
GROUP = "The code of a theme or a district, or the name of a level."
OF_GROUP = "The ids of the group's projects on this ballot, each once, in the order in which they first appear."


@strawberry.type(
    description="A ballot names at least `minimum` and at most `maximum` projects of a group, or of each group. A project of "
    "several groups counts in each."
)
class GroupChoiceRule(BallotRule):
    """Shows domain.voting.rules.groups.GroupChoiceRule."""

    group_by: Grouping = strawberry.field(description="By what projects are grouped.")
    group: str | None = strawberry.field(description=f"{GROUP} Null: each group that has a project.")
    minimum: int | None = strawberry.field(
        description="The fewest projects of a group; null where there is no such bound."
    )
    maximum: int | None = strawberry.field(
        description="The most projects of a group; null where there is no such bound."
    )


@strawberry.type(description="The ballot names fewer projects of a group than its minimum.")
class TooFewInGroup(RuleViolation):
    """Shows domain.voting.rules.groups.TooFewInGroup."""

    group_by: Grouping = strawberry.field(description="By what projects are grouped.")
    group: str = strawberry.field(description=GROUP)
    minimum: int = strawberry.field(description="The fewest projects of the group that a ballot may name.")
    chosen: int = strawberry.field(description=IN_GROUP)
    project_ids: list[strawberry.ID] = strawberry.field(description=OF_GROUP)


@strawberry.type(description="The ballot names more projects of a group than its maximum.")
class TooManyInGroup(RuleViolation):
    """Shows domain.voting.rules.groups.TooManyInGroup."""

    group_by: Grouping = strawberry.field(description="By what projects are grouped.")
    group: str = strawberry.field(description=GROUP)
    maximum: int = strawberry.field(description="The most projects of the group that a ballot may name.")
    chosen: int = strawberry.field(description=IN_GROUP)
    project_ids: list[strawberry.ID] = strawberry.field(description=OF_GROUP)


@strawberry.type(
    description="The projects on a ballot cost at most `limit` together. One that states no cost costs nothing."
)
class BudgetRule(BallotRule):
    """Shows domain.voting.rules.budget.BudgetRule."""

    limit: Decimal = strawberry.field(description="The most that they may cost together.")

    @strawberry.field(description=CURRENCY)
    def currency(self) -> str | None:
        return self.campaign.currency


@strawberry.type(description="The projects on the ballot cost more than the limit together.")
class BudgetExceeded(RuleViolation):
    """Shows domain.voting.rules.budget.BudgetExceeded."""

    limit: Decimal = strawberry.field(description="The most that they may cost together.")
    cost: Decimal = strawberry.field(description="What they cost together; a repeated one counts once.")
    currency: str | None = strawberry.field(description=CURRENCY)
    project_ids: list[strawberry.ID] = strawberry.field(
        description="The ids of those that cost something, each once, in the order in which they first appear."
    )


@strawberry.input(description="How many projects of a group a ballot names; `minimum`, `maximum` or both.")
class GroupChoiceInput:
    """Becomes domain.voting.rules.groups.GroupChoiceRule."""

    group_by: Grouping = strawberry.field(description="By what projects are grouped.")
    group: str | None = strawberry.field(
        default=UNSET,
        description="The group: the code of a theme or a district, or the name of a level. Left out: each group.",
    )
    minimum: int | None = strawberry.field(default=UNSET, description="The fewest of the group.")
    maximum: int | None = strawberry.field(default=UNSET, description="The most of the group.")


@strawberry.input(description="What the projects on a ballot may cost together.")
class BudgetInput:
    """Becomes domain.voting.rules.budget.BudgetRule."""

    limit: Decimal = strawberry.field(description="The most, in the campaign's currency.")


@strawberry.input(description="What the projects on a ballot are together.")
class CompositionRulesInput:
    """The part of RulesInput that is about it."""

    groups: list[GroupChoiceInput] | None = strawberry.field(default=UNSET, description="How many of a group.")
    budget: BudgetInput | None = strawberry.field(default=UNSET, description="What choices may cost together.")


RULES: dict[type[base.Rule], type[BallotRule]] = {
    groups.GroupChoiceRule: GroupChoiceRule,
    budget.BudgetRule: BudgetRule,
}
VIOLATIONS: dict[type[base.Violation], type[RuleViolation]] = {
    groups.TooFewInGroup: TooFewInGroup,
    groups.TooManyInGroup: TooManyInGroup,
    budget.BudgetExceeded: BudgetExceeded,
}
