"""Arguments that many fields share: the campaign, filters and orders."""

from typing import Annotated, Optional, TypeVar

import strawberry
from graphql import GraphQLOneOfDirective
from strawberry.schema_directive import Location
from strawberry.schema_directives import OneOf

from api.domain.campaigns import filtering
from api.domain.campaigns.filtering import ProjectOrderField
from api.domain.campaigns.projects import Outcome, ProjectLevel
from api.domain.characters import count_characters
from api.domain.errors import bad_input
from api.domain.paging import Direction
from api.domain.results.ranking import ResultOrderField
from api.services import listing

T = TypeVar("T")
MAX_FILTER_DEPTH = 8  # how many `not` a filter may nest
MAX_SEARCH_LENGTH = 200  # characters of a search
DIRECTION = "Which way the list runs."

CampaignArgument = Annotated[
    str | None,
    strawberry.argument(
        description="The campaign's slug. Left out: the featured campaign, open now or else most recent."
    ),
]

OwnCampaignArgument = Annotated[
    str | None,
    strawberry.argument(
        description="The campaign's slug. Left out: the campaign that this stands in, such as that of the payload's "
        "ballot; where it stands in none, the featured campaign."
    ),
]


@strawberry.schema_directive(
    locations=[Location.INPUT_OBJECT], name="oneOf", description=GraphQLOneOfDirective.description
)
class ExactlyOne(OneOf):
    """Strawberry's @oneOf with the description that it lacks."""


@strawberry.input(
    description="Which projects to keep: those that meet every condition given. Inside one list any value suffices; an empty "
    "list keeps nothing."
)
class ProjectFilter:
    """Becomes domain.campaigns.filtering.ProjectFilter."""

    districts: list[str] | None = strawberry.field(default=None, description="Codes of districts, such as `310115`.")
    levels: list[ProjectLevel] | None = strawberry.field(default=None, description="Who carries the project.")
    themes: list[str] | None = strawberry.field(
        default=None, description="Codes of the campaign's themes: the project is about any one of these."
    )
    numbers: list[int] | None = strawberry.field(default=None, description="Numbers as printed on the notice.")
    outcomes: list[Outcome] | None = strawberry.field(default=None, description="How far the project has come.")
    search: str | None = strawberry.field(
        default=None,
        description="Words, such as `邻里中心` or `neighbourhood`, each of which is part of the title, summary, organization "
        "or district in Chinese or English, or is the number. Blanks separate words. Case, width, diacritics, kinds of quotes "
        "and dashes, invisible characters, traditional and simplified characters make no difference. "
        f"`ProjectEdge.matches` says what was found. At most {MAX_SEARCH_LENGTH} characters.",
    )
    not_: Optional["ProjectFilter"] = strawberry.field(
        name="not",
        default=None,
        description=f"Drops the projects that this filter would keep. Nests at most {MAX_FILTER_DEPTH} deep.",
    )


Filter = Annotated[ProjectFilter | None, strawberry.argument(description="Which to keep; left out, all.")]


@strawberry.input(description="In which order to list projects. Equal values are listed by number.")
class ProjectOrder:
    """Becomes services.listing.ProjectOrder."""

    field: ProjectOrderField = strawberry.field(description="What to list by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


@strawberry.input(description="In which order to list results. Equal values are listed by number.")
class ResultOrder:
    """Becomes services.listing.ResultOrder."""

    field: ResultOrderField = strawberry.field(description="What to list by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


OrderProjects = Annotated[ProjectOrder | None, strawberry.argument(description="Left out, by number.")]
OrderResults = Annotated[ResultOrder | None, strawberry.argument(description="Left out, by rank: the best leads.")]


def project_filter(input: ProjectFilter | None, depth: int = 0) -> filtering.ProjectFilter | None:
    """Convert the input to a domain object. Raises ApiError BAD_INPUT when it nests too deep or its search is too long."""
    if input is None:
        return None
    if depth > MAX_FILTER_DEPTH:
        raise bad_input(
            f"filter.not最多嵌套{MAX_FILTER_DEPTH}层。", f"filter.not nests at most {MAX_FILTER_DEPTH} deep."
        )
    return filtering.ProjectFilter(
        districts=_unique(input.districts),
        levels=_unique(input.levels),
        themes=_unique(input.themes),
        numbers=_unique(input.numbers),
        outcomes=_unique(input.outcomes),
        search=_checked_search(input.search),
        exclude=project_filter(input.not_, depth + 1),
    )


def project_order(input: ProjectOrder | None) -> listing.ProjectOrder:
    """Convert the input to the services' order; without input it is theirs by default."""
    return listing.ProjectOrder(input.field, input.direction) if input else listing.ProjectOrder()


def result_order(input: ResultOrder | None) -> listing.ResultOrder:
    """Convert the input to the services' order; without input it is theirs by default."""
    return listing.ResultOrder(input.field, input.direction) if input else listing.ResultOrder()


def _unique(values: list[T] | None) -> tuple[T, ...] | None:
    """Remove repeated values."""
    return None if values is None else tuple(dict.fromkeys(values))


def _checked_search(search: str | None) -> str | None:
    if search is not None and (length := count_characters(search)) > MAX_SEARCH_LENGTH:
        raise bad_input(
            f"search最多{MAX_SEARCH_LENGTH}个字符，收到{length}个。",
            f"search takes at most {MAX_SEARCH_LENGTH} characters; it had {length}.",
        )
    return search
