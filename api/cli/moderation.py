"""Suspicions, and rulings on ballots, at the terminal."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.cli.errors import CommandError
from api.domain.campaigns.campaign import Campaign
from api.domain.ids import BallotId, parse_id, suspicion_id, suspicion_key
from api.domain.integrity.rulings import MESSAGES, Ruling, RulingKind, checked_reason
from api.domain.integrity.suspicions import Suspicion
from api.services.listing import find_campaign
from api.services.suspicions import BallotModeration, Decision
from api.settings import read_settings
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.moderation import SqlRulings
from api.storage.suspicions import SqlSignals

MAX_SUSPICIONS = 1000  # suspicions listed
ballots = typer.Typer(
    help="Hold, release or void ballots; docs/suspicions.md says what that means.", no_args_is_help=True
)
Slug = Annotated[
    str | None, typer.Option("--campaign", help="Its slug; left out, the featured campaign.", show_default=False)
]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[BALLOT]...", help="Ids, `ballot/...`.", show_default=False)]
OfSuspicion = Annotated[
    str | None, typer.Option("--suspicion", help="`suspicion/...`: all its ballots.", show_default=False)
]
Reason = Annotated[str, typer.Option(help="Why. The voters read it.", show_default=False)]


@dataclass(frozen=True)
class Desk:
    """A campaign, what was noted about its ballots, and what time it is."""

    campaign: Campaign
    database: Database
    signals: SqlSignals
    now: datetime


def suspicions(campaign: Slug = None) -> None:
    """List what looks odd about the ballots of a campaign, the newest first."""
    found = asyncio.run(_suspicions(campaign))
    for each in found:
        span = f"{each.first_at.isoformat(timespec='seconds')} to {each.last_at.isoformat(timespec='seconds')}"
        counts = f"{each.ballots} ballots, {each.held} held, {each.voided} voided"
        typer.echo(f"{suspicion_id(each.key)}  {each.kind.name}  {span}  {counts}")
    if not found:
        typer.echo("nothing looks odd")


@ballots.command()
def hold(reason: Reason, ids: Ids = None, suspicion: OfSuspicion = None, campaign: Slug = None) -> None:
    """Set ballots aside: they do not count until they are released."""
    _rule(RulingKind.HOLD, reason, ids or [], suspicion, campaign)


@ballots.command()
def release(reason: Reason, ids: Ids = None, suspicion: OfSuspicion = None, campaign: Slug = None) -> None:
    """Let held ballots count again."""
    _rule(RulingKind.RELEASE, reason, ids or [], suspicion, campaign)


@ballots.command()
def void(reason: Reason, ids: Ids = None, suspicion: OfSuspicion = None, campaign: Slug = None) -> None:
    """Take ballots out of the count for good. They stay stored."""
    _rule(RulingKind.VOID, reason, ids or [], suspicion, campaign)


def _rule(kind: RulingKind, reason: str, ids: Sequence[str], suspicion: str | None, slug: str | None) -> None:
    if bool(ids) == (suspicion is not None):
        raise CommandError("give either ids of ballots or --suspicion")
    keys = [_ballot_key(name) for name in ids]
    key = None if suspicion is None else _suspicion_key(suspicion)
    decision = asyncio.run(_decide(kind, checked_reason(reason), keys, key, slug))
    for ballot, code in decision.problems:
        typer.echo(f"{BallotId(ballot)}: {MESSAGES[code].en}", err=True)
    more = "; there are more, run this again" if decision.more else ""
    typer.echo(f"{kind.name}: {len(decision.ballots)} ballots{more}")


async def _suspicions(slug: str | None) -> tuple[Suspicion, ...]:
    async with _desk(slug) as desk:
        return await desk.signals.suspicions(desk.campaign.slug, (), MAX_SUSPICIONS)


async def _decide(kind: RulingKind, reason: str, keys: Sequence[str], key: str | None, slug: str | None) -> Decision:
    async with _desk(slug) as desk:
        bench, ruling = BallotModeration(SqlRulings(desk.database), desk.signals), Ruling(kind, reason, desk.now, None)
        if key is None:
            return await bench.rule(desk.campaign, keys, ruling)
        suspicion = await desk.signals.suspicion(desk.campaign.slug, key)
        if suspicion is None:
            raise CommandError(f"{desk.campaign.slug} has no such suspicion, or it is no longer kept")
        return await bench.rule_on(suspicion, ruling)


@asynccontextmanager
async def _desk(slug: str | None) -> AsyncIterator[Desk]:
    settings = read_settings()
    clock = settings.clock()
    async with open_migrated(settings) as database:
        campaign = find_campaign(await SqlCampaigns(database).directory(), slug, clock())
        yield Desk(campaign, database, SqlSignals(database, clock, settings.suspicions), clock())


def _ballot_key(text: str) -> str:
    name = parse_id(text)
    if isinstance(name, BallotId):
        return name.key
    raise CommandError(f"{text} is no ballot's id; those are ballot/ and 26 characters")


def _suspicion_key(text: str) -> str:
    if (key := suspicion_key(text)) is not None:
        return key
    raise CommandError(f"{text} is no suspicion's id; those are suspicion/ and 26 characters")
