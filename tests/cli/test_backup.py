"""Is a backup made while people vote whole? Is one restored where nothing is lost by it, and is it said what it lacks?"""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.transparency.anchor import FolderAnchor
from tests.commands import pingxuan, succeeded
from tests.disks import fill, small_disk
from tests.logged_servers import ORIGIN, cast, client_of, log_settings, published, states
from tests.servers import SECRET, SLUG, Client, serving

pytestmark = pytest.mark.any_engine

DATABASE, COPY = "vote.sqlite3", "copy.sqlite3"
BEFORE, MEANWHILE, AFTER = 20, 40, 10  # ballots


@pytest.fixture
def folder(tmp_path: Path, seeded_2017: Path) -> Path:
    """A folder with a database that is loaded."""
    shutil.copy(seeded_2017, tmp_path / DATABASE)
    return tmp_path


def url(folder: Path, name: str = DATABASE) -> str:
    return f"sqlite://{folder / name}"


def stored(file: Path) -> set[str]:
    """The ids of the ballots in a file."""
    with closing(sqlite3.connect(file)) as connection:
        return {key for (key,) in connection.execute("select id from ballots")}


def sealed(file: Path) -> tuple[int, str]:
    """How far the log in a file is, and its root."""
    with closing(sqlite3.connect(file)) as connection:
        size, root = connection.execute("select size, root from logs").fetchone()
    return size, root.hex()


async def anchored_head(folder: Path) -> tuple[int, str]:
    """How far the log is by its anchor, and its root."""
    [head] = await FolderAnchor(folder / "anchor").heads()
    return head.size, head.root.hex()


def change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def refused(folder: Path, *words: str, code: int = 2, **settings: str) -> list[str]:
    """What a command says of its failure."""
    done = pingxuan(folder, *words, **{"DATABASE_URL": url(folder, "new.sqlite3"), "SECRET": SECRET, **settings})
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stderr.splitlines()


async def test_a_backup_made_while_people_vote_has_every_ballot_that_was_acknowledged_before(folder: Path) -> None:
    with serving(url(folder)) as server:
        async with client_of(server) as client:
            tokens = [await client.sign_in() for _ in range(BEFORE + MEANWHILE)]
            before = {await voted(client, token) for token in tokens[:BEFORE]}
            voting = asyncio.gather(*(voted(client, token) for token in tokens[BEFORE:]))
            said = await asyncio.to_thread(succeeded, folder, "backup", COPY, DATABASE_URL=url(folder))
            meanwhile = set(await voting)
            found = stored(folder / COPY)
            assert before <= found <= before | meanwhile
            assert said.startswith(f"{COPY}: {len(found)} ballots, the newest cast at 2017-03-22T01:")
    said = succeeded(folder, "restore", COPY, DATABASE_URL=url(folder, "new.sqlite3"))
    assert f"{SLUG}: {len(found)} ballots recounted, 0 differences\n" in said
    assert stored(folder / "new.sqlite3") == found
    assert (folder / "new.sqlite3").stat().st_mode & 0o777 == 0o600


async def voted(client: Client, token: str) -> str:
    """The bare id of the ballot that somebody cast."""
    payload = await client.cast(token)
    ballot: str = payload["ballot"]["id"]
    return ballot.removeprefix("ballot/")


async def test_what_a_restored_database_lacks_of_the_published_log_is_said_with_sizes_and_heads(folder: Path) -> None:
    """The copy of an hour ago is behind, and one of now is not; both count what they have."""
    kept = log_settings(folder)
    ours = {"DATABASE_URL": url(folder), "SECRET": SECRET, **kept}
    with serving(url(folder), **kept) as server:
        async with client_of(server) as client:
            await cast(client, BEFORE)
            await published(client, BEFORE)
            await asyncio.to_thread(succeeded, folder, "backup", COPY, **ours)
            await cast(client, AFTER)
            await published(client, BEFORE + AFTER)
    succeeded(folder, "backup", "newest.sqlite3", **ours)
    (folder / DATABASE).unlink()
    lines = refused(folder, "restore", COPY, code=1, **ours)
    (here, root), (anchored, anchored_root) = sealed(folder / COPY), await anchored_head(folder)
    assert lines[0] == (
        f"{ORIGIN}: {here} entries (root {root}) are here, and the anchor has {anchored} entries (root {anchored_root}): "
        f"{anchored - here} are missing."
    )
    assert anchored - here >= AFTER
    assert lines[1].startswith("It is behind what was published: it takes ballots, and signs nothing.")
    assert len(stored(folder / DATABASE)) == BEFORE, "it is in its place"
    assert states(folder, url(folder), kept)[SLUG]["problem"] is not None
    assert refused(folder, "restore", "newest.sqlite3", **ours) == [
        f"pingxuan: {folder / DATABASE} is there already, and nothing is overwritten: move it away, or name another file."
    ]
    for words in (("--check",), ()):
        given = ours | {"DATABASE_URL": url(folder, "new.sqlite3"), "LOG_ANCHOR": kept["LOG_ANCHOR"]}
        done = pingxuan(folder, "restore", "newest.sqlite3", *words, **given)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"{BEFORE + AFTER} ballots" in done.stdout
    assert len(stored(folder / "new.sqlite3")) == BEFORE + AFTER
    unknown = pingxuan(folder, "restore", "newest.sqlite3", "--check", **given | {"LOG_ANCHOR": "off"})
    assert "there is no anchor" in unknown.stderr
    unknown = pingxuan(folder, "restore", "newest.sqlite3", "--check", **given | {"LOG_ANCHOR": str(folder / "none")})
    assert "the anchor is empty" in unknown.stderr
    damaged = refuse_damage(folder, given)
    assert any("is damaged in tile/0/000" in line for line in damaged)


def refuse_damage(folder: Path, given: dict[str, str]) -> list[str]:
    """Have a log lose an entry, and a tally a vote; neither is put in place."""
    shutil.copy(folder / "newest.sqlite3", folder / "damaged.sqlite3")
    change(
        folder / "damaged.sqlite3",
        "update log_bundles set entries = zeroblob(length(entries))",
        "update tallies set votes = votes + 1 where rowid = (select min(rowid) from tallies where project > 0)",
    )
    lines = refused(
        folder, "restore", "damaged.sqlite3", code=1, **given | {"DATABASE_URL": url(folder, "other.sqlite3")}
    )
    assert lines[-1] == "damaged.sqlite3 is not put in place. Take another copy."
    assert sum("the tallies say" in line for line in lines) == 1
    assert not (folder / "other.sqlite3").exists()
    return lines


def test_neither_command_overwrites_or_leaves_anything_half_done(folder: Path) -> None:
    ours = {"DATABASE_URL": url(folder)}
    succeeded(folder, "backup", COPY, **ours)
    files = {file: file.read_bytes() for file in folder.iterdir()}
    is_there = f"pingxuan: {COPY} is there already, and nothing is overwritten: move it away, or name another file."
    assert refused(folder, "backup", COPY, **ours) == [is_there]
    assert refused(folder, "backup", "missing/copy", **ours) == [
        "pingxuan: missing/copy cannot be made: there is no folder missing."
    ]
    assert "is not a database; name" in refused(folder, "restore", "notes.txt", **notes(folder))[0]
    assert "There is no file nowhere." in refused(folder, "restore", "nowhere")[0]
    (folder / "new.sqlite3-wal").touch()
    assert "new.sqlite3-wal is there already" in refused(folder, "restore", COPY)[0]
    (folder / "new.sqlite3-wal").unlink()
    (folder / "notes.txt").unlink()
    assert {file: file.read_bytes() for file in folder.iterdir()} == files


def notes(folder: Path) -> dict[str, str]:
    (folder / "notes.txt").write_text("These are notes, long enough to be no header of a database. " * 20)
    return {}


def test_a_disk_that_is_full_gets_no_half_copy(folder: Path) -> None:
    with small_disk(folder / "small") as disk:
        fill(disk)
        [line] = refused(folder, "backup", f"{disk}/copy.sqlite3", DATABASE_URL=url(folder))
        assert "disk" in line
        assert "; " in line
        assert [file.name for file in disk.iterdir()] == ["ballast"]


@pytest.mark.parametrize("words", [("backup", COPY), ("restore", COPY)])
def test_for_postgresql_they_name_its_own_programs(tmp_path: Path, words: tuple[str, ...]) -> None:
    [line] = refused(tmp_path, *words, DATABASE_URL="postgres://u:hunter2@127.0.0.1:1/city")
    assert "pg_basebackup" in line
    assert "docs/backups.md" in line
    assert list(tmp_path.iterdir()) == []
