"""What callers ask for: which campaign, which projects, and in which order."""

from typing import Annotated, Optional, TypeVar

import strawberry
from graphql import GraphQLOneOfDirective
from strawberry.schema_directive import Location
from strawberry.schema_directives import OneOf

from api.domain.campaigns import filtering
from api.domain.campaigns.filtering import ProjectOrderField
from api.domain.campaigns.projects import Outcome, ProjectLevel, Theme
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


@strawberry.schema_directive(
    locations=[Location.INPUT_OBJECT], name="oneOf", description=GraphQLOneOfDirective.description
)
class ExactlyOne(OneOf):
    """Strawberry's directive, with the description it lacks."""


@strawberry.input(
    description="Which projects to keep: those that meet every condition given. Inside one list any value suffices; an empty "
    "list keeps nothing."
)
class ProjectFilter:
    """domain.filtering.ProjectFilter."""

    districts: list[str] | None = strawberry.field(default=None, description="Codes of districts, such as `310115`.")
    levels: list[ProjectLevel] | None = strawberry.field(default=None, description="Who carries the project.")
    themes: list[Theme] | None = strawberry.field(
        default=None, description="What the project is about: any one of these."
    )
    numbers: list[int] | None = strawberry.field(default=None, description="Numbers as printed on the notice.")
    outcomes: list[Outcome] | None = strawberry.field(default=None, description="How far the project has come.")
    search: str | None = strawberry.field(
        default=None,
        description="Any part of the title, summary, organization or district, Chinese or English, such as `邻里中心` or "
        f"`neighbourhood`. Case and width make no difference. At most {MAX_SEARCH_LENGTH} characters.",
    )
    not_: Optional["ProjectFilter"] = strawberry.field(
        name="not",
        default=None,
        description=f"Drops the projects that this filter would keep. Nests at most {MAX_FILTER_DEPTH} deep.",
    )


Filter = Annotated[ProjectFilter | None, strawberry.argument(description="Which to keep; left out, all.")]


@strawberry.input(description="In which order to list projects. Equal values are listed by number.")
class ProjectOrder:
    """services.browsing.ProjectOrder."""

    field: ProjectOrderField = strawberry.field(description="What to list by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


@strawberry.input(description="In which order to list results. Equal values are listed by number.")
class ResultOrder:
    """services.browsing.ResultOrder."""

    field: ResultOrderField = strawberry.field(description="What to list by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


OrderProjects = Annotated[ProjectOrder | None, strawberry.argument(description="Left out, by number.")]
OrderResults = Annotated[ResultOrder | None, strawberry.argument(description="Left out, by rank: the best leads.")]


def kept(given: ProjectFilter | None, depth: int = 0) -> filtering.ProjectFilter | None:
    """The filter as the domain has it. Raises ApiError BAD_INPUT when it is too deep or searches for too much."""
    if given is None:
        return None
    if depth > MAX_FILTER_DEPTH:
        raise bad_input(
            f"filter.not最多嵌套{MAX_FILTER_DEPTH}层。", f"filter.not nests at most {MAX_FILTER_DEPTH} deep."
        )
    return filtering.ProjectFilter(
        districts=_tuple(given.districts),
        levels=_tuple(given.levels),
        themes=_tuple(given.themes),
        numbers=_tuple(given.numbers),
        outcomes=_tuple(given.outcomes),
        search=_search(given.search),
        exclude=kept(given.not_, depth + 1),
    )


def project_order(given: ProjectOrder | None) -> listing.ProjectOrder:
    """The order as the services have it."""
    return listing.ProjectOrder(given.field, given.direction) if given else listing.ProjectOrder()


def result_order(given: ResultOrder | None) -> listing.ResultOrder:
    """The order as the services have it."""
    return listing.ResultOrder(given.field, given.direction) if given else listing.ResultOrder()


def _tuple(values: list[T] | None) -> tuple[T, ...] | None:
    """The values, each once."""
    return None if values is None else tuple(dict.fromkeys(values))


def _search(words: str | None) -> str | None:
    if words is not None and len(words) > MAX_SEARCH_LENGTH:
        raise bad_input(
            f"search最多{MAX_SEARCH_LENGTH}个字符，收到{len(words)}个。",
            f"search takes {MAX_SEARCH_LENGTH} characters; it had {len(words)}.",
        )
    return words
