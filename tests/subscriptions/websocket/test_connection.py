"""How long is a client waited for that says nothing, or reads nothing?"""

import asyncio
import json
from typing import Any

import pytest
from websockets.frames import Frame
from websockets.streams import StreamReader

from api.domain.texts import Language
from api.limits import Limits
from api.subscriptions.transport import MAX_OPERATIONS, Timeouts
from api.subscriptions.websocket.connection import Handshake, OpenSockets, WebSocketConnection, WebSocketOperation
from api.subscriptions.websocket.frames import CONNECTION_ACK, PING, PONG


class FakeTransport:
    """A transport whose client reads when the test says so, with the frames and the close codes that were sent over it."""

    def __init__(self) -> None:
        self.blocked = False
        self.aborted = False
        self.reading = True
        self.sent: list[Any] = []

    def abort(self) -> None:
        self.aborted = True

    def write(self, frames: bytes) -> None:
        self.sent.append(frames)

    def close(self, code: int, reason: str) -> None:
        self.sent.append(code)

    def set_reading(self, wanted: bool) -> None:
        self.reading = wanted

    @property
    def texts(self) -> list[str]:
        """The messages in the frames."""
        return [text for frames in self.sent for text in texts_in(frames)]


def texts_in(frames: bytes) -> list[str]:
    """The texts of unmasked frames, as a client reads them."""
    reader, texts = StreamReader(), []
    reader.feed_data(frames)
    while reader.buffer:
        try:
            next(Frame.parse(reader.read_exact, mask=False))
        except StopIteration as stop:
            texts.append(stop.value.data.decode())
    return texts


class FakeManager:
    """A subscription manager that responds to every operation at once."""

    async def admit(self, token: str | None) -> None:
        """Accept every token."""

    async def execute(self, params: Any, language: Any, operation: Any) -> None:
        operation.respond(b"{}")


INIT = '{"type":"connection_init"}'
TIMEOUTS = Timeouts(connection_init=5, ping=20, pong=20, write=30)


@pytest.fixture
def transport() -> FakeTransport:
    return FakeTransport()


def socket_on(transport: FakeTransport, limits: Limits, manager: Any = None) -> WebSocketConnection:
    handshake = Handshake(Language.EN, None)
    return WebSocketConnection(transport, manager or FakeManager(), handshake, limits, OpenSockets())


async def say(socket: WebSocketConnection, *texts: str) -> None:
    """Let the socket receive these messages, and do what they ask for."""
    for text in texts:
        socket.on_message(text)
    while tasks := list(socket._opened.tasks):
        await asyncio.gather(*tasks)


def read(socket: WebSocketConnection, transport: FakeTransport) -> None:
    """The client reads on."""
    transport.blocked = False
    socket.on_resume_writing()


async def initialised(transport: FakeTransport) -> tuple[WebSocketConnection, float]:
    """Return a socket that was initialised just now, and the time."""
    socket = socket_on(transport, Limits())
    await say(socket, INIT)
    assert transport.sent == [CONNECTION_ACK]
    transport.sent.clear()
    return socket, asyncio.get_running_loop().time()


async def test_a_silent_client_is_asked_once_and_then_closed(transport: FakeTransport) -> None:
    socket, now = await initialised(transport)
    for later in (1, 19, 21, 25, 39):
        socket.check_timeouts(now + later, TIMEOUTS)
    assert transport.sent == [PING]
    socket.check_timeouts(now + 41, TIMEOUTS)
    assert transport.sent == [PING, 4408]


async def test_a_client_that_never_reads_is_cut(transport: FakeTransport) -> None:
    socket, now = await initialised(transport)
    transport.blocked = True
    for later in (0, 15, 29):
        socket.check_timeouts(now + later, TIMEOUTS)
    assert not transport.aborted
    socket.check_timeouts(now + 31, TIMEOUTS)
    assert transport.aborted
    assert transport.sent == []


async def test_a_client_that_reads_now_and_then_is_kept(transport: FakeTransport) -> None:
    socket, now = await initialised(transport)
    for start in (0, 25):
        transport.blocked = True
        socket.check_timeouts(now + start, TIMEOUTS)
        read(socket, transport)
    transport.blocked = True
    socket.check_timeouts(now + 35, TIMEOUTS)
    assert not transport.aborted


async def test_what_a_slow_client_missed_is_skipped(transport: FakeTransport) -> None:
    socket, _ = await initialised(transport)
    operation = WebSocketOperation(socket, "a")
    operation.update(b"1")
    transport.blocked = True
    for number in range(2, 1_000):
        operation.update(b"%d" % number)
    assert len(socket.pending) == 1
    read(socket, transport)
    assert transport.texts == ['{"id":"a","type":"next","payload":1}', '{"id":"a","type":"next","payload":999}']


async def test_what_has_changed_is_sent_to_those_alone_who_read_all_before(transport: FakeTransport) -> None:
    socket, _ = await initialised(transport)
    operation = WebSocketOperation(socket, "a")
    operation.update(b'"whole 1"')
    operation.update(b'"whole 2"', b'"changes 2"')
    transport.blocked = True
    operation.update(b'"whole 3"', b'"changes 3"')
    operation.update(b'"whole 4"', b'"changes 4"')
    read(socket, transport)
    operation.update(b'"whole 5"', b'"changes 5"')
    sent = [json.loads(text)["payload"] for text in transport.texts]
    assert sent == ["whole 1", "changes 2", "whole 4", "changes 5"]


async def test_the_last_result_waits_for_a_slow_client_and_completes(transport: FakeTransport) -> None:
    socket, _ = await initialised(transport)
    slow, quick = WebSocketOperation(socket, "a"), WebSocketOperation(socket, "b")
    quick.conclude(b"1")
    transport.blocked = True
    slow.update(b"1")
    slow.conclude(b"2")
    read(socket, transport)
    assert transport.texts == [
        '{"id":"b","type":"next","payload":1}',
        '{"id":"b","type":"complete"}',
        '{"id":"a","type":"next","payload":2}',
        '{"id":"a","type":"complete"}',
    ]


async def test_an_error_waits_for_a_slow_client_in_place_of_a_result(transport: FakeTransport) -> None:
    socket, _ = await initialised(transport)
    operation = WebSocketOperation(socket, "a")
    transport.blocked = True
    operation.update(b"1")
    operation.fail(b"[]")
    operation.update(b"2")
    read(socket, transport)
    assert transport.texts == ['{"id":"a","type":"error","payload":[]}']


async def test_what_waits_is_sent_as_far_as_the_client_reads(transport: FakeTransport) -> None:
    socket, _ = await initialised(transport)
    transport.blocked = True
    for name in "abc":
        WebSocketOperation(socket, name).update(b"1")
    write = transport.write

    def write_and_block(frames: bytes) -> None:
        write(frames)
        transport.blocked = True

    transport.write = write_and_block  # type: ignore[method-assign]
    for left in (2, 1, 0):
        read(socket, transport)
        assert len(socket.pending) == left
    assert len(transport.texts) == 3


async def test_a_socket_that_says_too_much_is_closed(transport: FakeTransport) -> None:
    await say(socket_on(transport, Limits(messages=5)), INIT, *['{"type":"ping"}'] * 10)
    assert transport.sent == [CONNECTION_ACK, *[PONG] * 4, 4429]


async def test_a_page_says_as_much_as_it_needs(transport: FakeTransport) -> None:
    texts = [text for number in range(200) for text in (subscribe_message(number), '{"type":"ping"}')]
    socket = socket_on(transport, Limits())
    for text in (INIT, *texts):
        await say(socket, text)
    assert 4429 not in transport.sent
    assert len(transport.sent) == 1 + 200 * 2


async def test_answers_that_a_client_does_not_read_leave_no_room_for_more(transport: FakeTransport) -> None:
    socket, _ = await initialised(transport)
    transport.blocked = True
    await say(socket, *map(subscribe_message, range(MAX_OPERATIONS + 5)))
    assert transport.sent == []
    read(socket, transport)
    assert len([text for text in transport.texts if '"next"' in text]) == MAX_OPERATIONS
    assert len([text for text in transport.texts if "OVERLOADED" in text]) == 5


class SlowManager(FakeManager):
    """A manager that admits and responds when the test says so."""

    def __init__(self) -> None:
        self.admits = asyncio.Event()
        self.responds = asyncio.Event()
        self.responded = 0

    async def admit(self, token: str | None) -> None:
        await self.admits.wait()

    async def execute(self, params: Any, language: Any, operation: Any) -> None:
        await self.responds.wait()
        self.responded += 1
        operation.respond(b"{}")


async def test_what_comes_before_the_acknowledgement_waits_for_it(transport: FakeTransport) -> None:
    manager = SlowManager()
    socket = socket_on(transport, Limits(), manager)
    saying = asyncio.create_task(say(socket, INIT, '{"type":"ping"}', subscribe_message(1)))
    await asyncio.sleep(0)
    assert (transport.reading, transport.sent) == (False, [])
    manager.admits.set()
    manager.responds.set()
    await saying
    assert transport.reading
    assert transport.sent[:2] == [CONNECTION_ACK, PONG]
    assert [json.loads(text)["type"] for text in transport.texts[2:]] == ["next", "complete"]


async def test_what_was_begun_is_finished_though_its_socket_is_lost(transport: FakeTransport) -> None:
    manager = SlowManager()
    manager.admits.set()
    socket = socket_on(transport, Limits(), manager)
    await say(socket, INIT)
    saying = asyncio.create_task(say(socket, subscribe_message(1)))
    await asyncio.sleep(0)
    socket.on_close()
    manager.responds.set()
    await saying
    assert manager.responded == 1
    assert transport.sent == [CONNECTION_ACK]


async def test_an_idle_socket_has_no_task(transport: FakeTransport) -> None:
    before = asyncio.all_tasks()
    await say(socket_on(transport, Limits()), INIT, subscribe_message(1), '{"type":"ping"}')
    assert asyncio.all_tasks() == before


def subscribe_message(number: int) -> str:
    return f'{{"type":"subscribe","id":"{number}","payload":{{"query":"{{ x }}"}}}}'
