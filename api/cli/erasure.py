"""The command `forget`: destroy a campaign's voter secret."""

import asyncio
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.services.erasure import Erasure
from api.services.erasure import forget as forget_campaign
from api.settings import read_settings
from api.settings.kept_clock import found_clock
from api.storage.campaigns import SqlCampaigns

CONSEQUENCES = """From now on, for good and for everybody, whoever holds the server's secret included:
  - no ballot can be linked to its voter, and no voter to a ballot;
  - a voter finds their own ballots by the ballots' ids alone (viewer.ballots answers FORGOTTEN);
  - a repeated request is not recognised as one (idempotency keys of this campaign find nothing);
  - the names in this campaign's entries of the trail cannot be told to be anybody's;
  - what was noted of how its ballots arrived is deleted, and its suspicions with it;
  - reminders of it that still wait are deleted;
  - no further ballot can be cast in it, whatever becomes of its window.
Tallies, results, ballots by their ids and the audit stay as they are."""


def forget(
    campaign: Annotated[str, typer.Argument(help="Its slug.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Destroy a campaign's voter secret once its vote has closed, so that no ballot leads to its voter any more."""
    if not yes:
        typer.confirm(f"{CONSEQUENCES}\nDestroy the voter secret of {campaign}?", abort=True)
    erasure = asyncio.run(_forget(campaign))
    state = "its voter secret is destroyed" if erasure.destroyed else "its voter secret was destroyed already"
    typer.echo(f"{campaign}: {state}")
    typer.echo(CONSEQUENCES)
    typer.echo(erasure.leftovers)


async def _forget(slug: str) -> Erasure:
    settings = read_settings()
    async with open_migrated(settings) as database:
        return await forget_campaign(SqlCampaigns(database), slug, found_clock(settings)())
