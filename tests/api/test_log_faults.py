"""Is every acknowledged ballot in the published log once, whatever becomes of servers and database while people vote?"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.databases import PostgresServer
from tests.faults.history import violations
from tests.log_faults import (
    LOG,
    Kind,
    Lived,
    Voters,
    eventually,
    knowing,
    read_entries,
    read_head,
    schedule,
    several,
    tokens_of,
    voted_through,
    what_is_wrong,
)
from tests.logged_servers import log_settings, run, states, until_logged
from tests.servers import SLUG, Client, assert_audit_agrees

pytestmark = pytest.mark.any_engine

VOTERS, FAULTS = 600, 6
BEFORE, AFTER_COPY, AFTER_RESTORE = 40, 30, 20  # ballots


@pytest.fixture
def kept(tmp_path: Path) -> dict[str, str]:
    """The settings of servers that share keys and an anchor."""
    return log_settings(tmp_path)


@pytest.fixture
def cut(seeded_url: str, request: pytest.FixtureRequest) -> Callable[[], object] | None:
    """Cuts all connections to the database, where there are any."""
    if not seeded_url.startswith("postgres"):
        return None
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = seeded_url.rpartition("/")[2]
    connections = f"pg_stat_activity where datname = '{name}'"
    return lambda: server.run(f"select pg_terminate_backend(pid) from {connections}")  # noqa: S608 - a name of ours


async def run_through(
    http: aiohttp.ClientSession, url: str, kept: dict[str, str], cut: Callable[[], object] | None, seed: int
) -> None:
    """Have people vote while faults happen; then all has to be well, and a stranger's verification as well."""
    tokens, faults = tokens_of(url, VOTERS), schedule(seed, VOTERS * 3 // 4, FAULTS, tuple(Kind))
    async with several(url, kept) as servers:
        servers.cut = cut
        lived = await voted_through(servers, Client(http, servers.running[0]), tokens, faults, seed)
        api = Client(http, servers.running[0])
        assert await what_is_wrong(api, lived) == [], faults
        assert len({head.size for head in lived.heads}) > 2, "it was sealed while people voted"
        assert lived.acknowledged == VOTERS
        assert lived.without_receipt == 0
        folder = Path(kept["LOG_KEYS"]).parent
        found = await asyncio.to_thread(run, folder, url, kept, "verify", f"{api.server.origin}{LOG}")
        assert (found.returncode, found.stderr) == (0, "")
        assert "not yet countable" in found.stdout
    assert_audit_agrees(url, VOTERS)


@pytest.mark.parametrize("seed", [16, *(pytest.param(seed, marks=pytest.mark.check) for seed in (2017, 1969))])
async def test_faults_of_three_servers_lose_double_and_fork_nothing(
    http: aiohttp.ClientSession, seeded_url: str, kept: dict[str, str], cut: Callable[[], object] | None, seed: int
) -> None:
    """Servers are killed and stopped, their clocks jump by hours and days, and connections to the database are cut."""
    await run_through(http, seeded_url, kept, cut, seed)


@pytest.mark.check
async def test_a_database_that_crashes_loses_doubles_and_forks_nothing(
    http: aiohttp.ClientSession, own_postgres: PostgresServer, kept: dict[str, str]
) -> None:
    """The same, with a PostgreSQL that is killed and started again."""

    def crash() -> None:
        own_postgres.stop()
        own_postgres.start()

    await run_through(http, own_postgres.url("postgres"), kept, crash, 5)


@contextmanager
def copied(url: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a copy of the database as it is now."""
    if url.startswith("sqlite"):
        with (
            closing(sqlite3.connect(url.removeprefix("sqlite://"))) as source,
            closing(sqlite3.connect(folder / "copy.sqlite3")) as target,
        ):
            source.backup(target)
        yield f"sqlite://{folder / 'copy.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh_database(url.rpartition("/")[2]) as copy:
        yield copy


async def voted(http: aiohttp.ClientSession, url: str, kept: dict[str, str], tokens: list[str], lived: Lived) -> None:
    """Have people vote at one server, until all that is acknowledged is published."""
    async with several(url, kept, 1) as servers:
        api = Client(http, servers.running[0])
        await Voters(api, servers, tokens, lived, 0).vote(lambda: False)
        assert await what_is_wrong(api, lived) == []


async def test_a_database_that_was_restored_signs_nothing_until_its_log_continues_under_another_name(
    http: aiohttp.ClientSession, seeded_url: str, kept: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tokens = tokens_of(seeded_url, BEFORE + AFTER_COPY + AFTER_RESTORE)
    async with several(seeded_url, kept, 1) as servers:
        lived = await knowing(Client(http, servers.running[0]))
    await voted(http, seeded_url, kept, tokens[:BEFORE], lived)
    with copied(seeded_url, tmp_path, request) as restored:
        known = [*lived.casts]
        await voted(http, seeded_url, kept, tokens[BEFORE:][:AFTER_COPY], lived)
        published, lost = lived.heads[-1], lived.casts[len(known) :]
        async with several(restored, kept, 1) as servers:
            api = Client(http, servers.running[0])
            since = Lived(lived.keys, lived.origin, lived.log)
            await Voters(api, servers, tokens[BEFORE + AFTER_COPY :], since, 0).vote(lambda: False)
            await until_logged(servers.running[0], "is not published")
            assert since.acknowledged == AFTER_RESTORE
            assert since.without_receipt == AFTER_RESTORE, "nothing is signed"
            assert await read_head(api, since) < published.size
            assert states(tmp_path, restored, kept)[SLUG]["problem"] is not None
            done = run(tmp_path, restored, kept, "log", "continue", SLUG, "--yes")
            assert done.returncode == 0, done.stderr

            again = await knowing(api, f"{LOG}/2")
            enough = BEFORE + AFTER_RESTORE
            size = await eventually(lambda: read_head(api, again), lambda size: size > enough)
            entries = await read_entries(api, size, again.log)
            assert entries[0].decode() == f"continues {lived.origin} {published.size} {published.root.hex()}"
            assert violations([*known, *since.casts], again.heads, entries) == []
            missing = violations([*known, *lost, *since.casts], again.heads, entries)
            assert len(missing) == AFTER_COPY
            assert all(line.startswith("lost: ") for line in missing)
