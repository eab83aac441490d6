"""Is a database of every version of the schema upgraded with all its ballots, and is one of a later version left alone?"""

import asyncio
from pathlib import Path

import pytest

from api.services.log.comparison import check_logs
from api.storage.ballot_records import audits
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import available, migrate
from api.storage.database.urls import Dialect
from api.storage.log.sealing_store import SqlSealingStore
from api.storage.sign_ins import count_of
from tests.cli.test_errors import MAKING_ONE, ON_A_DATABASE
from tests.commands import pingxuan, succeeded
from tests.conftest import FreshUrl
from tests.released_databases import BALLOTS, NUMBERS, load
from tests.servers import SLUG

OURS = [migration.name for migration in available(Dialect.SQLITE)]
LATER = "9999_later"


def test_there_is_one_of_every_version_from_the_first_on() -> None:
    assert [name[:4] for name in OURS][: len(NUMBERS)] == NUMBERS
    assert len(NUMBERS) >= 12


async def ballots_of(database: Database) -> dict[str, bytes]:
    return {row["id"]: bytes(row["choices"]) for row in await database.rows("select id, choices from ballots")}


@pytest.mark.parametrize("number", NUMBERS)
async def test_a_database_of_a_version_is_upgraded_with_all_its_ballots(fresh_url: FreshUrl, number: str) -> None:
    url = fresh_url()
    await load(url, number)
    async with open_database(url) as database:
        before = await ballots_of(database)
        assert len(before) == BALLOTS
        assert await migrate(database) == [name for name in OURS if name[:4] > number]
        assert await ballots_of(database) == before
        async with database.snapshot() as view:
            [(slug, (counts, wrong))] = (await audits(view)).items()
        assert (slug, counts.cast, wrong) == (SLUG, BALLOTS, [])
        assert sum(counts.held.values()) == (1 if number >= "0005" else 0)
        assert len(await SqlBallotBox(database).find(sorted(before))) == BALLOTS
        await check_ballot_log(database, number)


async def check_ballot_log(database: Database, number: str) -> None:
    """The log that was sealed is whole, and every ballot is in it or waits for it."""
    store = SqlSealingStore(database, count_of)
    logs = await store.generations()
    await check_logs(store, logs)
    sealed, waiting = sum(log.ballots for log in logs), await store.waiting()
    assert sealed + (waiting[SLUG].ballots if waiting else 0) == BALLOTS
    assert (sealed > 0) == (number >= "0012")


@pytest.mark.parametrize("number", [NUMBERS[0], NUMBERS[-1]])
def test_a_copy_of_a_version_is_restored_under_this_one(tmp_path: Path, number: str) -> None:
    asyncio.run(load(f"sqlite://{tmp_path}/copy.sqlite3", number))
    said = succeeded(tmp_path, "restore", "copy.sqlite3", DATABASE_URL="sqlite://vote.sqlite3")
    later = [name for name in OURS if name[:4] > number]
    assert ("brought to this version by" in said) == bool(later)
    assert all(name in said for name in later)
    assert f"{SLUG}: {BALLOTS} ballots recounted, 0 differences" in succeeded(
        tmp_path, "audit", DATABASE_URL="sqlite://vote.sqlite3"
    )


def test_every_command_refuses_a_database_of_a_later_version_in_one_sentence(tmp_path: Path, seeded_2017: Path) -> None:
    """Nothing is changed in it, nor is it restored."""
    file = tmp_path / "vote.sqlite3"
    file.write_bytes(seeded_2017.read_bytes())
    asyncio.run(add_later(f"sqlite://{file}"))
    content, given = file.read_bytes(), {"SECRET": "a secret", "PORT": "0"}
    for command, words in (ON_A_DATABASE | MAKING_ONE).items():
        done = pingxuan(tmp_path, command, *words, **given, DATABASE_URL=f"sqlite://{file}")
        assert (command, done.returncode, done.stdout) == (command, 2, "")
        assert done.stderr == f"pingxuan: A newer version has migrated this database ({LATER}); run that version.\n"
    done = pingxuan(tmp_path, "restore", "vote.sqlite3", **given, DATABASE_URL="sqlite://new.sqlite3")
    assert (done.returncode, done.stderr.count(LATER)) == (2, 1)
    assert file.read_bytes() == content
    assert not (tmp_path / "new.sqlite3").exists()


async def add_later(url: str) -> None:
    async with open_database(url) as database:
        await database.rows("insert into migrations (name, sha256) values ($1, $2)", LATER, "0" * 64)
