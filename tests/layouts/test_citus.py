"""Is a database distributed on Citus once and in time, written to as Citus likes it, and audited as of one moment?

An extension of that name stands in for it. What the real one makes of the statements was run by hand, as the page says.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextvars import Context
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from api.storage.ballot_records import SqlBallotRecords
from api.storage.ballots import ballot_batch, new_ballots
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.distribution import recount_snapshot
from api.storage.tallies import SqlTallies
from tests.campaigns import SLUG
from tests.commands import SEED, pingxuan, succeeded
from tests.contracts.test_ballot_box import DAY, admission, prepare
from tests.contracts.test_group_commit import agrees
from tests.databases import PostgresServer
from tests.servers import SECRET, assert_audit_agrees
from tests.standins import citus

pytestmark = pytest.mark.check
STATEMENTS = [
    *(f"SELECT create_reference_table('{name}')" for name in ("campaigns", "districts", "projects", "rulings")),
    "SELECT create_distributed_table('ballots', 'id')",
    "SELECT create_distributed_table('retries', 'tag', colocate_with => 'none')",
]
CALLS = [
    *(f"on every node: {name}" for name in ("campaigns", "districts", "projects", "rulings")),
    "by id: ballots, colocated with default",
    "by tag: retries, colocated with none",
]
LOCKED = "recover, while locked: turnouts, withdrawals"
WAITS = "select 1 from pg_locks where relation = 'turnouts'::regclass and mode = 'ShareLock' and not granted"


@pytest.fixture
def with_citus(postgres_server: PostgresServer, migrated_template: str) -> Iterator[str]:
    """The URL of a migrated database with the extension."""
    with (
        TemporaryDirectory(prefix="pingxuan-citus-", dir="/tmp") as folder,
        postgres_server.fresh_database(migrated_template) as url,
    ):
        citus.install(postgres_server, url.rpartition("/")[2], Path(folder))
        yield url


@pytest.fixture
def distributed_url(with_citus: str, tmp_path: Path) -> str:
    succeeded(tmp_path, "distribute", "--apply", DATABASE_URL=with_citus)
    return with_citus


async def calls(database: Database) -> list[str]:
    return [row["call"] for row in await database.rows(citus.CALLS)]


async def test_the_sql_is_printed_for_review_and_run_once_when_asked_for(with_citus: str, tmp_path: Path) -> None:
    run = partial(succeeded, tmp_path, "distribute", DATABASE_URL=with_citus)
    shards = f"ALTER DATABASE {with_citus.rpartition('/')[2]} SET citus.show_shards_for_app_name_prefixes = 'pingxuan'"
    *printed, besides = run().splitlines()
    assert printed == [f"{sql};" for sql in (shards, *STATEMENTS)]
    assert "citus.recover_2pc_interval = '2s'" in besides
    assert run("--apply").splitlines()[:-1] == [f"done: {line}" for line in printed]
    assert run() == run("--apply") == "Ballots are distributed: nothing to do\n"
    async with open_database(with_citus) as database:
        assert await calls(database) == CALLS, "once, and not when it was printed"
        [row] = await database.rows("show citus.show_shards_for_app_name_prefixes")
        assert [*row.values()] == ["pingxuan"], "every new connection has it"


async def test_what_was_begun_is_finished(with_citus: str, tmp_path: Path) -> None:
    """Though Citus knows of projects, rulings of none and turnouts as soon as campaigns are on every node."""
    async with open_database(with_citus) as database:
        await database.rows(STATEMENTS[0])
        await database.rows(STATEMENTS[4])
    printed = succeeded(tmp_path, "distribute", DATABASE_URL=with_citus)
    assert printed.splitlines()[1:-1] == [f"{sql};" for sql in (*STATEMENTS[1:4], STATEMENTS[5])]


def test_a_database_that_cannot_be_distributed_is_told_why(
    postgres_server: PostgresServer, migrated_template: str, with_citus: str, migrated_file: Path, tmp_path: Path
) -> None:
    succeeded(tmp_path, "load", str(SEED), DATABASE_URL=with_citus, CLOCK="2017-03-01T00:00:00+08:00")
    with postgres_server.fresh_database(migrated_template) as without:
        for url, reason in {
            without: "has no Citus: run `CREATE EXTENSION citus`",
            with_citus: "There is a campaign already, whose voter salt would stay",
            f"sqlite://{migrated_file}": "name a PostgreSQL with Citus",
        }.items():
            refused = pingxuan(tmp_path, "distribute", "--apply", DATABASE_URL=url)
            assert (refused.returncode, refused.stdout) == (2, "")
            assert reason in refused.stderr


async def test_ballots_and_retries_are_sent_as_values_and_nothing_else_is(
    distributed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Citus sees from these which node a row goes to; an array of rows it would send to all."""
    asked: list[str] = []
    for way in ("rows", "value"):
        run: Callable[..., object] = getattr(Database, way)
        monkeypatch.setattr(Database, way, lambda *given, run=run: asked.append(given[1]) or run(*given))
    async with open_database(distributed_url) as database:
        await prepare(database)
        asked.clear()
        box = SqlBallotBox(database)
        tagged = [admission(number, number + 40, retry_tag=f"tag {number}") for number in range(30)]
        results = await asyncio.gather(*map(box.admit, [*tagged, *tagged[:3], *map(admission, range(30, 40))]))
        assert [bool(result and result.is_new) for result in results] == [True] * 30 + [False] * 3 + [True] * 10
        await asyncio.gather(*(box.admit(admission(number)) for number in range(200, 220)))
        assert await agrees(database)
        assert (await SqlTallies(database).counts())[SLUG].ballots == {DAY: 60}
    by_values = {sql.partition(" values ")[0] for sql in asked if " values " in sql}
    assert by_values == {each.partition(" {}")[0] for each in (ballot_batch.CLAIM, ballot_batch.INSERT)}
    assert new_ballots.STORE not in asked
    assert sum("unnest" in sql for sql in asked if sql.startswith("insert into turnouts")) > 0


async def test_an_audit_begins_while_nobody_commits_and_then_keeps_nobody_waiting(distributed_url: str) -> None:
    async with open_database(distributed_url) as database:
        await prepare(database)
        box = SqlBallotBox(database)
        await box.admit(admission(1))
        async with recount_snapshot(database) as view:
            await box.admit(admission(2))
            assert (await SqlTallies(view).counts())[SLUG].ballots == {DAY: 1}
            [row] = await view.rows("show citus.max_adaptive_executor_pool_size")
            assert [*row.values()] == ["1"]
        [campaign] = (await SqlCampaigns(database).directory()).campaigns.values()
        assert (await SqlBallotRecords(database).recount(campaign)).wrong == ()
        assert await calls(database) == [*CALLS, LOCKED, LOCKED], "once for each recount, that of the report too"


async def test_an_audit_waits_for_who_is_about_to_commit(distributed_url: str) -> None:
    """Otherwise it might see a ballot on one node, and not yet its sum on another."""
    async with open_database(distributed_url) as database:
        await prepare(database)
        async with database.transaction() as casting:
            await casting.rows(
                "insert into turnouts (campaign_id, day, shard, channel, ballots) values ($1, $2, 0, 'WEB', 7)",
                SLUG,
                DAY,
            )
            audit = asyncio.create_task(seven_cast(database), context=Context())
            while not await database.rows(WAITS):
                assert not audit.done()
        assert await audit


async def seven_cast(database: Database) -> bool:
    """Whether the recount begins after what is about to commit."""
    async with recount_snapshot(database) as view:
        return (await SqlTallies(view).counts())[SLUG].ballots == {DAY: 7}


async def test_the_command_audits_what_was_cast(distributed_url: str, tmp_path: Path) -> None:
    given = {"SECRET": SECRET, "DATABASE_URL": distributed_url}
    succeeded(tmp_path, "load", str(SEED), CLOCK="2017-03-01T00:00:00+08:00", **given)
    succeeded(tmp_path, "simulate", "50", CLOCK="2017-03-25T09:00:00+08:00", **given)
    assert_audit_agrees(distributed_url, 50)
    async with open_database(distributed_url) as database:
        assert await calls(database) == [*CALLS, LOCKED]
