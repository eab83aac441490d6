"""Does every command that opens the database run behind a real PgBouncer in transaction mode, however often?"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import pytest

from api.cli import MODULES
from tests.cli.test_commands import AFTER, OF_SLUG, SLUG, SOMEBODY, town_file
from tests.cli.test_replay_selection import DECIDED, store_versions
from tests.commands import SEED, pingxuan, succeeded
from tests.databases import PostgresServer
from tests.poolers import KEEPS_STATEMENTS, pgbouncer_version, pooled
from tests.servers import SECRET, Client, assert_audit_agrees, prepare, serving_together

pytestmark = pytest.mark.check
# They open no database, their own, or none but SQLite's or Citus's.
ELSEWHERE = {
    "backup",
    "check",
    "demo",
    "distribute",
    "errors",
    "new",
    "restore",
    "sandbox",
    "schema",
    "token",
    "verify",
    "verify-receipt",
    "witness",
}
BEFORE, DURING = "2017-03-01T00:00:00+08:00", "2017-03-25T09:00:00+08:00"


@pytest.fixture(scope="module")
def pooler(postgres_server: PostgresServer) -> Iterator[int]:
    """The port of a pooler in front of PostgreSQL."""
    with (
        TemporaryDirectory(prefix="pingxuan-pgbouncer-", dir="/tmp") as folder,
        pooled(postgres_server, Path(folder)) as port,
    ):
        yield port


@pytest.fixture
def pooled_url(pooler: int, postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database, by way of the pooler."""
    with postgres_server.fresh_database() as url:
        yield url.replace(f":{postgres_server.port}/", f":{pooler}/")


def test_every_command_runs_behind_a_pooler_again_and_again(pooled_url: str, tmp_path: Path) -> None:
    tried = {"serve"}  # by the next test

    def run(*words: str, clock: str = DURING) -> str:
        tried.add(words[0])
        settings = {"SECRET": SECRET, "DATABASE_URL": pooled_url, "GUESTS": "on", "CLOCK": clock, "LOG_KEYS": "logkeys"}
        return [succeeded(tmp_path, *words, **settings) for _ in range(3)][-1]

    run("log", "keys", "logkeys")
    run("migrate")
    run("load", str(SEED), clock=BEFORE)
    run("simulate", "100", "--acknowledged", "ids")
    run("import", town_file(tmp_path))
    run("results", "--csv", *OF_SLUG)
    run("export", SLUG, "--format", "json-lines")
    assert f"{SLUG}: 300 ballots recounted, 0 differences" in run("audit")
    for words in (("grant", "EXPERT", SOMEBODY), ("withdraw", "EXPERT", SOMEBODY), ("revoke", SOMEBODY)):
        run(*words)
    run("suspicions")
    run("ballots", "hold", (tmp_path / "ids").read_text().split()[0], *OF_SLUG, "--reason", "They are all alike.")
    assert "<!doctype html>" in run("report", SLUG, clock=AFTER)
    assert len(run("export", SLUG, "--format", "json-lines", clock=AFTER).splitlines()) == 1 + 299
    asyncio.run(store_versions(pooled_url, SLUG, (DECIDED, DECIDED.trace)))
    assert run("replay-selection", "--campaign", SLUG, "--stage", "FINALIST") == DECIDED.trace
    run("log", "state")
    run("forget", SLUG, "--yes", clock=AFTER)
    assert "BALLOTS_HELD" in run("trail")
    assert tried | ELSEWHERE == MODULES.keys()


def test_nothing_runs_behind_a_pooler_that_does_not_keep_the_statements_it_is_asked_to(
    pooled_url: str, tmp_path: Path
) -> None:
    if pgbouncer_version() >= KEEPS_STATEMENTS:
        pytest.skip("this PgBouncer keeps track of statements")
    prepare(pooled_url)
    for command in ("migrate", "serve"):
        done = pingxuan(tmp_path, command, SECRET=SECRET, DATABASE_URL=f"{pooled_url}?statement_cache_size=100")
        assert done.returncode == 2
        assert "take ?statement_cache_size= out of its URL, for this pooler keeps no statements." in done.stderr


async def test_servers_behind_a_pooler_lose_nothing(pooled_url: str) -> None:
    prepare(pooled_url, SEED)
    with serving_together(pooled_url, 3) as servers:
        async with aiohttp.ClientSession() as session:

            async def vote(number: int) -> None:
                client = Client(session, servers[number % len(servers)])
                token = await client.sign_in()
                payload = await client.cast(token)
                assert [ballot["id"] for ballot in payload["viewer"]["ballots"]] == [payload["ballot"]["id"]]

            await asyncio.gather(*(vote(number) for number in range(120)))
    assert_audit_agrees(pooled_url, 120)
