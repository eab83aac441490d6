"""The command `simulate`: cast plausible ballots, in this process or over HTTP."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TextIO

import aiohttp
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.bootstrap.app import Services, open_services
from api.cli.errors import CommandError
from api.cli.graphql_client import GraphQLClient, GraphQLClientError
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange
from api.domain.ids import BallotId
from api.domain.people.identity import Voter
from api.domain.results.tallies import NOTHING
from api.domain.texts import counted
from api.domain.voting.quota import pseudonym
from api.services.casting import Refusal
from api.services.listing import find_campaign
from api.services.simulated_choices import Choosable, GroupBounds, choosable
from api.services.simulation import Simulation
from api.settings import Settings, found_secret, read_settings, required_secret
from api.settings.kept_clock import found_clock

MAX_IN_PROCESS = 256  # ballots under way at once
MAX_OVER_HTTP = 32

Answer = str | tuple[str, ...]  # the ballot's id, or the codes of its violations
Cast = Callable[[int], Awaitable[Answer]]


def simulate(
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="How many ballots to cast.")],
    url: Annotated[
        str | None,
        typer.Option(help="Cast over HTTP, at this GraphQL endpoint; left out, in this process.", show_default=False),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="The same seed gives the same voters and choices; left out, any.", show_default=False),
    ] = None,
    campaign: Annotated[
        str | None, typer.Option(help="Its slug; left out, the featured one.", show_default=False)
    ] = None,
    acknowledged: Annotated[
        Path | None, typer.Option(help="Write the id of every acknowledged ballot into this file.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Simulate even where real ballots may lie.")] = False,
) -> None:
    """Cast N plausible ballots: in this process all over the voting days up to now, over HTTP at the server's time."""
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    caster = _cast_in_process(campaign, seed, force=force) if url is None else _cast_over_http(url, campaign, seed)
    limit = MAX_IN_PROCESS if url is None else MAX_OVER_HTTP
    outcome = asyncio.run(_run(caster, number, limit, acknowledged))
    typer.echo(f"{counted(outcome.cast, 'ballot')} cast with seed {seed}")
    for codes, times in outcome.refused.most_common():
        typer.echo(f"{times} refused: {codes}")
    if outcome.failure is not None:
        raise CommandError(f"stopped early: {outcome.failure}")


@dataclass
class Outcome:
    """What has come of a simulation so far; failure is why it stopped early."""

    cast: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failure: GraphQLClientError | None = None


async def _run(
    caster: AbstractAsyncContextManager[Cast], number: int, limit: int, acknowledged: Path | None
) -> Outcome:
    """Cast so many ballots, `limit` at once."""
    outcome, numbers = Outcome(), iter(range(number))
    async with AsyncExitStack() as stack:
        log = stack.enter_context(acknowledged.open("w", buffering=1)) if acknowledged else None
        cast = await stack.enter_async_context(caster)
        bar = stack.enter_context(_progress())
        task = bar.add_task("casting", total=number)

        async def work() -> None:
            for each in numbers:  # which all workers share
                if outcome.failure is not None:
                    return
                try:
                    answer = await cast(each)
                except GraphQLClientError as failure:
                    outcome.failure = failure
                    return
                _note(answer, outcome, log)
                bar.advance(task)

        async with asyncio.TaskGroup() as group:
            for _ in range(limit):
                group.create_task(work())
    return outcome


def _note(answer: Answer, outcome: Outcome, log: TextIO | None) -> None:
    if isinstance(answer, str):
        outcome.cast += 1
        if log is not None:
            log.write(answer + "\n")
    else:
        outcome.refused[", ".join(answer)] += 1


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))


@asynccontextmanager
async def _cast_in_process(slug: str | None, seed: int, *, force: bool) -> AsyncIterator[Cast]:
    """Casting through services.casting, on the database of these settings."""
    settings = read_settings().with_secret(found_secret)
    clock = found_clock(settings)
    async with open_services(settings, clock) as services:
        snapshot = await services.snapshots.fresh(clock())
        campaign = find_campaign(snapshot.directory, slug, clock())
        if not campaign.calendar.days_begun(clock()):
            opens_at = campaign.calendar.local(campaign.window.opens_at).isoformat()
            raise CommandError(f"{campaign.slug} opens at {opens_at}: no ballot can be cast before")
        if not force and snapshot.counts.get(campaign.slug, NOTHING).cast and not _is_demonstration(settings):
            raise CommandError(
                f"{campaign.slug} has ballots already, and this is no demonstration (PINGXUAN_GUESTS=on): simulated "
                "ballots would count among real ones. Use --force if you mean it."
            )
        yield _local_cast(services, campaign, required_secret(settings), seed)


def _is_demonstration(settings: Settings) -> bool:
    return settings.signing_in.guests or settings.kept_secret.is_file()


def _local_cast(services: Services, campaign: Campaign, secret: bytes, seed: int) -> Cast:
    simulation = Simulation(choosable(campaign), seed)

    async def cast(number: int) -> Answer:
        moment, draft = simulation.moment(campaign, services.clock()), simulation.draft()
        voter = Voter(pseudonym(secret, "guest", f"simulated-{seed}-{number}"))
        outcome = await services.casting.cast(campaign, voter, draft, moment, origin=None)
        if isinstance(outcome, Refusal):
            return tuple(violation.code for violation in outcome.violations)
        return str(BallotId(outcome.id))

    return cast


CAMPAIGN = """query Campaign($slug: String, $after: String) { campaign(slug: $slug) { slug
  rules {
    ... on ChoiceCountRule { minimum maximum }
    ... on GroupChoiceRule { groupBy group least: minimum most: maximum }
    ... on BudgetRule { limit }
  }
  projects(first: 100, after: $after) {
    nodes { id standing cost level district { code } themes { code } } pageInfo { hasNextPage endCursor }
  } } }"""
SIGN_IN = "mutation SignIn($name: String!) { signIn(with: { guest: { name: $name } }) { token } }"
CAST = "mutation Cast($input: CastBallotInput!) { castBallot(input: $input) { ballot { id } violations { code } } }"


@asynccontextmanager
async def _cast_over_http(url: str, slug: str | None, seed: int) -> AsyncIterator[Cast]:
    """Casting as a client does: sign in, cast, and retry with the same key when no answer comes."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=MAX_OVER_HTTP)) as session:
        client = GraphQLClient(session, url)
        yield await _remote_cast(client, slug, seed)


async def _remote_cast(client: GraphQLClient, slug: str | None, seed: int) -> Cast:
    campaign, projects, rules = await _fetch_campaign(client, slug)
    simulation = Simulation(_choosable_over_http(projects, rules), seed)

    async def cast(number: int) -> Answer:
        draft = simulation.draft()
        name = f"simulated-{seed}-{number}"
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
