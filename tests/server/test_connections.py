"""Can one machine use up all connections, by opening many or by keeping silent on a few?"""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.slow_bodies import allow_slow_body
from api.limits import Limits
from api.middleware.client_address import Proxies
from api.server.connections import MIN_BODY_RATE, Connections, GuardedHttpProtocol
from api.server.draining import State
from tests.servers import PATIENCE, SEED, Server, prepare, serving

ASK = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n"
BODY = b'{"query":"{__typename}"}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    url = f"sqlite://{tmp_path_factory.mktemp('connections')}/test.sqlite3"
    prepare(url, SEED)
    with serving(url, LIMIT_CONNECTIONS="5", LIMIT_SECONDS="2", LIMIT_COST="1000000") as server:
        yield server


def connected(server: Server, stack: ExitStack) -> socket.socket:
    return stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=180))


def answered(connection: socket.socket) -> bytes:
    connection.sendall(ASK + BODY)
    return connection.recv(65536)


def test_an_address_has_so_many_connections_and_gets_them_back(server: Server) -> None:
    for _ in range(3):
        with ExitStack() as stack:
            for _ in range(5):
                await_place(server, stack)
            rejected = connected(server, stack)
            received = b""
            while part := rejected.recv(65536):
                received += part
            assert received.startswith(b"HTTP/1.1 429")
            error = json.loads(received.partition(b"\r\n\r\n")[2])["errors"][0]
            assert error["extensions"]["code"] == "RATE_LIMITED"
            assert (error["extensions"]["limit"], error["extensions"]["most"]) == ("connections", 5)


@pytest.mark.parametrize(
    "said", [b"", ASK[:30], ASK, ASK + BODY[:5]], ids=["nothing", "half a head", "no body", "half a body"]
)
def test_who_keeps_silent_is_let_go(server: Server, said: bytes) -> None:
    with ExitStack() as stack:
        connection = connected(server, stack)
        connection.sendall(said)
        connection.settimeout(PATIENCE)
        received = b""
        while part := connection.recv(65536):
            received += part
            if b"TIMEOUT" in received:
                break
        assert received == b"" or b"TIMEOUT" in received


def test_a_byte_now_and_then_keeps_no_connection(server: Server) -> None:
    with ExitStack() as stack:
        connection = connected(server, stack)
        assert answered(connection).startswith(b"HTTP/1.1 200")
        with pytest.raises(ConnectionError):
            dribble(connection, b"POST /graphql HTTP/1.1\r\nX: " + b"x" * 40)


def dribble(connection: socket.socket, letters: bytes) -> None:
    for letter in letters:
        connection.sendall(bytes([letter]))
        time.sleep(0.3)


SUMMARIES = " ".join(f"s{n}: summary" for n in range(4))
MUCH = json.dumps({"query": f"{{ results(first: 100) {{ nodes {{ tiedWith {{ {SUMMARIES} }} }} }} }}"}).encode()
ASK_MUCH = ASK.replace(b"24\r\n\r\n", b"%d\r\n" % len(MUCH))
GREED = {
    "one answer": ASK_MUCH + b"Connection: close\r\n\r\n" + MUCH,
    "one after another": (ASK_MUCH + b"\r\n" + MUCH) * 3,
}


@pytest.mark.parametrize("said", GREED.values(), ids=GREED.keys())
def test_who_never_reads_is_cut(server: Server, said: bytes) -> None:
    """The answer is of several megabytes: more than the kernel takes, so the process would have to keep the rest."""
    with ExitStack() as stack:
        for _ in range(5):
            greedy = stack.enter_context(socket.socket())
            greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            greedy.connect(("127.0.0.1", server.port))
            greedy.sendall(said)
        await_place(server, stack)


def await_place(server: Server, stack: ExitStack) -> None:
    """Take one of the connections, as soon as the server has noticed that somebody left."""
    deadline = time.monotonic() + PATIENCE
    while not answered(connected(server, stack)).startswith(b"HTTP/1.1 200"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


class FakeTransport:
    """A transport whose other end has read as much as the test says."""

    def __init__(self) -> None:
        self.unread = 0
        self.aborted = False
        self.closed = False

    def get_write_buffer_size(self) -> int:
        return self.unread

    def get_extra_info(self, name: str) -> None:
        return None

    def is_closing(self) -> bool:
        return self.aborted or self.closed

    def write(self, data: bytes) -> None:
        """It is read at once."""

    def get_protocol(self) -> object:
        return self.protocol

    def pause_reading(self) -> None:
        """Nobody reads here anyway."""

    def resume_reading(self) -> None:
        """Nobody reads here anyway."""

    def close(self) -> None:
        """It is not closed while something is unread."""
        self.closed = not self.unread

    def abort(self) -> None:
        self.aborted = True


async def answer_nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that has nothing to say."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def connection(transport: FakeTransport, app: ASGIApp = answer_nothing) -> GuardedHttpProtocol:
    """A connection over this transport."""
    config = uvicorn.Config(app, interface="asgi3", lifespan="off", log_config=None)
    connections = Connections(Limits(), Proxies(()))
    protocol = GuardedHttpProtocol(connections, config=config, server_state=State(), app_state={})
    transport.protocol = protocol
    protocol.connection_made(transport)  # type: ignore[arg-type]
    return protocol


async def test_who_reads_slowly_is_kept_as_long_as_anything_is_read() -> None:
    transport = FakeTransport()
    protocol = connection(transport)
    protocol.pause_writing()  # its client has stopped reading
    for transport.unread in (90_000, 80_000, 79_999):
        protocol.check_progress()
    protocol.resume_writing()  # it has read nearly all
    protocol.pause_writing()
    for transport.unread in (95_000, 94_999):
        protocol.check_progress()
    assert not transport.aborted
    protocol.check_progress()
    assert transport.aborted
    protocol.connection_lost(None)


async def test_only_the_keep_alive_timeout_closes_a_connection_between_two_requests() -> None:
    transport = FakeTransport()
    protocol = connection(transport)
    protocol.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await asyncio.gather(*protocol.tasks)
    for _ in range(3):
        protocol.check_progress()
        assert not transport.closed
    protocol.data_received(b"GET")
    protocol.check_progress()
    assert transport.closed, "the next one has begun, and does not come"
    protocol.connection_lost(None)


class Timers:
    """A loop whose clock the test sets. What is to be called later is called when it says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, callback: Callable[[], None], **_: object) -> object:
        self.waiting.append((self.now + seconds, callback))
        return self.waiting[-1]

    def create_task(self, coroutine: Coroutine[object, object, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(coroutine)

    def come_to(self, now: float) -> None:
        self.now = now
        due, self.waiting = ([each for each in self.waiting if (each[0] <= now) is is_due] for is_due in (True, False))
        for _, callback in due:
            callback()


async def test_one_timer_closes_a_connection_when_it_has_been_idle_since_its_last_response() -> None:
    transport, timers = FakeTransport(), Timers()
    protocol = connection(transport)
    protocol.loop = timers  # type: ignore[assignment]
    protocol.timeout_keep_alive = 5
    for moment in (0, 3, 6, 9):
        timers.come_to(moment)
        protocol.data_received(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.gather(*protocol.tasks)
        assert len(timers.waiting) == 1
    timers.come_to(13.9)
    assert not transport.closed
    timers.come_to(14)
    assert transport.closed
    assert timers.waiting == []
    protocol.connection_lost(None)


async def allow_slowness(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that has time for the whole of a body."""
    allow_slow_body(scope)
    while (await receive()).get("more_body"):
        pass
    await answer_nothing(scope, receive, send)


UPLOAD = b"PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
ENOUGH = MIN_BODY_RATE * Limits().seconds


async def test_a_slow_body_may_take_longer_as_long_as_it_goes_on_arriving() -> None:
    transport = FakeTransport()
    protocol = connection(transport, allow_slowness)
    protocol.data_received(UPLOAD)
    await asyncio.sleep(0)  # the application says so
    for _ in range(5):
        protocol.data_received(b"x" * ENOUGH)
        await asyncio.sleep(0)
        protocol.check_progress()
        assert not transport.closed
    protocol.data_received(b"x" * (ENOUGH - 1))
    protocol.check_progress()
    assert transport.closed, "it has all but stopped"
    protocol.connection_lost(None)
    await asyncio.gather(*protocol.tasks)


async def test_a_slow_body_is_waited_for_while_the_server_is_the_slower_one() -> None:
    transport = FakeTransport()
    protocol = connection(transport, allow_slowness)
    protocol.data_received(UPLOAD)
    await asyncio.sleep(0)
    protocol.data_received(b"x" * 100_000)  # more than is kept; the application has not read it
    for _ in range(3):
        protocol.check_progress()
        assert not transport.closed
    protocol.connection_lost(None)
    await asyncio.gather(*protocol.tasks)


async def test_a_body_that_no_application_allows_to_be_slow_is_cut_off_however_much_comes() -> None:
    transport = FakeTransport()
    protocol = connection(transport, answer_nothing_to_a_body)
    protocol.data_received(UPLOAD)
    for _ in range(2):
        protocol.data_received(b"x" * ENOUGH)
        await asyncio.sleep(0)
        protocol.check_progress()
    assert transport.closed
    protocol.connection_lost(None)
    await asyncio.gather(*protocol.tasks)


async def answer_nothing_to_a_body(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads a body to its end."""
    while (await receive()).get("more_body"):
        pass
    await answer_nothing(scope, receive, send)


def test_a_connection_that_stays_idle_is_closed_after_the_keep_alive_timeout(server: Server) -> None:
    with ExitStack() as stack, serving(server.database_url, KEEP_ALIVE="1", LIMIT_SECONDS="3600") as other:
        idle = connected(other, stack)
        assert answered(idle).startswith(b"HTTP/1.1 200")
        while idle.recv(65536):
            pass
