"""Arguments that many fields share: the campaign, filters and orders."""

from decimal import Decimal
from typing import Annotated, Optional, TypeVar

import strawberry
from graphql import GraphQLOneOfDirective
from strawberry.schema_directive import Location
from strawberry.schema_directives import OneOf

from api.domain.campaigns import filtering
from api.domain.campaigns.projects import Outcome, ProjectLevel, ProjectOrderField, Standing
from api.domain.characters import count_characters
from api.domain.errors import bad_input
from api.domain.paging import Direction
from api.domain.results.ranking import ResultOrderField
from api.domain.texts import Text
from api.services import listing

T = TypeVar("T")
MAX_FILTER_DEPTH = 8  # how many `not` and `any` a filter may nest
MAX_ALTERNATIVES = 20  # filters of one `any`
MAX_SEARCH_LENGTH = 200  # characters of a search
MAX_FURTHER_KEYS = 5  # orders besides the first
BY_RANK = listing.ResultOrder()
DIRECTION = "Which way the list runs."
THEN = (
    f"In which order to list those that `orderBy` leaves equal: by the first of these, then by the next, at most "
    f"{MAX_FURTHER_KEYS}, and at last by number."
)

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
    description="From `min` to `max`, both included; either may be left out. What has no cost is in no range."
)
class CostRange:
    """Becomes domain.campaigns.filtering.CostRange."""

    min: Decimal | None = strawberry.field(default=None, description="The least.")
    max: Decimal | None = strawberry.field(default=None, description="The most.")


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
    codes: list[str] | None = strawberry.field(
        default=None, description="How organizers write the projects, such as `M/01/VII`; as a whole."
    )
    standing: list[Standing] | None = strawberry.field(default=None, description="Whether it can be voted for.")
    cost: CostRange | None = strawberry.field(default=None, description="What it costs.")
    search: str | None = strawberry.field(
        default=None,
        description="Words, such as `邻里中心` or `neighbourhood`, each of which is part of the title, summary, organization "
        "or district in any of their languages, or of the code, or is the number. Blanks separate words. Case, width, "
        "diacritics, kinds of quotes and dashes, invisible characters, traditional and simplified ones make no difference. "
        f"`ProjectEdge.matches` says what was found. At most {MAX_SEARCH_LENGTH} characters.",
    )
    any: list["ProjectFilter"] | None = strawberry.field(
        default=None,
        description=f"Keeps what one of these keeps; an empty list keeps nothing. At most {MAX_ALTERNATIVES}, and nested "
        f"at most {MAX_FILTER_DEPTH} deep.",
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


OrderProjects = Annotated[
    ProjectOrder | None,
    strawberry.argument(description="Left out, by the campaign's `projectOrder`: by number unless it says otherwise."),
]
ThenProjects = Annotated[list[ProjectOrder] | None, strawberry.argument(description=THEN)]
OrderResults = Annotated[ResultOrder | None, strawberry.argument(description="Left out, by rank: the best leads.")]
ThenResults = Annotated[list[ResultOrder] | None, strawberry.argument(description=THEN)]


def project_filter(input: ProjectFilter | None, depth: int = 0) -> filtering.ProjectFilter | None:
    """Convert the input to a domain object. Raises ApiError BAD_INPUT when it nests too deep or its search is too long."""
    if input is None:
        return None
    _check_size(input, depth)
    return filtering.ProjectFilter(
        districts=_unique(input.districts),
        levels=_unique(input.levels),
        themes=_unique(input.themes),
        numbers=_unique(input.numbers),
        outcomes=_unique(input.outcomes),
        codes=_unique(input.codes),
        standings=_unique(input.standing),
        cost=None if input.cost is None else filtering.CostRange(input.cost.min, input.cost.max),
        search=_checked_search(input.search),
        any_of=_alternatives(input.any, depth + 1),
        exclude=project_filter(input.not_, depth + 1),
    )


def _check_size(input: ProjectFilter, depth: int) -> None:
    if depth > MAX_FILTER_DEPTH:
        raise bad_input(
            Text(
                "filter的not与any最多嵌套{most}层。",
                "filter.not and filter.any nest at most {most} deep.",
                most=MAX_FILTER_DEPTH,
            )
        )
    if input.any is not None and len(input.any) > MAX_ALTERNATIVES:
        raise bad_input(
            Text(
                "filter.any最多{most}项，收到{actual}项。",
                "filter.any takes at most {most} filters; it had {actual}.",
                most=MAX_ALTERNATIVES,
                actual=len(input.any),
            )
        )


def _alternatives(inputs: list[ProjectFilter] | None, depth: int) -> tuple[filtering.ProjectFilter, ...] | None:
    if inputs is None:
        return None
    filters = (project_filter(each, depth) for each in inputs)
    return tuple(each for each in filters if each is not None)


def project_order(
    input: ProjectOrder | None, then: list[ProjectOrder] | None, usual: ProjectOrderField
) -> listing.ProjectOrder:
    """Convert the input to the services' order. usual: by what to list without input. Raises ApiError BAD_INPUT."""
    first = (usual, Direction.ASC) if input is None else (input.field, input.direction)
    further = tuple((each.field, each.direction) for each in _checked_then(then))
    return listing.ProjectOrder(*first, then=further)


def result_order(input: ResultOrder | None, then: list[ResultOrder] | None) -> listing.ResultOrder:
    """Convert the input to the services' order, which is by rank without input. Raises ApiError BAD_INPUT."""
    if input is None and not then:
        return BY_RANK
    first = (ResultOrderField.RANK, Direction.ASC) if input is None else (input.field, input.direction)
    return listing.ResultOrder(*first, then=tuple((each.field, each.direction) for each in _checked_then(then)))


def _checked_then(then: list[T] | None) -> list[T]:
    if then is not None and len(then) > MAX_FURTHER_KEYS:
        raise bad_input(
            Text(
                "thenBy最多{most}项，收到{given}项。",
                "thenBy takes at most {most} orders; it had {given}.",
                most=MAX_FURTHER_KEYS,
                given=len(then),
            ),
            argument="thenBy",
        )
    return then or []


def _unique(values: list[T] | None) -> tuple[T, ...] | None:
    """Remove repeated values."""
    return None if values is None else tuple(dict.fromkeys(values))


def _checked_search(search: str | None) -> str | None:
    if search is not None and (length := count_characters(search)) > MAX_SEARCH_LENGTH:
        raise bad_input(
            Text(
                "search最多{max_search_length}个字符，收到{length}个。",
                "search takes at most {max_search_length} characters; it had {length}.",
                max_search_length=MAX_SEARCH_LENGTH,
                length=length,
            ),
        )
    return search
