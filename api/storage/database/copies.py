"""Copies of a SQLite database: made while others write, looked through, and given their name only when they are whole."""

import asyncio
import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from api.disk import sync
from api.domain.errors import OperatorError
from api.storage.database.connection import as_moment
from api.storage.database.outages import advice_on, reason_of, remedy_for

PRIVATE = 0o600  # it holds the secrets of campaigns
SIDE_FILES = ("-wal", "-shm", "-journal")  # what SQLite would take for a part of the file beside them
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
CONTENTS = "select count(*), max(cast_at) from ballots"
MAX_PROBLEMS = 5  # that are named of a damaged file


class CopyRefused(OperatorError):
    """A copy cannot be made, or is not what it should be. Nothing was made or changed."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy holds. newest: when the last of its ballots was cast, None where it has none."""

    ballots: int
    newest: datetime | None


async def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at this moment into a new or empty file, and see it on the disk. Others go on writing.

    No page that is free is copied, so that what was destroyed is not in the copy. Raises CopyRefused.
    """
    with closing(_opened(source)) as connection:
        work = asyncio.ensure_future(asyncio.to_thread(connection.execute, "VACUUM INTO ?", [str(target)]))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            connection.interrupt()
            await asyncio.wait([work])
            raise
        except sqlite3.Error as error:
            raise CopyRefused(f"{source} could not be copied: {_said(error)}.") from None
    sync(target)


async def look_through(file: Path) -> Contents:
    """See that a file is a whole database of ours, and return what it holds. Raises CopyRefused."""
    return await asyncio.to_thread(_contents, file)


def refuse_existing(file: Path) -> None:
    """See that there is nothing under this name or beside it that a database would be taken to have. Raises CopyRefused."""
    for each in (file, *(file.with_name(file.name + ending) for ending in SIDE_FILES)):
        if os.path.lexists(each):
            raise CopyRefused(
                f"{each} is there already, and nothing is overwritten: move it away, or name another file."
            )
    if not file.parent.is_dir():
        raise CopyRefused(f"{file} cannot be made: there is no folder {file.parent}.")


@contextmanager
def new_file(file: Path) -> Iterator[Path]:
    """A private, empty file, which has the name once the block has ended well: whole, on the disk, and in nobody's place.

    Raises CopyRefused where there is one of this name.
    """
    refuse_existing(file)
    with TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder:
        made = Path(folder) / file.name
        os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        yield made
        sync(made)
        refuse_existing(file)
        _give_name(made, file)


def _give_name(made: Path, file: Path) -> None:
    """Link a file under its name, which overwrites nothing, however many do so at once."""
    try:
        file.hardlink_to(made)
    except FileExistsError:
        refuse_existing(file)
        raise
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        raise CopyRefused(
            f"{file} cannot be made: the file system there knows no links; write to another, and copy it from there."
        ) from None
    sync(file.parent)


def _contents(file: Path) -> Contents:
    try:
        with closing(_opened(file)) as connection:
            problems = [text for (text,) in connection.execute(f"PRAGMA integrity_check({MAX_PROBLEMS})")]
            if problems != ["ok"]:
                raise CopyRefused(f"{file} is damaged: {'; '.join(problems)}. Take another copy.")
            strays = sorted({row[0] for row in connection.execute("PRAGMA foreign_key_check")})
            if strays:
                raise CopyRefused(
                    f"{file} lacks rows to which others refer (in {', '.join(strays)}). Take another copy."
                )
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"migrations", "ballots"} <= names:
                raise CopyRefused(f"{file} is no database of Pingxuan's: it has no ballots and no migrations.")
            ballots, newest = connection.execute(CONTENTS).fetchone()
    except sqlite3.Error as error:
        raise CopyRefused(f"{file} cannot be read: {_said(error)}.") from None
    return Contents(ballots, None if newest is None else as_moment(newest))


def _opened(file: Path) -> sqlite3.Connection:
    """A connection for any thread. It may write, since one that may not leaves SQLite's side files behind."""
    if not file.is_file():
        raise CopyRefused(f"There is no file {file}.")
    try:
        return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise CopyRefused(f"{file} cannot be read: {_said(error)}.") from None


def _said(error: sqlite3.Error) -> str:
    return f"{reason_of(error)}; {advice_on(error) or remedy_for(error)}"
