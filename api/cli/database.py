"""The commands that migrate the database, and that check and load campaign files."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.formats.campaign_toml import (
    CampaignFileError,
    Mistake,
    mistakes_in,
    read_campaign_file,
    read_voters,
    summarised,
    warnings_of,
)
from api.services.ballot_limits import limit_conflict
from api.services.campaigns import CampaignFile
from api.services.campaigns import load as load_campaign
from api.settings import read_settings
from api.settings.kept_clock import found_clock
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import migrate as apply_migrations

File = Annotated[Path, typer.Argument(help="A campaign as TOML, such as seed/shanghai-2017.toml.", show_default=False)]


def migrate() -> None:
    """Bring the database to this version. Safe to run at any time, from several machines at once."""

    async def run() -> list[str]:
        async with open_database(read_settings().database_url) as database:
            return await apply_migrations(database)

    applied = asyncio.run(run())
    typer.echo(f"applied {', '.join(applied)}" if applied else "nothing to apply")


def check(file: File) -> None:
    """Report every mistake in a campaign file, each with its place and what would be right. Exit 1 if there is one.

    A ballot that its rules allow and this environment's limits refuse is one.
    """
    mistakes = mistakes_in(file) or _limit_mistakes(file)
    for line in summarised(mistakes):
        typer.echo(line, err=True)
    if mistakes:
        raise typer.Exit(1)
    for line in warnings_of(read_campaign_file(file)[0]):
        typer.echo(f"warning: {line}", err=True)
    typer.echo(f"{file}: no mistakes")


def load(file: File) -> None:
    """Store a campaign as its file has it. Once voting has opened or a ballot is stored, rules and candidates stay."""

    settings = read_settings()

    async def run() -> bool:
        async with open_migrated(settings) as database:
            return await load_file(database, file, found_clock(settings)())

    with report_mistakes():
        changed = asyncio.run(run())
    typer.echo(f"{file}: {'loaded' if changed else 'nothing has changed'}")
    campaign = read_campaign_file(file)[0]
    for line in filter(None, (limit_conflict(campaign, settings.limits), *warnings_of(campaign))):
        typer.echo(f"warning: {line}", err=True)


def _limit_mistakes(file: Path) -> tuple[Mistake, ...]:
    conflict = limit_conflict(read_campaign_file(file)[0], read_settings().limits)
    if conflict is None:
        return ()
    problem = f"is the number {conflict.maximum}, but {conflict.problem} refuses so large a ballot"
    remedy = f"Set {conflict.remedy} where the server runs, or write a smaller number."
    return (Mistake(str(file), "rules.choices.maximum", problem, remedy),)


@contextmanager
def report_mistakes() -> Iterator[None]:
    """Report every mistake in a campaign file that cannot be read, a line each, and end with exit code 1."""
    try:
        yield
    except CampaignFileError as error:
        for line in summarised(error.mistakes):
            typer.echo(line, err=True)
        raise typer.Exit(1) from None


async def load_file(database: Database, file: Path, now: datetime) -> bool:
    """Store a campaign file; False when nothing has changed. Raises CampaignFileError and FrozenCampaignError."""
    campaign, districts = read_campaign_file(file)
    return await load_campaign(SqlCampaigns(database), campaign, districts, _fingerprint(file), now)


def _fingerprint(file: Path) -> CampaignFile:
    """What the audit trail says of a file: enough to recognise it by; and the list of voters that it names."""
    return CampaignFile(file.name, sha256(file.read_bytes()).hexdigest(), read_voters(file))
