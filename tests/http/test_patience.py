"""How long is a client waited for that says nothing, or reads nothing?"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from api.domain.texts import Language
from api.http.conversation import PING
from api.http.socket import Handshake, Operation, Socket
from api.http.wire import Patience


class Line:
    """A wire whose other end does as the test says, and what was sent over it."""

    def __init__(self) -> None:
        self.blocked = False
        self.released: Callable[[], None] | None = None
        self.aborted = False
        self.sent: list[Any] = []

    def abort(self) -> None:
        self.aborted = True

    async def send(self, message: Any) -> None:
        self.sent.append(message.get("text") or message.get("code"))

    def read(self) -> None:
        """The client reads on."""
        self.blocked = False
        assert self.released is not None
        self.released()


class NobodyWatches:
    """In place of what is watched: these sockets ask for nothing."""

    async def admit(self, token: str | None) -> None:
        """Everybody is welcome."""


PATIENT = Patience(greeting=5, silence=20, answer=20, reading=30)


@pytest.fixture
def line() -> Line:
    return Line()


async def greeted(line: Line) -> tuple[Socket, float]:
    """A socket on this line that was greeted just now, and the time."""
    socket = Socket(line, line.send, NobodyWatches(), Handshake(Language.EN, None))  # type: ignore[arg-type]
    frames = iter([{"type": "websocket.receive", "text": '{"type":"connection_init"}'}])

    async def receive() -> Any:
        with suppress(StopIteration):
            return next(frames)
        return await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(socket.converse(receive), 0.05)
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
    watching = Operation(socket, "a")
    await watching.update("1")
    line.blocked = True
    for number in range(2, 1_000):
        await watching.update(str(number))
    assert len(socket.kept) == 1
    line.read()
    await asyncio.sleep(0.01)
    assert line.sent == ['{"id":"a","type":"next","payload":1}', '{"id":"a","type":"next","payload":999}']
