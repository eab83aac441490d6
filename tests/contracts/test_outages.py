"""Is whatever befalls the database waited for, or reported as OVERLOADED, and nothing acknowledged lost?"""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from api.domain.errors import ApiError
from api.domain.integrity.rulings import Ruling, RulingKind
from api.storage.ballots import ballot_box
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database import urls
from api.storage.database.connection import Database, open_database
from api.storage.database.engines import statement_guard
from api.storage.database.outages import DatabaseOutage
from api.storage.moderation import SqlRulings
from api.storage.tallies import SqlTallies
from tests.campaigns import SLUG
from tests.contracts.test_ballot_box import DAY, admission, cast, key, prepare
from tests.contracts.test_group_commit import agrees
from tests.databases import DURABLE, PostgresServer, running_postgres
from tests.disks import fill, small_disk
from tests.faults.proxy import Proxy
from tests.postgres_programs import PostgresError

PATIENCE = 180  # seconds, on however busy a machine
STRIKES = {"kill_backend": 2, "kill_postmaster": 2}  # of each, PostgreSQL takes seconds to recover; of others 20
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'pingxuan'"


@pytest.fixture(scope="module")
def durable_postgres() -> Iterator[PostgresServer]:
    with running_postgres(DURABLE) as server:
        yield server


def kill_backend(server: PostgresServer) -> None:
    """After this PostgreSQL ends every other connection as well, and recovers: from when it has noticed."""
    processes = [int(process) for process in server.run(BACKENDS)]
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    while any(Path(f"/proc/{process}").exists() for process in processes):
        time.sleep(0.01)


def terminate_backend(server: PostgresServer) -> None:
    server.run(BACKENDS.replace("pid", f"pg_terminate_backend(pid, {PATIENCE * 1000})", 1))


def cancel_statement(server: PostgresServer) -> None:
    server.run(BACKENDS.replace("pid", "pg_cancel_backend(pid)", 1))


def kill_postmaster(server: PostgresServer) -> None:
    os.kill(server.postmaster, signal.SIGKILL)
    while True:
        try:
            server.start()
        except PostgresError:  # its other processes have not noticed yet
            continue
        return


async def strike(deed: Callable[[PostgresServer], None], server: PostgresServer) -> None:
    while True:
        try:
            return await asyncio.to_thread(deed, server)
        except PostgresError:  # it is recovering from the strike before
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("deed", [kill_backend, terminate_backend, cancel_statement, kill_postmaster])
async def test_a_lone_voter_waits_for_postgresql_and_hears_of_nothing_else(durable_postgres, deed, monkeypatch) -> None:
    monkeypatch.setattr(ballot_box, "RECONNECT_TIMEOUT", float(PATIENCE))  # however long it takes to recover
    with durable_postgres.fresh_database() as url:
        async with open_database(url) as database:
            await prepare(database)
            box, acknowledged = SqlBallotBox(database), []
            for _ in range(STRIKES.get(deed.__name__, 20)):
                striking = asyncio.create_task(strike(deed, durable_postgres))
                while not striking.done() or len(acknowledged) % 3:
                    acknowledged.append(await cast(box, admission(len(acknowledged))))
                await striking
            assert None not in acknowledged
            await goes_on(database)
            assert await agrees(database)
            assert (await SqlTallies(database).counts())[SLUG].ballots == {DAY: len(acknowledged)}


async def goes_on(database: Database) -> None:
    """Return once no connection is met any more that the last strike has ended."""
    while await told(database.rows("select 1")) != "ok":
        pass


async def told(work) -> str:
    """What a caller is told: the code of the error, or `ok`."""
    try:
        await work
    except ApiError as error:
        return error.code.name if error.details == {"retryAfter": 1} else str(error)
    return "ok"


async def everybody_is_told(database: Database, number: int) -> set[str]:
    """What is told to who casts, and to who rules on ballots: now so and now so, that there is something to write."""
    kind = RulingKind.HOLD if number % 2 else RulingKind.RELEASE
    ruling = Ruling(kind, "They are all alike.", datetime.now(UTC), None)
    casting = told(SqlBallotBox(database).admit(admission(number)))
    return set(await asyncio.gather(casting, told(SqlRulings(database).rule(SLUG, [key(1)], ruling))))


async def test_a_full_disk_refuses_for_the_time_being_and_takes_ballots_once_there_is_room(tmp_path) -> None:
    with small_disk(tmp_path / "small") as disk:
        await refuses_while_full(disk)


async def refuses_while_full(disk: Path) -> None:
    async with open_database(f"sqlite://{disk}/vote.sqlite3") as opened:
        await prepare(opened)
        database = replace(opened, time_limit=0.3)  # for what is refused alone: what is taken may take its time
        assert await everybody_is_told(opened, 1) == {"ok"}
        ballast = fill(disk)
        number, heard = 2, {"ok"}
        while heard != {"OVERLOADED"}:  # the log has room for some more, and at last for the smaller one of the two
            heard, number = await everybody_is_told(database, number), number + 1
            assert heard <= {"ok", "OVERLOADED"}
        ballast.unlink()
        assert await everybody_is_told(opened, number) == {"ok"}
        assert await agrees(database)


async def test_a_file_that_may_not_grow_refuses_for_the_time_being(tmp_path) -> None:
    async with open_database(f"sqlite://{tmp_path}/vote.sqlite3") as opened:
        await prepare(opened)
        database = replace(opened, time_limit=0.3)
        [pages] = await database.rows("pragma page_count")
        await database.rows(f"pragma max_page_count = {pages['page_count']}")
        box, heard, number = SqlBallotBox(database), "ok", 0
        while heard == "ok":
            heard, number = await told(box.admit(admission(number))), number + 1
        assert heard == "OVERLOADED"
        await database.rows("pragma max_page_count = 100000")
        assert await told(SqlBallotBox(opened).admit(admission(number - 1))) == "ok"
        assert (await SqlTallies(database).counts())[SLUG].ballots == {DAY: number}
        assert await agrees(database)


@asynccontextmanager
async def locked(database: Database, url: str) -> AsyncIterator[None]:
    """Another process keeps the tables of ballots and rulings locked."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as other:
            other.execute("begin immediate")
            yield
    else:
        other = await asyncpg.connect(url)
        await other.execute("begin; lock table ballots, rulings")
        yield
        await other.close()


async def test_a_lock_that_stays_is_given_up_in_time_and_one_that_goes_is_waited_for(fresh_url, monkeypatch) -> None:
    monkeypatch.setitem(urls.SQLITE_PRAGMAS, "busy_timeout", 600_000)
    url = fresh_url()
    async with open_database(url) as opened:
        await prepare(opened)
        loop = asyncio.get_running_loop()
        async with locked(opened, url):
            started_at = loop.time()
            assert await everybody_is_told(replace(opened, time_limit=0.4), 1) == {"OVERLOADED"}
            assert loop.time() - started_at < 300  # which is far below what either database waits by itself
        async with locked(opened, url):
            waiting = asyncio.create_task(everybody_is_told(replace(opened, time_limit=PATIENCE), 2))
            await asyncio.sleep(0.2)
            assert not waiting.done()
        assert await waiting == {"ok"}
        assert await agrees(opened)


REFUSALS = {
    "a full disk": "53100",
    "too many connections": "53300",
    "no memory": "53200",
    "a disk that cannot be read": "58030",
    "a lock that another keeps": "55P03",
    "a standby that takes over": "25006",
    "a server that shuts down": "57P01",
    "a transaction that took too long": "25P04",
    "a shard that is away": "XX000",
    "a connection that a pooler lost": "08P01",
}


@pytest.mark.parametrize("state", REFUSALS.values(), ids=REFUSALS.keys())
async def test_what_postgresql_has_against_it_is_no_fault_of_the_ballot(postgres_server, state) -> None:
    with postgres_server.fresh_database() as url:
        async with open_database(url) as opened:
            await prepare(opened)
            fail = f"begin raise exception 'no: \\t!' using errcode = '{state}'; end"
            await opened.rows(f"create function fail() returns trigger language plpgsql as $$ {fail} $$")
            await opened.rows("create trigger failing before insert on ballots execute function fail()")
            assert await told(SqlBallotBox(replace(opened, time_limit=0.3)).admit(admission(1))) == "OVERLOADED"
            await opened.rows("drop trigger failing on ballots")
            assert await told(SqlBallotBox(opened).admit(admission(1))) == "ok"


async def test_connections_that_say_nothing_any_more_are_replaced_by_others(postgres_server, monkeypatch) -> None:
    """Also where a proxy keeps them alive, so that no timeout of the system's ends them; here until each was met with once."""
    monkeypatch.setattr(statement_guard, "ENDING_TIMEOUT", 0.1)
    with postgres_server.fresh_database() as url, closing(Proxy(postgres_server.port)) as proxy:
        proxied = url.replace(f":{postgres_server.port}/", f":{proxy.port}/")
        async with open_database(f"{proxied}?minsize=2&maxsize=2") as opened:
            await prepare(opened)
            database = replace(opened, time_limit=2)
            await asyncio.to_thread(proxy.deafen)
            assert await everybody_is_told(database, 1) == {"OVERLOADED"}
            async with asyncio.timeout(PATIENCE):
                while await everybody_is_told(database, 2) != {"ok"}:
                    pass
            assert await everybody_is_told(opened, 3) == {"ok"}
            assert await agrees(opened)


async def test_a_database_that_became_read_only_is_not_taken_for_a_mistake(postgres_server) -> None:
    with postgres_server.fresh_database() as url:
        async with open_database(f"{url}?maxsize=1") as opened:
            await prepare(opened)
            await opened.rows("set default_transaction_read_only = on")
            assert await told(SqlBallotBox(replace(opened, time_limit=0.3)).admit(admission(1))) == "OVERLOADED"


async def test_operators_read_what_is_wrong_and_what_to_do(tmp_path) -> None:
    async with open_database(f"sqlite://{tmp_path}/vote.sqlite3") as database:
        await prepare(database)
        await database.rows("pragma max_page_count = 1")
        insert = "insert into trail (at, kind, details) values ($1, 'X', $2)"
        with pytest.raises(DatabaseOutage) as refused:
            await database.rows(insert, "2017", "x" * 100_000)
        assert str(refused.value) == "The database failed: database or disk is full; make room on its disk."
        assert refused.value.message.en == "The database is out of reach. Retry after 1 s."
