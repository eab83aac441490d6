"""Does a server stop in time, whatever is connected to it, and is what it was handed by then done and answered?"""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from shutil import copy

import aiohttp
import pytest

from api.server.graceful_server import end_without_memory
from tests.databases import DURABLE, PostgresServer, running_postgres
from tests.servers import CAST, SEED, TEN, Client, Server, assert_audit_agrees, prepare, project_ids, serving
from tests.sockets import WATCH, talk

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
LIVE = POST + b"Accept: text/event-stream\r\n"
BODY = json.dumps({"query": WATCH}).encode()
LENGTH = b"Content-Length: %d\r\n\r\n" % len(BODY)
UNFINISHED = {
    "nothing": b"",
    "half a head": HEALTH,
    "a head": POST + LENGTH,
    "one byte of a body": POST + LENGTH + BODY[:1],
    "one byte of a body that is to be asked for": POST + b"Expect: 100-continue\r\n" + LENGTH + BODY[:1],
    "one chunk of a body": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    "one byte of a stream's body": LIVE + LENGTH + BODY[:1],
    "a whole request, then nothing": HEALTH + b"\r\n",
    "a whole request, then half of one": HEALTH + b"\r\n" + POST,
    "a stream": LIVE + LENGTH + BODY,
}


@pytest.fixture
def url(seeded_2017: Path, tmp_path: Path) -> str:
    return f"sqlite://{copy(seeded_2017, tmp_path / '2017.sqlite3')}"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@contextmanager
def silent(postgres: PostgresServer) -> Iterator[None]:
    """As if its network were cut: it neither answers nor refuses."""
    leader = postgres.postmaster
    processes = [leader, *map(int, Path(f"/proc/{leader}/task/{leader}/children").read_text().split())]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


@contextmanager
def kept_from_writing(server: Server) -> Iterator[None]:
    """As if another process were writing for long."""
    file = server.database_url.removeprefix("sqlite://")
    with sqlite3.connect(file, isolation_level=None) as connection:
        connection.execute("begin immediate")
        yield
        connection.execute("rollback")


def sent(server: Server, stack: ExitStack, said: bytes) -> socket.socket:
    """A connection over which this was sent."""
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=180))
    connection.sendall(said)
    return connection


async def received(connection: socket.socket) -> tuple[bytes, bytes]:
    """The head and the body of what the server sends before it closes."""
    head, _, body = (await asyncio.to_thread(lambda: b"".join(iter(partial(connection.recv, 65536), b"")))).partition(
        b"\r\n\r\n"
    )
    return head, body


async def under_way(api: Client) -> None:
    """What was sent before this has been read, and is being answered: connections are accepted and read in their order."""
    for _ in range(3):
        assert (await api.get("/healthz", headers={"Connection": "close"})).status == 200


async def refuses_connections(server: Server) -> None:
    """Wait until it has begun to stop."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        except ConnectionError:
            return
        writer.transport.abort()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_what_has_not_come_whole_and_what_is_idle_keeps_no_server(url: str, workers: str) -> None:
    """Not even one that would wait an hour for its requests."""
    with ExitStack() as stack, serving(url, WORKERS=workers, SHUTDOWN_GRACE="3600") as server:
        for said in UNFINISHED.values():
            sent(server, stack, said)
        async with talk(server) as listening:
            await (await listening.greet()).begin("1", WATCH)
            assert (await listening.hear())["type"] == "next"
            await asyncio.to_thread(server.stop)
            assert await listening.closed() == 1012


def ballot(token: str, head: bytes = POST) -> bytes:
    body = json.dumps({"query": CAST, "variables": {"input": {"projectIds": project_ids(TEN)}}}).encode()
    return head + b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n" % (token.encode(), len(body)) + body


async def test_what_is_under_way_is_answered_over_requests_streams_and_sockets(
    url: str, session: aiohttp.ClientSession
) -> None:
    with ExitStack() as stack, serving(url) as server:
        api = Client(session, server)
        tokens = [await api.sign_in(f"voter {number}") for number in range(3)]
        async with talk(server, Authorization=f"Bearer {tokens[2]}") as listening:
            await listening.greet()
            with kept_from_writing(server):
                said = ballot(tokens[0]) + HEALTH, ballot(tokens[1], LIVE)
                connections = [sent(server, stack, each) for each in said]
                await listening.begin("1", CAST, input={"projectIds": project_ids(TEN)})
                await listening.say({"type": "ping"})
                assert await listening.hear() == {"type": "pong"}
                await under_way(api)
                server.ask_to_stop()
                await refuses_connections(server)
            assert (await listening.hear())["payload"]["data"]["castBallot"]["ballot"]
            assert await listening.closed() == 1012
        for connection in connections:
            head, body = await received(connection)
            assert head.startswith(b"HTTP/1.1 200 ")
            assert b'"violations":[]' in body
        await asyncio.to_thread(server.stop)
    assert_audit_agrees(url, 3)


async def test_what_is_under_way_for_clients_that_have_gone_ends_before_the_database_is_closed(
    url: str, session: aiohttp.ClientSession
) -> None:
    """Else the server's log, which `stop` looks at, would have a failure of it."""
    with serving(url) as server:
        api = Client(session, server)
        tokens = [await api.sign_in(f"voter {number}") for number in range(5)]
        with kept_from_writing(server):
            with ExitStack() as stack:
                for token in tokens:
                    sent(server, stack, ballot(token))
                await under_way(api)
            await under_way(api)
            server.ask_to_stop()
            await refuses_connections(server)
        await asyncio.to_thread(server.stop)
    assert_audit_agrees(url, 5)


@pytest.mark.parametrize(("grace", "signals"), [("1", 1), ("3600", 2)])
async def test_what_takes_longer_than_the_grace_is_told_so_and_a_ballot_is_stored(
    url: str, session: aiohttp.ClientSession, grace: str, signals: int
) -> None:
    """A second signal ends the grace."""
    with ExitStack() as stack, serving(url, SHUTDOWN_GRACE=grace) as server:
        api = Client(session, server)
        token = await api.sign_in()
        with kept_from_writing(server):
            connection = sent(server, stack, ballot(token, POST + b"Accept-Language: en\r\n"))
            await under_way(api)
            for _ in range(signals):
                server.process.send_signal(signal.SIGTERM)
                await refuses_connections(server)
            server.asked_to_stop = True
            head, body = await received(connection)
        await asyncio.to_thread(server.stop)
    [error] = json.loads(body)["errors"]
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 1" in head
    assert error["extensions"]["code"] == "TIMEOUT"
    assert "may have been cast" in error["message"]
    assert_audit_agrees(url, 1)


@pytest.mark.check
async def test_a_silent_database_delays_no_stop_for_ever(session: aiohttp.ClientSession) -> None:
    with running_postgres(DURABLE) as postgres, ExitStack() as stack:
        prepare(postgres.url("postgres"), SEED)
        with serving(postgres.url("postgres"), SHUTDOWN_GRACE="0") as server:
            api = Client(session, server)
            token = await api.sign_in()
            with silent(postgres):
                connection = sent(server, stack, ballot(token))
                await under_way(api)
                await asyncio.to_thread(server.stop)
            assert (await received(connection))[0].startswith(b"HTTP/1.1 503 ")


def test_a_process_whose_memory_ran_out_ends_whatever_it_was_at(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *signals: sent.append(signals))
    with closing(asyncio.new_event_loop()) as loop:
        loop.set_exception_handler(end_without_memory)
        loop.call_soon(partial(int, "no number"))
        loop.call_soon(partial(bytes, sys.maxsize // 2))
        loop.run_until_complete(asyncio.sleep(0))
    assert sent == [(os.getpid(), signal.SIGKILL)]
