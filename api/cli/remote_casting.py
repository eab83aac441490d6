"""Cast simulated ballots over HTTP, as a client does."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, NamedTuple

import aiohttp

from api.cli.errors import CommandError
from api.cli.graphql_client import GraphQLClient
from api.domain.campaigns.parts import ChoiceRange
from api.services.ballot_shapes import BallotShape
from api.services.simulated_choices import Choosable, GroupBounds
from api.services.simulation import Simulation

MAX_OVER_HTTP = 32  # ballots under way at once

Answer = str | tuple[str, ...]  # the ballot's id, or the codes of its violations
Cast = Callable[[int], Awaitable[Answer]]


class Drawn(NamedTuple):
    """What is drawn: for which campaign, None for the featured one, by which seed, and like which ballots."""

    slug: str | None
    seed: int
    like: BallotShape | None


CAMPAIGN = """query Campaign($slug: String, $after: String) { campaign(slug: $slug) { slug
  rules {
    ... on ChoiceCountRule { minimum maximum }
    ... on GroupChoiceRule { groupBy group least: minimum most: maximum }
    ... on BudgetRule { limit }
  }
  projects(first: 100, after: $after) {
    nodes { id number code standing cost level district { code } themes { code } } pageInfo { hasNextPage endCursor }
  } } }"""
SIGN_IN = "mutation SignIn($name: String!) { signIn(with: { guest: { name: $name } }) { token } }"
CAST = "mutation Cast($input: CastBallotInput!) { castBallot(input: $input) { ballot { id } violations { code } } }"


@asynccontextmanager
async def cast_over_http(url: str, drawn: Drawn) -> AsyncIterator[Cast]:
    """Casting as a client does: sign in, cast, and retry with the same key when no answer comes."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=MAX_OVER_HTTP)) as session:
        client = GraphQLClient(session, url)
        yield await _remote_cast(client, drawn)


async def _remote_cast(client: GraphQLClient, drawn: Drawn) -> Cast:
    campaign, projects, rules = await _fetch_campaign(client, drawn.slug)
    simulation = Simulation(_choosable_over_http(projects, rules), drawn.seed, drawn.like)

    async def cast(number: int) -> Answer:
        draft = simulation.draft()
        name = f"simulated-{drawn.seed}-{number}"
        token = (await client.ask(SIGN_IN, {"name": name}))["signIn"]["token"]
        ballot = {"campaign": campaign, "projectIds": draft.project_ids, "idempotencyKey": f"{campaign}-{name}"}
        payload = (await client.ask(CAST, {"input": ballot}, token))["castBallot"]
        if payload["ballot"] is None:
            return tuple(violation["code"] for violation in payload["violations"])
        return str(payload["ballot"]["id"])

    return cast


Node = Mapping[str, Any]


async def _fetch_campaign(client: GraphQLClient, slug: str | None) -> tuple[str, list[Node], list[Node]]:
    """The campaign's slug, its projects and its rules."""
    projects: list[Node] = []
    after: str | None = None
    while True:
        campaign = (await client.ask(CAMPAIGN, {"slug": slug, "after": after}))["campaign"]
        if campaign is None:
            raise CommandError("the server has no such campaign")
        projects += campaign["projects"]["nodes"]
        after = campaign["projects"]["pageInfo"]["endCursor"]
        if not campaign["projects"]["pageInfo"]["hasNextPage"]:
            return campaign["slug"], projects, campaign["rules"]


def _choosable_over_http(projects: Sequence[Node], rules: Sequence[Node]) -> Choosable:
    standing = [project for project in projects if project["standing"] == "STANDING"]
    groups = [bounds for rule in rules if "groupBy" in rule for bounds in _bounds(standing, rule)]
    range_ = next(rule for rule in rules if "minimum" in rule)
    return Choosable(
        [project["id"] for project in standing],
        ChoiceRange(range_["minimum"], range_["maximum"]),
        groups,
        next((Decimal(rule["limit"]) for rule in rules if "limit" in rule), None),
        {project["id"]: Decimal(project["cost"]) for project in standing if project["cost"] is not None},
        {project["id"]: project["code"] or str(project["number"]) for project in standing},
    )


def _bounds(projects: Sequence[Node], rule: Node) -> Iterator[GroupBounds]:
    members: dict[str, set[str]] = {}
    for project in projects:
        for code in _groups_of(project, rule["groupBy"]):
            members.setdefault(code, set()).add(project["id"])
    for code, ids in members.items():
        if rule["group"] in (None, code):
            yield GroupBounds(frozenset(ids), rule["least"] or 0, rule["most"])


def _groups_of(project: Node, group_by: str) -> list[str]:
    if group_by == "THEME":
        return [theme["code"] for theme in project["themes"]]
    if group_by == "DISTRICT":
        return [project["district"]["code"]] if project["district"] else []
    return [project["level"]]
