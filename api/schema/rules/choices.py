"""The rules about what a ballot names, and their violations."""

from decimal import Decimal

import strawberry

from api.domain.campaigns.groups import Grouping
from api.domain.campaigns.projects import Standing
from api.domain.voting.rules import base, budget, choices, distinct, eligible_projects, groups
from api.schema.common.texts import optional_text
from api.schema.rules.base import BallotRule, RuleViolation

CHOSEN = "How many different projects this ballot names; a repeated one counts once."
CURRENCY = "The currency of it, an ISO 4217 code; null where the campaign states none."
IN_GROUP = "How many different projects of the group this ballot names."
GROUP = "The code of a theme or a district, or the name of a level."
OF_GROUP = "The ids of the group's projects on this ballot, each once, in the order in which they first appear."


@strawberry.type(description="A ballot names between `minimum` and `maximum` different projects, both included.")
class ChoiceCountRule(BallotRule):
    """Shows domain.voting.rules.choices.ChoiceCountRule."""

    minimum: int = strawberry.field(description="The fewest different projects a ballot may name.")
    maximum: int = strawberry.field(description="The most different projects a ballot may name.")


@strawberry.type(description="The ballot names fewer different projects than the minimum.")
class TooFewChoices(RuleViolation):
    """Shows domain.voting.rules.choices.TooFewChoices."""

    minimum: int = strawberry.field(description="The fewest different projects a ballot may name.")
    chosen: int = strawberry.field(description=CHOSEN)


@strawberry.type(description="The ballot names more different projects than the maximum.")
class TooManyChoices(RuleViolation):
    """Shows domain.voting.rules.choices.TooManyChoices."""

    maximum: int = strawberry.field(description="The most different projects a ballot may name.")
    chosen: int = strawberry.field(description=CHOSEN)


@strawberry.type(description="A ballot names no project twice.")
class DistinctChoicesRule(BallotRule):
    """Shows domain.voting.rules.distinct.DistinctChoicesRule."""


@strawberry.type(description="The ballot names some projects more than once.")
class RepeatedChoices(RuleViolation):
    """Shows domain.voting.rules.distinct.RepeatedChoices."""

    project_ids: list[strawberry.ID] = strawberry.field(
        description="The ids that are repeated, each once, in the order in which they first appear."
    )


@strawberry.type(description="Every project on a ballot stands in the campaign that the ballot is cast in.")
class EligibleProjectsRule(BallotRule):
    """Shows domain.voting.rules.eligible_projects.EligibleProjectsRule."""


@strawberry.type(description="The ballot has ids that name no project of the campaign.")
class UnknownProjects(RuleViolation):
    """Shows domain.voting.rules.eligible_projects.UnknownProjects."""

    project_ids: list[strawberry.ID] = strawberry.field(
        description="Those ids as they were sent, each once, in the order in which they first appear."
    )


@strawberry.type(description="That a project cannot be voted for any more.")
class ProjectStanding:
    """Shows domain.voting.rules.eligible_projects.ProjectStanding."""

    value: strawberry.Private[eligible_projects.ProjectStanding]
    project_id: strawberry.ID = strawberry.field(description="The id of the project.")
    standing: Standing = strawberry.field(description="Whether it was withdrawn or disqualified.")
    reason: str | None = optional_text(lambda standing: standing.value.reason, "Why; null where nobody has said.")

    @classmethod
    def of(cls, value: eligible_projects.ProjectStanding) -> "ProjectStanding":
        return cls(value=value, project_id=strawberry.ID(value.project_id), standing=value.standing)


@strawberry.type(description="The ballot names projects that were withdrawn or disqualified.")
class ProjectsNotStanding(RuleViolation):
    """Shows domain.voting.rules.eligible_projects.ProjectsNotStanding."""

    project_ids: list[strawberry.ID] = strawberry.field(
        description="The ids of those projects, each once, in the order in which they first appear."
    )

    @strawberry.field(description="What has become of each of them, in the same order.")
    def standings(self) -> list[ProjectStanding]:
        return [ProjectStanding.of(standing) for standing in self.value.standings]


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


RULES: dict[type[base.Rule], type[BallotRule]] = {
    choices.ChoiceCountRule: ChoiceCountRule,
    distinct.DistinctChoicesRule: DistinctChoicesRule,
    eligible_projects.EligibleProjectsRule: EligibleProjectsRule,
    groups.GroupChoiceRule: GroupChoiceRule,
    budget.BudgetRule: BudgetRule,
}
VIOLATIONS: dict[type[base.Violation], type[RuleViolation]] = {
    choices.TooFewChoices: TooFewChoices,
    choices.TooManyChoices: TooManyChoices,
    distinct.RepeatedChoices: RepeatedChoices,
    eligible_projects.UnknownProjects: UnknownProjects,
    eligible_projects.ProjectsNotStanding: ProjectsNotStanding,
    groups.TooFewInGroup: TooFewInGroup,
    groups.TooManyInGroup: TooManyInGroup,
    budget.BudgetExceeded: BudgetExceeded,
}
