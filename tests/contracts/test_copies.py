"""Is a copy of a SQLite database whole or not there, private, in nobody's place, and without what was destroyed?"""

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from api.storage.database.copies import CopyRefused, copy_database, look_through, new_file, refuse_existing

MARK = b"a salt that was destroyed"
ROWS = 2_000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A database with what a copy of ours has to have, from whose pages a row was deleted and not wiped."""
    file = tmp_path / "source.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("""
            pragma journal_mode = wal; pragma secure_delete = off;
            create table migrations (name text primary key);
            create table parents (id integer primary key);
            create table ballots (id integer primary key, cast_at text, parent integer references parents (id));
            create index times on ballots (cast_at);
        """)
        rows = ((n, f"2017-03-22 01:{n // 60 % 60:02}:{n % 60:02}+00:00") for n in range(ROWS))
        connection.executemany("insert into ballots (id, cast_at) values (?, ?)", rows)
        connection.execute("create table secrets (salt blob)")
        connection.execute("insert into secrets values (?)", [MARK * 100])
        connection.execute("drop table secrets")
        connection.commit()
    return file


def has_mark(file: Path) -> bool:
    return MARK in file.read_bytes()


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def test_what_was_destroyed_is_not_in_a_copy(source: Path, tmp_path: Path) -> None:
    assert has_mark(source)
    with new_file(tmp_path / "copy.sqlite3") as copy:
        await copy_database(source, copy)
    assert not has_mark(tmp_path / "copy.sqlite3")
    contents = await look_through(tmp_path / "copy.sqlite3")
    assert (contents.ballots, str(contents.newest)) == (ROWS, "2017-03-22 01:33:19+00:00")


async def test_a_copy_has_what_is_committed_and_nothing_of_a_transaction_that_is_open(
    source: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(source)) as writer:
        writer.execute("delete from ballots where id >= 100")
        writer.commit()
        writer.execute("delete from ballots")
        await copy_database(source, tmp_path / "copy.sqlite3")
        writer.commit()
    assert (await look_through(tmp_path / "copy.sqlite3")).ballots == 100


async def test_a_new_file_is_its_owners_alone_and_is_all_that_stays(source: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with new_file(tmp_path / "copy.sqlite3") as copy:
            await copy_database(source, copy)
            assert not (tmp_path / "copy.sqlite3").exists(), "it has its name when it is whole"
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "copy.sqlite3").stat().st_mode) == 0o600
    assert names(tmp_path) == {"source.sqlite3", "copy.sqlite3"}


def test_a_block_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), new_file(tmp_path / "copy") as copy:
        copy.write_text(str(1 // 0))
    assert list(tmp_path.iterdir()) == []


def test_the_second_of_two_that_take_one_name_is_refused(tmp_path: Path) -> None:
    def write_the_first(second: Path) -> None:
        second.write_text("second")
        with new_file(tmp_path / "copy") as first:
            first.write_text("first")

    with pytest.raises(CopyRefused, match="is there already"), new_file(tmp_path / "copy") as made:
        write_the_first(made)
    assert (tmp_path / "copy").read_text() == "first"
    assert names(tmp_path) == {"copy"}


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_nothing_is_put_where_something_is_or_beside_what_a_database_left(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"copy{ending}").symlink_to("nowhere")
    with pytest.raises(CopyRefused, match=f"copy{ending} is there already"):
        refuse_existing(tmp_path / "copy")


async def test_a_copy_that_is_cancelled_ends_before_it_is_left(source: Path, tmp_path: Path) -> None:
    async def copy() -> None:
        with new_file(tmp_path / "copy.sqlite3") as made:
            await copy_database(source, made)

    copying = asyncio.ensure_future(copy())
    asyncio.get_running_loop().call_soon(copying.cancel)
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert names(tmp_path) == {"source.sqlite3"}


def damage_an_index(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "pragma writable_schema = on; update sqlite_master set sql = "
            "'create index times on ballots (parent)' where name = 'times';"
        )


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def take_a_parent(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("update ballots set parent = 7")
        connection.commit()


def rename(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("alter table migrations rename to others")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (damage_an_index, "is damaged: "),
        (cut, "malformed; restore it from a backup"),
        (take_a_parent, r"lacks rows to which others refer \(in ballots\)"),
        (rename, "is no database of Pingxuan's"),
        (lambda file: file.write_bytes(b"These are notes. " * 300), "is not a database; name"),
        (Path.unlink, "There is no file"),
    ],
)
async def test_what_is_not_a_whole_database_of_ours_is_refused(source: Path, damage: object, said: str) -> None:
    assert callable(damage)
    damage(source)
    with pytest.raises(CopyRefused, match=said):
        await look_through(source)
