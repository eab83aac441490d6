"""The command `simulate`: cast plausible ballots, in this process or over HTTP."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.bootstrap.app import Services, open_services
from api.cli.ballot_shape import shape_of
from api.cli.errors import CommandError
from api.cli.graphql_client import GraphQLClientError
from api.cli.remote_casting import MAX_OVER_HTTP, Answer, Cast, Drawn, cast_over_http
from api.domain.campaigns.campaign import Campaign
from api.domain.ids import BallotId
from api.domain.people.identity import Voter
from api.domain.results.tallies import NOTHING
from api.domain.texts import counted
from api.domain.voting.quota import pseudonym
from api.services.casting import Refusal
from api.services.listing import find_campaign
from api.services.simulated_choices import choosable
from api.services.simulation import Simulation
from api.settings import Settings, read_settings, required_secret
from api.settings.kept_clock import found_clock
from api.settings.kept_secret import found_secret

MAX_IN_PROCESS = 256  # ballots under way at once


Number = Annotated[
    int | None,
    typer.Argument(
        metavar="[N]", min=1, help="How many ballots to cast; with --like as many as the file has.", show_default=False
    ),
]
Url = Annotated[
    str | None,
    typer.Option(help="Cast over HTTP, at this GraphQL endpoint; left out, in this process.", show_default=False),
]
Seed = Annotated[
    int | None,
    typer.Option(help="The same seed gives the same voters and choices; left out, any.", show_default=False),
]
Slug = Annotated[str | None, typer.Option(help="Its slug; left out, the featured one.", show_default=False)]
Acknowledged = Annotated[
    Path | None, typer.Option(help="Write the id of every acknowledged ballot into this file.", show_default=False)
]
Like = Annotated[
    Path | None,
    typer.Option(help="Draw ballots with the shape of those in this file, in Pabulib's format.", show_default=False),
]
Force = Annotated[bool, typer.Option("--force", help="Simulate even where real ballots may lie.")]


def simulate(
    number: Number = None,
    url: Url = None,
    seed: Seed = None,
    campaign: Slug = None,
    acknowledged: Acknowledged = None,
    like: Like = None,
    force: Force = False,
) -> None:
    """Cast N plausible ballots: in this process all over the voting days up to now, over HTTP at the server's time."""
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    shape = None if like is None else shape_of(like)
    if number is None and shape is None:
        raise CommandError("say how many ballots to cast: pingxuan simulate 1000")
    drawn = Drawn(campaign, seed, shape)
    caster = _cast_in_process(drawn, force=force) if url is None else cast_over_http(url, drawn)
    limit = MAX_IN_PROCESS if url is None else MAX_OVER_HTTP
    outcome = asyncio.run(_run(caster, number or (shape.ballots if shape else 0), limit, acknowledged))
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
async def _cast_in_process(drawn: Drawn, *, force: bool) -> AsyncIterator[Cast]:
    """Casting through services.casting, on the database of these settings."""
    settings = read_settings().with_secret(found_secret)
    clock = found_clock(settings)
    async with open_services(settings, clock) as services:
        snapshot = await services.snapshots.fresh(clock())
        campaign = find_campaign(snapshot.directory, drawn.slug, clock())
        if not campaign.calendar.days_begun(clock()):
            opens_at = campaign.calendar.local(campaign.window.opens_at).isoformat()
            raise CommandError(f"{campaign.slug} opens at {opens_at}: no ballot can be cast before")
        if not force and snapshot.counts.get(campaign.slug, NOTHING).cast and not _is_demonstration(settings):
            raise CommandError(
                f"{campaign.slug} has ballots already, and this is no demonstration (PINGXUAN_GUESTS=on): simulated "
                "ballots would count among real ones. Use --force if you mean it."
            )
        yield _local_cast(services, campaign, required_secret(settings), drawn)


def _is_demonstration(settings: Settings) -> bool:
    return settings.signing_in.guests or settings.kept_secret.is_file()


def _local_cast(services: Services, campaign: Campaign, secret: bytes, drawn: Drawn) -> Cast:
    simulation = Simulation(choosable(campaign), drawn.seed, drawn.like)

    async def cast(number: int) -> Answer:
        moment, draft = simulation.moment(campaign, services.clock()), simulation.draft()
        voter = Voter(pseudonym(secret, "guest", f"simulated-{drawn.seed}-{number}"))
        outcome = await services.casting.cast(campaign, voter, draft, moment, origin=None)
        if isinstance(outcome, Refusal):
            return tuple(violation.code for violation in outcome.violations)
        return str(BallotId(outcome.id))

    return cast
