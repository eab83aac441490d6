"""How long is a client waited for that says nothing, or reads nothing?"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from api.domain.texts import Language
from api.limits import Limits
from api.subscriptions.transport import MAX_OPERATIONS, Timeouts
from api.subscriptions.websocket.connection import Handshake, WebSocketConnection, WebSocketOperation
from api.subscriptions.websocket.protocol import CONNECTION_ACK, PING, PONG


class FakeTransport:
    """A transport whose client reads when the test says so, with what was sent over it."""

    def __init__(self) -> None:
        self.blocked = False
        self.on_resume_writing: Callable[[], None] | None = None
        self.aborted = False
        self.sent: list[Any] = []
        self._reading = asyncio.Event()

    def abort(self) -> None:
        self.aborted = True

    async def send(self, message: Any) -> None:
        while self.blocked:
            await self._reading.wait()
        self.sent.append(message.get("text") or message.get("code"))

    def read(self) -> None:
        """The client reads on."""
        self.blocked = False
        self._reading.set()
        assert self.on_resume_writing is not None
        self.on_resume_writing()


class FakeManager:
    """A subscription manager that responds to every operation at once."""

    async def admit(self, token: str | None) -> None:
        """Accept every token."""

    async def execute(self, params: Any, language: Any, operation: Any) -> None:
        await operation.respond("{}")


INIT = '{"type":"connection_init"}'
TIMEOUTS = Timeouts(connection_init=5, ping=20, pong=20, write=30)


@pytest.fixture
def transport() -> FakeTransport:
    return FakeTransport()


def socket_on(transport: FakeTransport, limits: Limits) -> WebSocketConnection:
    return WebSocketConnection(transport, transport.send, FakeManager(), Handshake(Language.EN, None), limits)  # type: ignore[arg-type]


def messages_of(*texts: str) -> Callable[[], Awaitable[Any]]:
    """Return what receives connection_init and these texts, and nothing after them."""
    frames = iter([{"type": "websocket.receive", "text": text} for text in (INIT, *texts)])

    async def receive() -> Any:
        with suppress(StopIteration):
            return next(frames)
        return await asyncio.Event().wait()

    return receive


async def initialised(transport: FakeTransport) -> tuple[WebSocketConnection, float]:
    """Return a socket that was initialised just now, and the time."""
    socket, receive = socket_on(transport, Limits()), messages_of()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(socket.run(receive), 0.05)
    socket.closed = False  # the run was cancelled, not ended by either side
    transport.sent.clear()
    return socket, asyncio.get_running_loop().time()


async def test_a_silent_client_is_asked_once_and_then_closed(transport: FakeTransport) -> None:
    socket, now = await initialised(transport)
    for later in (1, 19, 21, 25, 39):
        await socket.check_timeouts(now + later, TIMEOUTS)
    assert transport.sent == [PING]
    await socket.check_timeouts(now + 41, TIMEOUTS)
    assert transport.sent == [PING, 4408]


async def test_a_client_that_never_reads_is_cut(transport: FakeTransport) -> None:
    socket, now = await initialised(transport)
    transport.blocked = True
    for later in (0, 15, 29):
        await socket.check_timeouts(now + later, TIMEOUTS)
    assert not transport.aborted
    await socket.check_timeouts(now + 31, TIMEOUTS)
    assert transport.aborted
    assert transport.sent == []


async def test_a_client_that_reads_now_and_then_is_kept(transport: FakeTransport) -> None:
    socket, now = await initialised(transport)
    for start in (0, 25):
        transport.blocked = True
        await socket.check_timeouts(now + start, TIMEOUTS)
        transport.read()
    transport.blocked = True
    await socket.check_timeouts(now + 35, TIMEOUTS)
    assert not transport.aborted


async def test_what_a_slow_client_missed_is_skipped(transport: FakeTransport) -> None:
    socket, _ = await initialised(transport)
    operation = WebSocketOperation(socket, "a")
    await operation.update("1")
    transport.blocked = True
    for number in range(2, 1_000):
        await operation.update(str(number))
    assert len(socket.pending) == 1
    transport.read()
    await asyncio.sleep(0.01)
    assert transport.sent == ['{"id":"a","type":"next","payload":1}', '{"id":"a","type":"next","payload":999}']


async def test_a_socket_that_says_too_much_is_closed(transport: FakeTransport) -> None:
    await socket_on(transport, Limits(messages=5)).run(messages_of(*['{"type":"ping"}'] * 10))
    assert transport.sent == [CONNECTION_ACK, *[PONG] * 4, 4429]


async def test_a_page_says_as_much_as_it_needs(transport: FakeTransport) -> None:
    texts = [text for number in range(200) for text in (subscribe_message(number), '{"type":"ping"}')]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(socket_on(transport, Limits()).run(messages_of(*texts)), 0.5)
    assert 4429 not in transport.sent


async def test_answers_that_a_client_does_not_read_leave_no_room_for_more(transport: FakeTransport) -> None:
    socket = socket_on(transport, Limits())

    async def blocking() -> Any:
        transport.blocked = bool(transport.sent)  # the client reads connection_ack, and nothing after it
        return await receive()

    receive = messages_of(*map(subscribe_message, range(MAX_OPERATIONS + 5)))
    running = asyncio.create_task(socket.run(blocking))
    for _ in range(200):
        await asyncio.sleep(0)
    transport.read()
    for _ in range(200):
        await asyncio.sleep(0)
    running.cancel()
    assert len([text for text in transport.sent if '"next"' in text]) == MAX_OPERATIONS
    assert len([text for text in transport.sent if "OVERLOADED" in text]) == 5


def subscribe_message(number: int) -> str:
    return f'{{"type":"subscribe","id":"{number}","payload":{{"query":"{{ x }}"}}}}'
