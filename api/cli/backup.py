"""The commands that copy a SQLite database while it serves, and put a copy in the place of one that is lost."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from api.bootstrap.restoring import Verification, verify_copy
from api.cli.errors import CommandError
from api.cli.results import audit_summary
from api.domain.texts import counted
from api.settings import Settings, read_settings
from api.storage.database.connection import open_database
from api.storage.database.copies import Contents, copy_database, look_through, new_file, refuse_existing
from api.storage.database.migrator import pending
from api.storage.database.urls import DatabaseUrl, Dialect

SEE = "docs/backups.md says how"
BACK_UP_POSTGRES = (
    "PostgreSQL is backed up by its own programs: pg_basebackup for the whole, and pg_receivewal --synchronous for what "
    f"comes after, so that no acknowledged ballot is lost; {SEE}."
)
RESTORE_POSTGRES = (
    "PostgreSQL is restored by its own programs, from the copy of pg_basebackup and the write-ahead log after it, and looked "
    f"through by `pingxuan audit` and `pingxuan log state`; {SEE}."
)
BEHIND = (
    "It is behind what was published: it takes ballots, and signs nothing. Is there a newer copy? If not, docs/operations.md "
    "says how its logs go on, under «When a log is behind»."
)
NOT_COMPARED = (
    "What was published is not known here: {reason}. Compare its logs with what others have of them, such as witnesses, before "
    "it serves (`pingxuan log state`)."
)


def backup(
    file: Annotated[Path, typer.Argument(help="The copy, a new file, best on another disk.", show_default=False)],
) -> None:
    """Copy the database to a new file, while servers go on writing to it. SQLite only.

    The copy is whole or not there, and only its owner may read it. Keep the secret, the log's keys and the campaign files
    elsewhere: none of them is in it, and neither is the log's anchor, which is never restored with a database.
    """
    settings = read_settings()
    source = _sqlite_file(settings, BACK_UP_POSTGRES)
    contents = asyncio.run(_back_up(settings, source, file))
    typer.echo(f"{file}: {_described(contents)}")


def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `pingxuan backup` has made.", show_default=False)],
    check: Annotated[bool, typer.Option("--check", help="Look through the copy, and put it nowhere.")] = False,
) -> None:
    """Put a copy where PINGXUAN_DATABASE_URL says, which must be free: nothing is overwritten. SQLite only.

    Before that it is looked through: that the file is whole and of no newer version, that every ballot recounted gives the
    tallies, that the logs give their heads, and how far they are behind what was published. It is brought to this version.
    Exit 1 where ballots or entries are missing or wrong; what is wrong is not put in place.
    """
    settings = read_settings()
    target = _sqlite_file(settings, RESTORE_POSTGRES)
    with _place(target, check) as copy:
        contents, found = asyncio.run(_restore(settings, file, copy))
        for slug, (recount, wrong) in found.audits.items():
            typer.echo(audit_summary(slug, recount, wrong))
        for sentence in found.wrong:
            typer.echo(sentence, err=True)
        if found.wrong:
            typer.echo(f"{file} is not put in place. Take another copy.", err=True)
            raise typer.Exit(1)
    brought = f", brought to this version by {', '.join(found.migrations)}" if found.migrations else ""
    typer.echo(f"{file if check else target}: {_described(contents)}{brought}")
    _report_missing(found)


def _report_missing(found: Verification) -> None:
    """Say what the copy lacks of what was published, and end with exit code 1 where it lacks anything."""
    for sentence in found.missing:
        typer.echo(sentence, err=True)
    if found.missing:
        typer.echo(BEHIND, err=True)
        raise typer.Exit(1)
    if found.logs and not found.anchored:
        reason = "there is no anchor (PINGXUAN_LOG_ANCHOR)" if found.anchored is None else "the anchor is empty"
        typer.echo(NOT_COMPARED.format(reason=reason), err=True)


@contextmanager
def _place(target: Path, check: bool) -> Iterator[Path]:
    """Where the copy is looked through: a file that then becomes the database, or one that then is gone."""
    if not check:
        with new_file(target) as copy:
            yield copy
        return
    with TemporaryDirectory(prefix="pingxuan-") as folder:
        yield Path(folder) / target.name


async def _back_up(settings: Settings, source: Path, file: Path) -> Contents:
    refuse_existing(file)
    async with open_database(settings.database_url, create=False) as database:
        await pending(database)  # it refuses a database of a newer version
    with new_file(file) as copy:
        await copy_database(source, copy)
        return await look_through(copy)


async def _restore(settings: Settings, file: Path, copy: Path) -> tuple[Contents, Verification]:
    contents = await look_through(file)
    await copy_database(file, copy)
    return contents, await verify_copy(copy, settings)


def _sqlite_file(settings: Settings, otherwise: str) -> Path:
    """The file that the settings name. Raises CommandError for PostgreSQL."""
    address = DatabaseUrl.parse(settings.database_url)
    if address.dialect is not Dialect.SQLITE:
        raise CommandError(otherwise)
    return Path(address.place)


def _described(contents: Contents) -> str:
    ballots = counted(contents.ballots, "ballot", grouped=True)
    if contents.newest is None:
        return ballots
    return f"{ballots}, the newest cast at {contents.newest.isoformat(timespec='seconds')}"
