"""Does a new server take over from one that serves with nobody refused and nothing lost, while the schema moves on?"""

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest

from api.server import sockets
from api.server.sockets import ListenError, duplicated, passed_on_socket
from api.storage.database.connection import open_database
from api.storage.database.migrator import MIGRATIONS, migrate
from tests.commands import SEED
from tests.conftest import FreshUrl
from tests.servers import PATIENCE, Client, Server, assert_audit_agrees, prepare, serving, started

CALLERS = 6
NEWER = """
CREATE TABLE newer (n int);
ALTER TABLE ballots ADD COLUMN newer int;
ALTER TABLE campaigns ADD COLUMN newer int;
"""
FOREVER = "3600"


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A socket that outlives the servers that it is passed on to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


class Callers:
    """Voters who cast one after the other, half of them over a connection of their own each time, and who all succeed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._cast = asyncio.Condition()
        self.acknowledged = 0

    @asynccontextmanager
    async def calling(self) -> AsyncIterator[None]:
        """Have them call until the block ends; the first failure ends it at once."""
        ended = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(CALLERS):
                group.create_task(self._call(ended, keeps_alive=number % 2 == 0))
            yield
            ended.set()

    async def more(self, ballots: int) -> None:
        """Wait until so many more are acknowledged."""
        goal = self.acknowledged + ballots
        async with self._cast:
            await self._cast.wait_for(lambda: self.acknowledged >= goal)

    async def _call(self, ended: asyncio.Event, *, keeps_alive: bool) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=not keeps_alive)) as session:
            client = Client(session, self._server)
            while not ended.is_set():
                payload = await client.cast(await client.sign_in())
                assert payload["ballot"]
                async with self._cast:
                    self.acknowledged += 1
                    self._cast.notify_all()


async def test_a_server_takes_over_while_everybody_votes(
    fresh_url: FreshUrl, listening: socket.socket, tmp_path: Path
) -> None:
    url, folder = fresh_url(migrated=True), tmp_path / "migrations"
    shutil.copytree(str(MIGRATIONS), folder)
    for dialect in ("sqlite", "postgres"):
        (folder / f"9001_newer.expand.{dialect}.sql").write_text(NEWER)
    prepare(url, SEED)
    workers = "2" if url.startswith("postgres") else "1"
    with ExitStack() as stack:

        def another() -> Server:
            server = stack.enter_context(started(url, passed_on=listening, WORKERS=workers, DRAIN=FOREVER))
            server.await_start()
            return server

        server = await asyncio.to_thread(another)
        callers = Callers(server)
        async with callers.calling():
            await callers.more(CALLERS)
            async with open_database(url) as database:
                assert await migrate(database, folder) == ["9001_newer.expand"]
            await callers.more(CALLERS)
            await asyncio.to_thread(another)
            await callers.more(CALLERS)
            await asyncio.to_thread(server.stop)
            await callers.more(CALLERS)
        assert_audit_agrees(url, callers.acknowledged)


async def test_who_calls_while_nobody_serves_is_answered_by_the_next_server(
    seeded_2017: Path, tmp_path: Path, listening: socket.socket
) -> None:
    url = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    with started(url, passed_on=listening) as first:
        first.await_start()
    async with aiohttp.ClientSession() as session:
        early = asyncio.create_task(Client(session, first).sign_in())
        with started(url, passed_on=listening) as second:
            assert await early
        assert second.url in {"", first.url}


async def test_a_server_that_is_to_stop_says_so_and_serves_on_until_callers_have_gone_elsewhere(
    seeded_2017: Path, tmp_path: Path
) -> None:
    url = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    with serving(url, DRAIN=FOREVER) as server:
        async with aiohttp.ClientSession() as session:
            api = Client(session, server)
            assert "Connection" not in (await api.get("/healthz")).headers
            server.ask_to_stop()
            while (verdict := await api.get("/readyz")).status == 200:
                pass
            assert verdict.json == {"status": "stopping"}
            by_asgi, direct = await api.get("/healthz"), await api.post({"query": "{ campaign { slug } }"})
            assert [answer.headers["Connection"] for answer in (verdict, by_asgi, direct)] == ["close"] * 3
            assert (by_asgi.status, direct.status) == (200, 200)
        server.process.send_signal(signal.SIGINT)  # which ends the waiting


def test_a_socket_that_others_reach_is_as_dangerous_as_an_address(seeded_2017: Path, tmp_path: Path) -> None:
    url = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    with (
        socket.create_server(("0.0.0.0", 0)) as listening,  # noqa: S104 - which is what it is about
        started(url, passed_on=listening, ACCEPTED_DANGERS="none") as server,
    ):
        assert server.process.wait(PATIENCE) == 2
        server.killed = True
        assert "PINGXUAN_HOST=0.0.0.0 lets others reach this server" in server.log


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_FDS", "1")
    return monkeypatch


def test_a_socket_that_others_listen_on_never_blocks_them(passed: pytest.MonkeyPatch, listening: socket.socket) -> None:
    """Not even while it is copied: a server that has just been told of a caller, whom another takes, would stand still."""
    passed.setattr(sockets, "PASSED_ON", os.dup(listening.fileno()))
    passed_on = passed_on_socket()
    assert passed_on is not None
    assert not os.get_blocking(listening.fileno())
    with passed_on, duplicated(passed_on) as copies:
        # From a timeout of None Python would make the copy, and all that share it, block.
        assert {copy.gettimeout() for copy in copies} == {0.0}


def test_what_was_passed_on_to_another_process_is_left_alone(passed: pytest.MonkeyPatch) -> None:
    passed.setenv("LISTEN_PID", "1")
    assert passed_on_socket() is None


def test_two_sockets_are_refused(passed: pytest.MonkeyPatch) -> None:
    passed.setenv("LISTEN_FDS", "2")
    with pytest.raises(ListenError, match="more than one socket"):
        passed_on_socket()


@pytest.mark.parametrize(
    ("kind", "why"), [("file", "is no socket"), ("datagrams", "does not listen"), ("bound", "does not")]
)
def test_what_is_no_listening_socket_is_refused(
    passed: pytest.MonkeyPatch, tmp_path: Path, kind: str, why: str
) -> None:
    with (
        (tmp_path / "file").open("wb") as file,
        closing(socket.socket(type=socket.SOCK_DGRAM)) as datagrams,
        closing(socket.socket()) as bound,
    ):
        bound.bind(("127.0.0.1", 0))
        descriptors = {"file": file.fileno(), "datagrams": datagrams.fileno(), "bound": bound.fileno()}
        passed.setattr(sockets, "PASSED_ON", os.dup(descriptors[kind]))
        with pytest.raises(ListenError, match=why):
            passed_on_socket()
