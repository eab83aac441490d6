"""The command `forget`: destroy a campaign's voter secret."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.cli.errors import CommandError
from api.domain.audit_trail import AuditEvent, TrailKind
from api.services.listing import find_campaign
from api.settings import read_settings
from api.storage.audit_trail import write
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.erasure import leftovers, scrub, wipe_salt

LOST = """From now on, for good and for everybody, whoever holds the server's secret included:
  - no ballot can be linked to its voter, and no voter to a ballot;
  - a voter finds their own ballots by the ballots' ids alone (viewer.ballots answers FORGOTTEN);
  - a repeated request is not recognised as one (idempotency keys of this campaign find nothing);
  - the names in this campaign's entries of the trail cannot be told to be anybody's;
  - what was noted of how its ballots arrived is deleted, and its suspicions with it;
  - no further ballot can be cast in it, whatever becomes of its window.
Tallies, results, ballots by their ids and the audit stay as they are."""


def forget(
    campaign: Annotated[str, typer.Argument(help="Its slug.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Destroy a campaign's voter secret once its vote has closed, so that no ballot leads to its voter any more."""
    if not yes:
        typer.confirm(f"{LOST}\nDestroy the voter secret of {campaign}?", abort=True)
    wiped, left = asyncio.run(_forget(campaign))
    typer.echo(f"{campaign}: {'its voter secret is destroyed' if wiped else 'its voter secret was destroyed already'}")
    typer.echo(LOST)
    typer.echo(left)


async def _forget(slug: str) -> tuple[bool, str]:
    """Whether there still was a secret to destroy, and where it may yet be found."""
    settings = read_settings()
    async with open_migrated(settings) as database:
        wiped = await _wipe(database, slug, settings.clock()())
        await scrub(database)
        return wiped, leftovers(database)


async def _wipe(database: Database, slug: str, now: datetime) -> bool:
    async with database.transaction() as change:
        campaign = find_campaign(await SqlCampaigns(change).directory(), slug, now)
        if now < campaign.window.closes_at:
            closes = campaign.calendar.local(campaign.window.closes_at).isoformat()
            raise CommandError(
                f"{slug} is voted on until {closes}; without its voter secret nobody could cast a ballot"
            )
        if campaign.anonymised:
            return False
        await wipe_salt(change, slug)
        await write(change, [AuditEvent(now, TrailKind.CAMPAIGN_FORGOTTEN, slug)])
    return True
