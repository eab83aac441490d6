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
from api.formats.campaign_toml import CampaignFileError, mistakes_in, read_campaign_file, summarised
from api.services.campaigns import CampaignFile
from api.services.campaigns import load as load_campaign
from api.settings import read_settings
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
    """Report every mistake in a campaign file, each with its place and what would be right. Exit 1 if there is one."""
    mistakes = mistakes_in(file)
    for line in summarised(mistakes):
        typer.echo(line, err=True)
    if mistakes:
        raise typer.Exit(1)
    typer.echo(f"{file}: no mistakes")


def load(file: File) -> None:
    """Store a campaign as its file has it. Once voting has opened, what ballots were cast under can no longer change."""

    async def run() -> bool:
        settings = read_settings()
        async with open_migrated(settings) as database:
            return await load_file(database, file, settings.clock()())

    with report_mistakes():
        changed = asyncio.run(run())
    typer.echo(f"{file}: {'loaded' if changed else 'nothing has changed'}")


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
    """What the audit trail says of a file: enough to recognise it by."""
    return CampaignFile(file.name, sha256(file.read_bytes()).hexdigest())
