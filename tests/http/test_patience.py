"""How long is a client waited for that says nothing, or reads nothing?"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from api.domain.texts import Language
from api.limits import Limits
from api.subscriptions.transport import Timeouts
from api.subscriptions.websocket.connection import MAX_OPERATIONS, Handshake, WebSocketConnection, WebSocketOperation
from api.subscriptions.websocket.protocol import ACKNOWLEDGED, PING, PONG


class Line:
    """A wire whose other end does as the test says, and what was sent over it."""

    def __init__(self) -> None:
        self.blocked = False
        self.released: Callable[[], None] | None = None
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
        assert self.released is not None
        self.released()


class NobodyWatches:
    """In place of what is watched: everything is answered at once."""

    async def admit(self, token: str | None) -> None:
        """Everybody is welcome."""

    async def begin(self, asked: Any, language: Any, caller: Any) -> None:
        await caller.answer("{}")


GREETING = '{"type":"connection_init"}'
PATIENT = Timeouts(greeting=5, silence=20, answer=20, reading=30)


@pytest.fixture
def line() -> Line:
    return Line()


def socket_on(line: Line, limits: Limits) -> WebSocketConnection:
    return WebSocketConnection(line, line.send, NobodyWatches(), Handshake(Language.EN, None), limits)  # type: ignore[arg-type]


def saying(*messages: str) -> Callable[[], Awaitable[Any]]:
    """What a client sends that says no more after these."""
    frames = iter([{"type": "websocket.receive", "text": text} for text in (GREETING, *messages)])

    async def receive() -> Any:
        with suppress(StopIteration):
            return next(frames)
        return await asyncio.Event().wait()

    return receive


async def greeted(line: Line) -> tuple[WebSocketConnection, float]:
    """A socket on this line that was greeted just now, and the time."""
    socket, receive = socket_on(line, Limits()), saying()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(socket.run(receive), 0.05)
    socket.closed = False  # the conversation was left, not ended
    line.sent.clear()
    return socket, asyncio.get_running_loop().time()


async def test_a_silent_client_is_asked_once_and_then_closed(line: Line) -> None:
    socket, now = await greeted(line)
    for later in (1, 19, 21, 25, 39):
        await socket.check(now + later, PATIENT)
    assert line.sent == [PING]
    await socket.check(now + 41, PATIENT)
    assert line.sent == [PING, 4408]


async def test_a_client_that_never_reads_is_cut(line: Line) -> None:
    socket, now = await greeted(line)
    line.blocked = True
    for later in (0, 15, 29):
        await socket.check(now + later, PATIENT)
    assert not line.aborted
    await socket.check(now + 31, PATIENT)
    assert line.aborted
    assert line.sent == []


async def test_a_client_that_reads_now_and_then_is_kept(line: Line) -> None:
    socket, now = await greeted(line)
    for start in (0, 25):
        line.blocked = True
        await socket.check(now + start, PATIENT)
        line.read()
    line.blocked = True
    await socket.check(now + 35, PATIENT)
    assert not line.aborted


async def test_what_a_slow_client_missed_is_skipped(line: Line) -> None:
    socket, _ = await greeted(line)
    watching = WebSocketOperation(socket, "a")
    await watching.update("1")
    line.blocked = True
    for number in range(2, 1_000):
        await watching.update(str(number))
    assert len(socket.kept) == 1
    line.read()
    await asyncio.sleep(0.01)
    assert line.sent == ['{"id":"a","type":"next","payload":1}', '{"id":"a","type":"next","payload":999}']


async def test_a_socket_that_says_too_much_is_closed(line: Line) -> None:
    await socket_on(line, Limits(messages=5)).run(saying(*['{"type":"ping"}'] * 10))
    assert line.sent == [ACKNOWLEDGED, *[PONG] * 4, 4429]


async def test_a_page_says_as_much_as_it_needs(line: Line) -> None:
    messages = [text for number in range(200) for text in (asking(number), '{"type":"ping"}')]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(socket_on(line, Limits()).run(saying(*messages)), 0.5)
    assert 4429 not in line.sent


async def test_answers_that_a_client_does_not_read_leave_no_room_for_more(line: Line) -> None:
    socket = socket_on(line, Limits())

    async def blocking() -> Any:
        line.blocked = bool(line.sent)  # it has read that it is welcome, and nothing from then on
        return await receive()

    receive = saying(*map(asking, range(MAX_OPERATIONS + 5)))
    conversing = asyncio.create_task(socket.run(blocking))
    for _ in range(200):
        await asyncio.sleep(0)
    line.read()
    for _ in range(200):
        await asyncio.sleep(0)
    conversing.cancel()
    assert len([text for text in line.sent if '"next"' in text]) == MAX_OPERATIONS
    assert len([text for text in line.sent if "OVERLOADED" in text]) == 5


def asking(number: int) -> str:
    return f'{{"type":"subscribe","id":"{number}","payload":{{"query":"{{ x }}"}}}}'
