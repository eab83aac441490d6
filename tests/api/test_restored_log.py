"""Does a database that was restored serve and take ballots without signing, and go on under a new origin without a loss?"""

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from api.domain.log.bundles import entries_in
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.entries import ContinuesEntry, ballot_nonce, commitment, parse_entry
from api.domain.log.notes import SignedNote
from api.domain.log.tiles import width_at
from tests.logged_servers import (
    ORIGIN,
    PREFIX,
    cast,
    client_of,
    log_key,
    log_settings,
    note,
    published,
    run,
    states,
    until_logged,
)
from tests.servers import SLUG, TEN, Client, assert_audit_agrees, project_ids, serving
from tests.witnesses import make_witness, witnessing

pytestmark = pytest.mark.any_engine
DAY = date(2017, 3, 22)
RECEIPT = "mutation Cast($input: CastBallotInput!) { castBallot(input: $input) { ballot { id receipt { note } } } }"


@pytest.fixture
def file(seeded_2017: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(seeded_2017, tmp_path / "2017.sqlite3"))


def copied(file: Path, target: Path) -> None:
    """Copy a database while a server writes to it, as a backup does."""
    with closing(sqlite3.connect(file)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


def put_back(backup: Path, file: Path) -> None:
    """Restore a database, whose server has stopped."""
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    shutil.copy(backup, file)


def entries_of(folder: Path) -> list[bytes]:
    """The entries of a log that was saved in a folder, of one bundle at most."""
    size = Checkpoint.parse(SignedNote.parse((folder / "checkpoint").read_bytes()).text).size
    width = width_at(-1, 0, size)
    return entries_in((folder / f"tile/entries/000.p/{width}").read_bytes(), width)


def commitments_of(ids: Sequence[str], keys: dict[str, bytes | None]) -> list[str]:
    """The entries of ballots for the first ten projects, as anybody computes them who knows their ids."""
    bare = [each.removeprefix("ballot/") for each in ids]
    digests = (commitment(SLUG, DAY, ballot_nonce(each), keys[each], TEN) for each in bare)
    return sorted(f"ballot {DAY} {digest}" for digest in digests)


def tags_in(file: Path) -> dict[str, bytes | None]:
    with closing(sqlite3.connect(file)) as connection:
        return dict(connection.execute("select id, client_tag from ballots"))


def verdict(folder: Path, source: Path, *more: str) -> str:
    done = run(folder, "sqlite://unused", {}, "verify", str(source), "--json", *more)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(json.loads(done.stdout)["verdict"])


async def restored(file: Path, folder: Path, given: dict[str, str]) -> list[str]:
    """Restore a database to when it had three of five published ballots; return the ids of those. The old log is saved."""
    url, backup = f"sqlite://{file}", folder / "backup.sqlite3"
    with serving(url, **given) as server:
        async with client_of(server) as client:
            kept = await cast(client, 3)
            await published(client, 3)
            copied(file, backup)
            await cast(client, 2)
            await published(client, 5)
        assert run(folder, url, given, "log", "save", "old").stdout == f"old: {ORIGIN}, 7 entries\n"
    put_back(backup, file)
    return kept


async def has_receipt(client: Client) -> bool:
    """Whether somebody who casts a ballot now is given a receipt."""
    given = {"input": {"projectIds": project_ids(TEN)}}
    told = await client.data(RECEIPT, given, await client.sign_in())
    return told["castBallot"]["ballot"]["receipt"] is not None


async def assert_unsigned(client: Client, size: int) -> None:
    """Nothing newer than this is published."""
    found = await note(client)
    assert found is not None
    assert Checkpoint.parse(found.text).size == size


async def test_a_database_behind_its_anchor_serves_and_casts_and_goes_on_under_a_new_name(
    file: Path, tmp_path: Path
) -> None:
    url, given = f"sqlite://{file}", log_settings(tmp_path)
    ids = await restored(file, tmp_path, given)
    with serving(url, noisy=True, **given) as server:
        async with client_of(server) as client:
            ids += await cast(client, 4)
            await until_logged(server, "has 5 entries in the database, and its anchor")
            await assert_unsigned(client, 5)
            told = states(tmp_path, url, given)[SLUG]
            assert (told["published"], told["anchored"], told["waiting"]) == (5, 7, 4)
            assert "Ballots are taken and served, but nothing is signed" in told["problem"]
            shown = run(tmp_path, url, given, "log", "state")
            assert shown.returncode == 1
            assert f"  IT IS NOT SIGNED: The log {ORIGIN} has 5 entries" in shown.stdout

            begun = run(tmp_path, url, given, "log", "continue", SLUG, "--yes")
            assert begun.returncode == 0, begun.stderr
            assert f"{SLUG}: {ORIGIN}/2 continues {ORIGIN} at 7 entries, root " in begun.stdout
            assert str(log_key(tmp_path, f"{ORIGIN}/2")) in begun.stdout
            await published(client, 8, f"/log/{SLUG}/2")
            await assert_unsigned(client, 5)
            ids += await cast(client, 1)
            await published(client, 9, f"/log/{SLUG}/2")
        saved = run(tmp_path, url, given, "log", "save", "new")
        assert saved.stdout == f"new: {ORIGIN}/2, 11 entries\n"
    assert_audit_agrees(url, 8)
    entries = entries_of(tmp_path / "new")
    old = Checkpoint.parse(SignedNote.parse((tmp_path / "old" / "checkpoint").read_bytes()).text)
    assert parse_entry(entries[0]) == ContinuesEntry(ORIGIN, 7, old.root)
    logged = [entry.decode() for entry in entries if entry.startswith(b"ballot ")]
    assert sorted(logged) == commitments_of(ids, tags_in(file))
    assert {verdict(tmp_path, tmp_path / name) for name in ("old", "new")} == {"NOT_YET_COUNTABLE"}


async def test_a_witness_remembers_what_a_database_without_an_anchor_has_lost(file: Path, tmp_path: Path) -> None:
    url = f"sqlite://{file}"
    log_settings(tmp_path)
    make_witness(tmp_path / "times", "times.example/w", f"below {log_key(tmp_path, PREFIX)}")
    with witnessing(tmp_path / "times") as witness:
        given = log_settings(tmp_path, f"{witness.line('times')}quorum times\n", LOG_ANCHOR="off")
        await restored(file, tmp_path, given)
        with serving(url, noisy=True, **given) as server:
            async with client_of(server) as client:
                await cast(client, 1)
                await until_logged(server, f"The witness times has seen more of it: the log {ORIGIN} at 7 entries.")
                assert not await has_receipt(client)
                await cast(client, 3)
                await assert_unsigned(client, 5)
                told = states(tmp_path, url, given)[SLUG]
                assert told["witnesses"][0]["answer"] == "it has seen 7 entries"
                assert told["problem"] == "The witness times disagrees: it has seen 7 entries."


async def test_an_anchor_that_is_damaged_stops_signing_and_not_casting(file: Path, tmp_path: Path) -> None:
    url, given = f"sqlite://{file}", log_settings(tmp_path)
    with serving(url, noisy=True, **given) as server:
        async with client_of(server) as client:
            await cast(client, 1)
            await published(client, 1)
            [kept] = (tmp_path / "anchor").glob("*.checkpoint")
            whole = kept.read_bytes()
            kept.write_bytes(whole[:50])
            await cast(client, 2)
            await until_logged(server, "is damaged")
            await assert_unsigned(client, 3)
            assert "put back a copy of it" in states(tmp_path, url, given)[SLUG]["problem"]
            assert not await has_receipt(client)
            kept.write_bytes(whole)
            await published(client, 4)
            assert await has_receipt(client)
