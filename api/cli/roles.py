"""Who may do what: roles given and taken away, and sessions ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.cli.errors import CommandError
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.domain.voting.quota import trail_name
from api.services.listing import find_campaign
from api.settings import Settings, found_secret, read_settings, required_secret
from api.storage.audit_trail import write
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.roles import SqlAccessStore

GIVEN = tuple(role.name for role in Role if role is not Role.VOTER)
RoleName = Annotated[str, typer.Argument(metavar="ROLE", help=f"{', '.join(GIVEN)}.", show_default=False)]
Viewer = Annotated[
    str, typer.Argument(help="The viewer's id, `viewer/...`, as `{ viewer { id } }` shows it.", show_default=False)
]
Slug = Annotated[
    str | None,
    typer.Option("--campaign", help="Its slug; left out, the role counts in every campaign.", show_default=False),
]


def grant(role: RoleName, viewer: Viewer, campaign: Slug = None) -> None:
    """Give a viewer a role, within a second on every server."""
    wanted = Grant(_pseudonym(viewer), _role(role), campaign)
    changed = asyncio.run(_change_roles(wanted, given=True))
    typer.echo(f"{_told(wanted)}: {'granted' if changed else 'granted already'}")


def withdraw(role: RoleName, viewer: Viewer, campaign: Slug = None) -> None:
    """Take a role away that was granted, within a second on every server."""
    wanted = Grant(_pseudonym(viewer), _role(role), campaign)
    changed = asyncio.run(_change_roles(wanted, given=False))
    typer.echo(f"{_told(wanted)}: {'withdrawn' if changed else 'was not granted'}")


def revoke(
    viewer: Annotated[str | None, typer.Argument(help="The viewer's id, `viewer/...`.", show_default=False)] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="End everybody's sessions.")] = False,
) -> None:
    """End every session of a viewer, or of everybody, within a second on every server. They may sign in again."""
    if (viewer is None) != everybody:
        raise CommandError("give either a viewer's id or --everybody")
    pseudonym = None if viewer is None else _pseudonym(viewer)
    asyncio.run(_revoke(pseudonym))
    typer.echo("every session is revoked" if pseudonym is None else f"viewer/{pseudonym}: every session is revoked")


async def _change_roles(wanted: Grant, *, given: bool) -> bool:
    settings = read_settings().with_secret(found_secret)
    async with _changing(settings) as (change, now):
        if wanted.campaign is not None:
            find_campaign(await SqlCampaigns(change).directory(), wanted.campaign, now)
        people = SqlAccessStore(change)
        changed = await (people.grant(wanted) if given else people.withdraw(wanted))
        if changed:
            kind = TrailKind.ROLE_GRANTED if given else TrailKind.ROLE_WITHDRAWN
            details = {"role": wanted.role.name, "viewer": trail_name(required_secret(settings), wanted.viewer)}
            await write(change, [AuditEvent(now, kind, wanted.campaign, details=details)])
    return changed


async def _revoke(viewer: str | None) -> None:
    settings = read_settings().with_secret(found_secret)
    async with _changing(settings) as (change, now):
        await SqlAccessStore(change).revoke(viewer)
        details = {} if viewer is None else {"viewer": trail_name(required_secret(settings), viewer)}
        await write(change, [AuditEvent(now, TrailKind.SESSIONS_REVOKED, details=details)])


@asynccontextmanager
async def _changing(settings: Settings) -> AsyncIterator[tuple[Database, datetime]]:
    """A transaction for a change and its entry in the trail, and what time it is."""
    async with open_migrated(settings) as database, database.transaction() as change:
        yield change, settings.clock()()


def _role(name: str) -> Role:
    if name.upper() in GIVEN:
        return Role[name.upper()]
    raise CommandError(f"{name} is no role that can be granted; there are {', '.join(GIVEN)} (everybody is a VOTER)")


def _pseudonym(viewer: str) -> str:
    name = viewer.removeprefix("viewer/")
    if len(name) == 26 and name.isascii() and name.isalnum() and name == name.lower():
        return name
    raise CommandError(
        f"{viewer} is no viewer's id; those are viewer/ and 26 characters, as {{ viewer {{ id }} }} shows them"
    )


def _told(wanted: Grant) -> str:
    return f"viewer/{wanted.viewer} {wanted.role.name} in {wanted.campaign or 'every campaign'}"
