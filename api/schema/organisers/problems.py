"""Problems, and the payloads of what organizers do."""

from collections.abc import Iterable

import strawberry

from api.domain.campaigns import problems
from api.domain.campaigns.problems import ProblemCode
from api.domain.campaigns.states import CampaignPhase
from api.domain.exchange import problems as file_problems
from api.domain.people import access
from api.domain.people.identity import Role
from api.domain.voting.rules import ViolationCode
from api.schema.campaigns.campaign_types import Campaign
from api.schema.campaigns.project_types import Project
from api.schema.common.texts import text

PROBLEMS = "Everything that stood in the way, all at once; empty when it was done."


@strawberry.interface(
    description="Why something was not done, or a part of it. Where there is a problem nothing has changed, unless the payload "
    "says otherwise. Kinds may be added: show `message` for one you do not know."
)
class Problem:
    """Shows domain.campaigns.problems.Problem."""

    value: strawberry.Private[problems.Problem]
    code: ProblemCode = strawberry.field(description="What stood in the way; stable, made for programs.")
    message: str = text(
        lambda problem: problem.value.message, "What is wrong, where, and what would be right, for people."
    )
    path: list[str] = strawberry.field(
        description="Where: the argument, and the way to the place in it, such as `input`, `rules`, `choices`, `minimum`; "
        "places in lists are counted from 0."
    )


@strawberry.type(description="A problem that is told in words alone.")
class GeneralProblem(Problem):
    """Shows domain.campaigns.problems.Problem."""


@strawberry.type(description="What was to be changed has been changed since it was read.")
class StaleRevision(Problem):
    """Shows domain.campaigns.problems.StaleRevision."""

    expected: int = strawberry.field(description="The revision that was expected.")
    present: int = strawberry.field(description="The revision that it has now.")


@strawberry.type(description="The campaign is not in a phase in which this can be done.")
class WrongPhase(Problem):
    """Shows domain.campaigns.problems.WrongPhase."""

    phase: CampaignPhase = strawberry.field(description="The phase that it is in.")
    allowed: list[CampaignPhase] = strawberry.field(description="The phases in which it could be done.")


@strawberry.type(description="A place in a file is wrong, or the file as a whole.")
class FileProblem(Problem):
    """Shows domain.exchange.problems.FileProblem."""

    line: int | None = strawberry.field(
        description="The line, counted from 1 as editors count; null where it is the file as a whole."
    )
    column: int | None = strawberry.field(
        description="The place in the line, in characters counted from 1; null where it is the line as a whole."
    )
    violations: list[ViolationCode] = strawberry.field(
        description="The rules that the ballot in this line breaks; empty where it is no ballot, or none that could be read."
    )


PROBLEM_TYPES = (GeneralProblem, StaleRevision, WrongPhase, FileProblem)


def published_problems(found: Iterable[problems.Problem]) -> list[Problem]:
    """The problems as the API shows them."""
    return [_published(problem) for problem in found]


def _published(value: problems.Problem) -> Problem:
    path = list(value.path)
    if isinstance(value, problems.StaleRevision):
        return StaleRevision(value=value, code=value.code, path=path, expected=value.expected, present=value.present)
    if isinstance(value, problems.WrongPhase):
        return WrongPhase(value=value, code=value.code, path=path, phase=value.phase, allowed=list(value.allowed))
    if isinstance(value, file_problems.FileProblem):
        return FileProblem(
            value=value,
            code=value.code,
            path=path,
            line=value.line,
            column=value.column,
            violations=[ViolationCode[code] for code in value.violations],
        )
    return GeneralProblem(value=value, code=value.code, path=path)


@strawberry.type(description="What came of an act on a campaign.")
class CampaignPayload:
    """Has either the campaign or problems."""

    campaign: Campaign | None = strawberry.field(
        description="The campaign as it now is; null exactly when there is a problem."
    )
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


@strawberry.type(description="What came of an act on a project.")
class ProjectPayload:
    """Has either the project or problems."""

    project: Project | None = strawberry.field(
        description="The project as it now is; null exactly when there is a problem."
    )
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


@strawberry.type(description="What came of putting projects into a campaign.")
class ProjectsPayload:
    """Has the projects that were put, and problems."""

    projects: list[Project] | None = strawberry.field(
        description="Those that were put, as they now are, in the order in which they were sent; null when nothing was done. "
        "With `SKIP_REFUSED` the others are among the problems."
    )
    campaign: Campaign | None = strawberry.field(
        description="The campaign as it now is, with its new `revision`; null when nothing was done."
    )
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


@strawberry.type(description="A role that somebody has been given.")
class Grant:
    """Shows domain.people.access.Grant."""

    viewer: strawberry.ID = strawberry.field(description="Who has it, by the id that `viewer` shows.")
    role: Role = strawberry.field(description="The role.")
    campaign: str | None = strawberry.field(
        description="The slug of the campaign in which it counts; null: in every one."
    )

    @classmethod
    def of(cls, value: access.Grant) -> "Grant":
        return cls(viewer=strawberry.ID(f"viewer/{value.viewer}"), role=value.role, campaign=value.campaign)


@strawberry.type(description="What came of giving a role, or taking one away.")
class GrantPayload:
    """Has either the grant or problems."""

    grant: Grant | None = strawberry.field(
        description="The role that was given or taken away; null exactly when there is a problem."
    )
    problems: list[Problem] = strawberry.field(description=PROBLEMS)
