"""The rules about what a ballot names, their violations, and what organizers say of them."""

import strawberry
from strawberry import UNSET

from api.domain.campaigns.projects import Standing
from api.domain.voting.rules import base, choices, distinct, eligible_projects
from api.schema.common.texts import optional_text
from api.schema.rules.base import BallotRule, RuleViolation

CHOSEN = "How many different projects this ballot names; a repeated one counts once."


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
class NotStandingProject:
    """Shows domain.voting.rules.eligible_projects.NotStandingProject."""

    value: strawberry.Private[eligible_projects.NotStandingProject]
    project_id: strawberry.ID = strawberry.field(description="The id of the project.")
    standing: Standing = strawberry.field(description="Whether it was withdrawn or disqualified.")
    reason: str | None = optional_text(lambda standing: standing.value.reason, "Why; null where nobody has said.")

    @classmethod
    def of(cls, value: eligible_projects.NotStandingProject) -> "NotStandingProject":
        return cls(value=value, project_id=strawberry.ID(value.project_id), standing=value.standing)


@strawberry.type(description="The ballot names projects that were withdrawn or disqualified.")
class ProjectsNotStanding(RuleViolation):
    """Shows domain.voting.rules.eligible_projects.ProjectsNotStanding."""

    project_ids: list[strawberry.ID] = strawberry.field(
        description="The ids of those projects, each once, in the order in which they first appear."
    )

    @strawberry.field(description="What has become of each of them, in the same order.")
    def standings(self) -> list[NotStandingProject]:
        return [NotStandingProject.of(standing) for standing in self.value.standings]


@strawberry.input(description="How many different projects a ballot names.")
class ChoicesInput:
    """Becomes domain.campaigns.campaign.ChoiceRange."""

    minimum: int = strawberry.field(description="The fewest, at least 1.")
    maximum: int = strawberry.field(description="The most, no more than there are projects.")


@strawberry.input(description="What a ballot names.")
class ChoiceRulesInput:
    """The part of RulesInput that is about it."""

    choices: ChoicesInput | None = strawberry.field(default=UNSET, description="How many projects a ballot names.")


RULES: dict[type[base.Rule], type[BallotRule]] = {
    choices.ChoiceCountRule: ChoiceCountRule,
    distinct.DistinctChoicesRule: DistinctChoicesRule,
    eligible_projects.EligibleProjectsRule: EligibleProjectsRule,
}
VIOLATIONS: dict[type[base.Violation], type[RuleViolation]] = {
    choices.TooFewChoices: TooFewChoices,
    choices.TooManyChoices: TooManyChoices,
    distinct.RepeatedChoices: RepeatedChoices,
    eligible_projects.UnknownProjects: UnknownProjects,
    eligible_projects.ProjectsNotStanding: ProjectsNotStanding,
}
