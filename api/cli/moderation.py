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
from api.domain.texts import counted
from api.services.listing import find_campaign
from api.services.moderation import BallotModeration, Decision
from api.settings import read_settings
from api.settings.kept_clock import found_clock
from api.storage.campaigns import SqlCampaigns
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
class OpenCampaign:
    """A campaign in an open database, what can be done about its ballots, and what time it is."""

    campaign: Campaign
    signals: SqlSignals
    moderation: BallotModeration
    now: datetime


def suspicions(campaign: Slug = None) -> None:
    """List what looks odd about the ballots of a campaign, the newest first."""
    listed = asyncio.run(_list_suspicions(campaign))
    for suspicion in listed:
        span = " to ".join(at.isoformat(timespec="seconds") for at in (suspicion.first_at, suspicion.last_at))
        counts = f"{counted(suspicion.ballots, 'ballot')}, {suspicion.held} held, {suspicion.voided} voided"
        typer.echo(f"{suspicion_id(suspicion.key)}  {suspicion.kind.name}  {span}  {counts}")
    if not listed:
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
    keys = [_parse_ballot_id(text) for text in ids]
    key = None if suspicion is None else _parse_suspicion_id(suspicion)
    decision = asyncio.run(_decide(kind, checked_reason(reason), keys, key, slug))
    for ballot, code in decision.problems:
        typer.echo(f"{BallotId(ballot)}: {MESSAGES[code].en}", err=True)
    more = "; there are more, run this again" if decision.more else ""
    typer.echo(f"{kind.name}: {counted(len(decision.ballots), 'ballot')}{more}")


async def _list_suspicions(slug: str | None) -> tuple[Suspicion, ...]:
    async with _open_campaign(slug) as opened:
        return await opened.signals.suspicions(opened.campaign.slug, (), MAX_SUSPICIONS)


async def _decide(kind: RulingKind, reason: str, keys: Sequence[str], key: str | None, slug: str | None) -> Decision:
    async with _open_campaign(slug) as opened:
        ruling = Ruling(kind, reason, opened.now, None)
        if key is None:
            return await opened.moderation.rule(opened.campaign, keys, ruling)
        suspicion = await opened.moderation.suspicion(opened.campaign, key)
        return await opened.moderation.rule_on(suspicion, ruling)


@asynccontextmanager
async def _open_campaign(slug: str | None) -> AsyncIterator[OpenCampaign]:
    settings = read_settings()
    clock = found_clock(settings)
    async with open_migrated(settings) as database:
        campaign = find_campaign(await SqlCampaigns(database).directory(), slug, clock())
        signals = SqlSignals(database, clock, settings.suspicions)
        yield OpenCampaign(campaign, signals, BallotModeration(SqlRulings(database), signals), clock())


def _parse_ballot_id(text: str) -> str:
    node = parse_id(text)
    if isinstance(node, BallotId):
        return node.key
    raise CommandError(f"{text} is no ballot's id; those are ballot/ and 26 characters")


def _parse_suspicion_id(text: str) -> str:
    if (key := suspicion_key(text)) is not None:
        return key
    raise CommandError(f"{text} is no suspicion's id; those are suspicion/ and 26 characters")
