"""Who may do what: the commands that give and take roles, and end sessions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.cli.errors import CommandError
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.services.roles import RoleManagement
from api.settings import read_settings, required_secret
from api.settings.kept_clock import found_clock
from api.settings.kept_secret import found_secret
from api.storage.campaigns import SqlCampaigns
from api.storage.roles import SqlAccessStore

GRANTABLE = tuple(role.name for role in Role if role is not Role.VOTER)
RoleName = Annotated[str, typer.Argument(metavar="ROLE", help=f"{', '.join(GRANTABLE)}.", show_default=False)]
Viewer = Annotated[
    str, typer.Argument(help="The viewer's id, `viewer/...`, as `{ viewer { id } }` shows it.", show_default=False)
]
Slug = Annotated[
    str | None,
    typer.Option("--campaign", help="Its slug; left out, the role counts in every campaign.", show_default=False),
]


def grant(role: RoleName, viewer: Viewer, campaign: Slug = None) -> None:
    """Give a viewer a role, within a second on every server."""
    requested = Grant(_parse_viewer(viewer), _parse_role(role), campaign)

    async def run() -> bool:
        async with _open_roles() as (roles, now):
            return await roles.grant(requested, now)

    typer.echo(f"{_describe(requested)}: {'granted' if asyncio.run(run()) else 'granted already'}")


def withdraw(role: RoleName, viewer: Viewer, campaign: Slug = None) -> None:
    """Take a role away that was granted, within a second on every server."""
    requested = Grant(_parse_viewer(viewer), _parse_role(role), campaign)

    async def run() -> bool:
        async with _open_roles() as (roles, now):
            return await roles.withdraw(requested, now)

    typer.echo(f"{_describe(requested)}: {'withdrawn' if asyncio.run(run()) else 'was not granted'}")


def revoke(
    viewer: Annotated[str | None, typer.Argument(help="The viewer's id, `viewer/...`.", show_default=False)] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="End everybody's sessions.")] = False,
) -> None:
    """End every session of a viewer, or of everybody, within a second on every server. They may sign in again."""
    if (viewer is None) != everybody:
        raise CommandError("give either a viewer's id or --everybody")
    pseudonym = None if viewer is None else _parse_viewer(viewer)

    async def run() -> None:
        async with _open_roles() as (roles, now):
            await roles.revoke(pseudonym, now)

    asyncio.run(run())
    typer.echo("every session is revoked" if pseudonym is None else f"viewer/{pseudonym}: every session is revoked")


@asynccontextmanager
async def _open_roles() -> AsyncIterator[tuple[RoleManagement, datetime]]:
    """The service on the database of these settings, and what time it is."""
    settings = read_settings().with_secret(found_secret)
    async with open_migrated(settings) as database:
        secret = required_secret(settings)
        yield RoleManagement(SqlAccessStore(database), SqlCampaigns(database), secret), found_clock(settings)()


def _parse_role(name: str) -> Role:
    if name.upper() in GRANTABLE:
        return Role[name.upper()]
    raise CommandError(
        f"{name} is no role that can be granted; there are {', '.join(GRANTABLE)} (everybody is a VOTER)"
    )


def _parse_viewer(viewer: str) -> str:
    """The pseudonym in a viewer's id."""
    name = viewer.removeprefix("viewer/")
    if len(name) == 26 and name.isascii() and name.isalnum() and name == name.lower():
        return name
    raise CommandError(
        f"{viewer} is no viewer's id; those are viewer/ and 26 characters, as {{ viewer {{ id }} }} shows them"
    )


def _describe(grant: Grant) -> str:
    return f"viewer/{grant.viewer} {grant.role.name} in {grant.campaign or 'every campaign'}"
