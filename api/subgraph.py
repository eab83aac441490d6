"""The API as a subgraph of a federated graph (Apollo Federation 2), where the settings say that it is one.

A gateway asks for entities by their keys, as a client asks for nodes by their ids: by the same ways, with the same roles,
limits and costs.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, NewType, TypeAlias

import strawberry
from graphql import GraphQLSchema

from api.context import Info
from api.domain.errors import ApiError, bad_input
from api.domain.ids import (
    BallotId,
    CampaignId,
    DistrictId,
    ExpertId,
    JobId,
    NodeId,
    ProjectId,
    ResultId,
    ReviewId,
    parse_id,
)
from api.domain.texts import Text
from api.execution.translation import LocalizedError
from api.graph import LIST_SIZES, Query, build, schema, sdl
from api.resolvers.ballots import find_ballots
from api.resolvers.campaigns import check_number, find_node
from api.schema.ballots import Ballot
from api.schema.campaigns.campaign_types import Campaign
from api.schema.campaigns.district_types import District
from api.schema.campaigns.project_types import Project
from api.schema.campaigns.result_types import Result
from api.schema.campaigns.review_types import Review
from api.schema.common.scalars import SCALARS
from api.schema.experts import Expert
from api.schema.jobs.job_types import Job

SPECIFICATION = "https://specs.apollo.dev/federation/v2.0"
ENTITY_SIZES: Mapping[str, int | str] = {**LIST_SIZES, "Query._entities": "representations"}
# The types that are found by a key, with what their ids are parsed to. Each has the key `id`.
ENTITIES: Mapping[str, type] = {
    "Ballot": BallotId,
    "Campaign": CampaignId,
    "District": DistrictId,
    "Expert": ExpertId,
    "Job": JobId,
    "Project": ProjectId,
    "Result": ResultId,
    "Review": ReviewId,
}
FURTHER_KEYS = {"Campaign": "slug"}
SHARED = "PageInfo"  # other subgraphs have it with the same meaning
Representation = NewType("Representation", object)
Entity: TypeAlias = Annotated[
    Ballot | Campaign | District | Expert | Job | Project | Result | Review,
    strawberry.union("_Entity", description="Anything that a gateway asks for by a key."),
]
Representations = Annotated[
    list[Representation], strawberry.argument(description="Entities by their keys, such as a campaign by its `slug`.")
]


def _representation(value: Any) -> Any:
    if isinstance(value, dict) and isinstance(value.get("__typename"), str):
        return value
    raise LocalizedError(
        Text(
            '_Any须为带有__typename和一个键的对象，例如{__typename: "Campaign", slug: "shanghai-2017"}。',
            '_Any must be an object with __typename and a key, such as {__typename: "Campaign", slug: "shanghai-2017"}.',
        )
    )


ANY = strawberry.scalar(
    name="_Any",
    description="An entity as a gateway names it: an object of its `__typename` and one of its keys.",
    serialize=lambda value: value,
    parse_value=_representation,
)


@strawberry.type(name="_Service", description="This subgraph.")
class Service:
    """What a gateway composes the graph from."""

    sdl: str = strawberry.field(description="Its schema, with the keys of its entities.")


@strawberry.type(name="Query", description="Everything that can be read.")
class SubgraphQuery(Query):
    """All queries, and those of a gateway."""

    @strawberry.field(name="_service", description="This subgraph, for whoever composes a graph of several.")
    def service(self) -> Service:
        """This subgraph."""
        return Service(sdl=subgraph_sdl())

    @strawberry.field(
        name="_entities",
        description="Entities by their keys, in the order of the keys; null for each that does not exist or that the viewer "
        "may not see.",
    )
    async def entities(self, info: Info, representations: Representations) -> list[Entity | None]:
        """What the keys name; in the place of one that is wrong its error."""
        check_number(representations, "representations")
        names = [_name(representation) for representation in representations]
        ballots = await find_ballots(info, [name.key for name in names if isinstance(name, BallotId)])
        found: list[Any] = [await _entity(info, name, ballots) for name in names]
        return found


def _name(representation: Any) -> NodeId | ApiError:
    """Read the id of an entity from its key, or say what is wrong with it."""
    kind, key = representation["__typename"], representation.get("id")
    if kind == "Campaign" and key is None and isinstance(slug := representation.get("slug"), str):
        key = f"campaign/{slug}"
    name = parse_id(key) if isinstance(key, str) else None
    if name is not None and type(name) is ENTITIES.get(kind):
        return name
    return bad_input(
        Text(
            "{shown}不是实体的键。实体为{entities}，以id为键，Campaign也可用slug。",
            "{shown} is no key of an entity. Entities are {entities}, by their id, and Campaign also by its slug.",
            shown=json.dumps(representation, ensure_ascii=False)[:120],
            entities=", ".join(ENTITIES),
        ),
        argument="representations",
    )


async def _entity(info: Info, name: NodeId | ApiError, ballots: Mapping[str, Ballot]) -> object:
    """Find one entity, or return why it is refused: the others are answered all the same."""
    if isinstance(name, ApiError):
        return name
    try:
        return await find_node(info, name, ballots)
    except ApiError as refused:
        return refused


@cache
def subgraph_schema() -> strawberry.Schema:
    """Build the schema of a subgraph, once."""
    subgraph_sdl()
    return build(SubgraphQuery, {**SCALARS, Representation: ANY})


@cache
def subgraph_sdl() -> str:
    """Return the schema as gateways compose it: ours, with the keys of its entities."""
    linked = re.sub(r"^schema \{$", _link(), sdl(), count=1, flags=re.MULTILINE)
    return re.sub(r"^type (\w+)( implements [\w &]+)? \{$", _with_keys, linked, flags=re.MULTILINE)


def _link() -> str:
    return f'schema @link(url: "{SPECIFICATION}", import: ["@key", "@shareable"]) {{'


def _with_keys(declared: re.Match[str]) -> str:
    name, interfaces = declared[1], declared[2] or ""
    keys = ["id", *([FURTHER_KEYS[name]] if name in FURTHER_KEYS else [])] if name in ENTITIES else []
    directives = "".join(f' @key(fields: "{key}")' for key in keys) + (" @shareable" if name == SHARED else "")
    return f"type {name}{interfaces}{directives} {{"


def served(federation: bool) -> tuple[GraphQLSchema, Mapping[str, int | str]]:
    """Return the schema that a server executes, and the lengths of its lists."""
    return (subgraph_schema()._schema, ENTITY_SIZES) if federation else (schema()._schema, LIST_SIZES)


def served_sdl(federation: bool) -> str:
    """Return the text of the schema that a server executes."""
    return subgraph_sdl() if federation else sdl()
