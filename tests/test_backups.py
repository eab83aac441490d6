"""Is no acknowledged ballot lost with PostgreSQL's machine, when it is backed up and restored as docs/backups.md says?"""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest

from tests.databases import DURABLE, PostgresServer, running_postgres, started
from tests.logged_servers import cast, client_of, log_settings, published, states
from tests.postgres_programs import PostgresError, as_user, surroundings
from tests.servers import SEED, SLUG, Client, assert_audit_agrees, prepare, serving
from tests.waiting import until

pytestmark = [pytest.mark.check, pytest.mark.any_engine]

DOCUMENT = (Path(__file__).parents[1] / "docs" / "backups.md").read_text("utf-8")
BEFORE, SINCE, AT_THE_END = 20, 20, 30  # ballots
RECEIVE = ("--slot=archive", "--synchronous", "-D")
BASE = ("--checkpoint=fast", "-D")
NAMES = "synchronous_standby_names = "
RESTORE = """restore_command = 'cp {wal}/%f "%p" || cp {wal}/%f.partial "%p"'\n"""
IS_SYNCHRONOUS = "select count(*) from pg_stat_replication where application_name = 'archive' and sync_state = 'sync'"


def place(server: PostgresServer, role: str = "application_name=archive") -> str:
    return f"host=127.0.0.1 port={server.port} user=postgres dbname=postgres {role}"


@contextmanager
def archived(server: PostgresServer, folder: Path) -> Iterator[None]:
    """The write-ahead log is received into a folder, and commits wait for it."""
    as_user(server.user, "mkdir", folder)
    server.run("select pg_create_physical_replication_slot('archive')")
    receive: list[Any] = [server.binaries / "pg_receivewal", "-d", place(server), *RECEIVE, folder]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **surroundings(server.user)}
    with subprocess.Popen(receive, **quiet) as receiver:
        try:
            server.run(f"alter system set {NAMES}'archive'")
            server.run("select pg_reload_conf()")
            yield
        finally:
            receiver.kill()


def copied(server: PostgresServer, base: Path) -> None:
    """Take a base backup, and verify it."""
    as_user(server.user, server.binaries / "pg_basebackup", "-d", place(server, ""), *BASE, base)
    assert "successfully verified" in as_user(server.user, server.binaries / "pg_verifybackup", base)


def restored(server: PostgresServer, base: Path, wal: Path) -> PostgresServer:
    """A server on the copy, with all that was received since."""
    lines = f"{RESTORE.format(wal=wal)}{NAMES}''\nhot_standby = off\n"
    as_user(
        server.user, "sh", "-c", 'printf %s "$0" >> "$1/postgresql.auto.conf"; touch "$1/recovery.signal"', lines, base
    )
    return started(server.user, server.binaries, base, DURABLE)


def is_open(server: PostgresServer) -> bool:
    """Whether it has replayed everything."""
    with suppress(PostgresError):
        return server.run("select pg_is_in_recovery()") == ["f"]
    return False


async def ids_in(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return {f"ballot/{row['id']}" for row in await connection.fetch("select id from ballots")}
    finally:
        await connection.close()


class Voters:
    """People who vote until the database is gone; known: the ballots of which they were told that they are stored."""

    def __init__(self, client: Client, tokens: list[str]) -> None:
        self._client, self._tokens, self.known = client, tokens, list[str]()

    async def vote(self) -> None:
        """Cast one ballot after the other, each once."""
        while self._tokens:
            with suppress(AssertionError, aiohttp.ClientError, TypeError):  # it was told that it may have been stored
                self.known.append((await self._client.cast(self._tokens.pop()))["ballot"]["id"])


def test_the_document_says_what_is_tried_here() -> None:
    for words in (*RECEIVE, *BASE, f"{NAMES}'archive'", f"{NAMES}''", "hot_standby = off", "touch recovery.signal"):
        assert words in DOCUMENT, words
    assert RESTORE.format(wal="/srv/wal").strip().replace('"', '\\"') in DOCUMENT


async def test_a_database_whose_machine_is_lost_while_people_vote_is_restored_with_every_acknowledged_ballot(
    tmp_path: Path,
) -> None:
    kept = log_settings(tmp_path)
    with running_postgres(DURABLE) as server:
        base, wal, url = server.data.with_name("base"), server.data.with_name("wal"), server.url("postgres")
        prepare(url, SEED)
        with archived(server, wal):
            await until(lambda: asyncio.to_thread(lambda: server.run(IS_SYNCHRONOUS) == ["1"]))
            with serving(url, noisy=True, DATABASE_TIMEOUT="1", **kept) as served:
                async with client_of(served) as client:
                    known, _ = await asyncio.gather(cast(client, BEFORE), asyncio.to_thread(copied, server, base))
                    known += await cast(client, SINCE)
                    await published(client, len(known))
                    voters = Voters(client, [await client.sign_in() for _ in range(AT_THE_END)])
                    voting = asyncio.gather(*(voters.vote() for _ in range(5)))
                    await until(lambda: asyncio.sleep(0, len(voters.known) >= 3))
                    await asyncio.to_thread(server.stop)
                    await voting
        shutil.rmtree(server.data)
        again = restored(server, base, wal)
        try:
            await until(lambda: asyncio.to_thread(is_open, again))
            found = await ids_in(again.url("postgres"))
            assert found >= {*known, *voters.known}
            assert_audit_agrees(again.url("postgres"), len(found))
            assert states(tmp_path, again.url("postgres"), kept)[SLUG]["problem"] is None
        finally:
            again.stop()
