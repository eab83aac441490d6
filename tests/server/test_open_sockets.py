"""Does an open WebSocket keep to RFC 6455 whatever comes in, and keep nothing that it does not need?"""

import asyncio
import struct
from typing import Any

import pytest
from websockets.frames import Close, Frame, Opcode
from websockets.streams import StreamReader

from api.server import open_sockets
from api.server.open_sockets import OpenWebSocket, Parsers, end_with_frame

MAX_SIZE = 1_000


class FakeTransport:
    """A transport that collects what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.reading = True
        self.closing = False
        self.aborted = False

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = self.aborted = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


class Handler:
    """A handler that collects what it is told."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.told: list[Any] = []

    def on_message(self, text: str | None) -> None:
        self.told.append(text)
        if text == "close":
            self.socket.close(4000, "as you like")

    def on_resume_writing(self) -> None:
        self.told.append("resumed")

    def on_close(self) -> None:
        self.told.append("closed")


class World:
    """One open socket, with what its ends have said."""

    def __init__(self, parsers: Parsers | None = None) -> None:
        self.transport = FakeTransport()
        self.connections: set[Any] = set()
        self.released = 0
        self.handlers: list[Handler] = []
        parsers = parsers or Parsers(MAX_SIZE)
        self.socket = OpenWebSocket(self.transport, self.connections, parsers, self.release, self.make_handler)  # type: ignore[arg-type]

    def release(self) -> None:
        self.released += 1

    def make_handler(self, socket: Any) -> Handler:
        self.handlers.append(Handler(socket))
        return self.handlers[0]

    def receive(self, *frames: Frame) -> None:
        """The client sends these frames at once."""
        self.socket.data_received(b"".join(frame.serialize(mask=True) for frame in frames))

    @property
    def told(self) -> list[Any]:
        return self.handlers[0].told

    @property
    def answers(self) -> list[Any]:
        """The frames that the client was sent: of a close frame its code, else its bytes."""
        reader, found = StreamReader(), []
        reader.feed_data(self.transport.written)
        while reader.buffer:
            with pytest.raises(StopIteration) as stop:
                next(Frame.parse(reader.read_exact, mask=False))
            frame = stop.value.value
            found.append(Close.parse(frame.data).code if frame.opcode is Opcode.CLOSE else bytes(frame.data))
        return found


def text(data: str | bytes, *, fin: bool = True) -> Frame:
    return Frame(Opcode.TEXT, data if isinstance(data, bytes) else data.encode(), fin)


def more(data: bytes, *, fin: bool = True) -> Frame:
    return Frame(Opcode.CONT, data, fin)


def close_frame(data: bytes) -> Frame:
    return Frame(Opcode.CLOSE, data)


@pytest.fixture
async def world() -> World:
    return World()


async def test_a_message_is_passed_on_in_whatever_pieces_it_comes(world: World) -> None:
    data = b"".join(frame.serialize(mask=True) for frame in (text("选票"), Frame(Opcode.BINARY, b"x"), text("")))
    for byte in data:
        world.socket.data_received(bytes([byte]))
    world.socket.data_received(data)
    assert world.told == ["选票", None, ""] * 2


async def test_a_frame_that_is_unfinished_on_one_socket_is_nothing_to_another() -> None:
    """Wherever it was cut: also where all that has come of it was a head, which is in no buffer."""
    for message in ("short", "x" * 500):
        data = text(message).serialize(mask=True)
        for cut in range(1, 12):
            parsers = Parsers(MAX_SIZE)
            one, other = World(parsers), World(parsers)
            one.socket.data_received(data[:cut])
            other.receive(text("whole"))
            one.socket.data_received(data[cut:])
            assert (one.told, other.told) == ([message], ["whole"]), cut


async def test_a_parser_is_kept_by_a_socket_whose_messages_come_in_pieces_alone() -> None:
    parsers = Parsers(MAX_SIZE)
    whole, pieces = World(parsers), World(parsers)
    long, longest = "x" * 300, "x" * 70_000
    for message in ("short", long, ""):
        whole.receive(text(message), Frame(Opcode.PING, b""))
    assert whole.socket._parser is None
    data = text(long).serialize(mask=True)
    assert [end_with_frame(data[:size]) for size in range(1, len(data))] == [False] * (len(data) - 1)
    assert end_with_frame(data + text(longest).serialize(mask=True) + text("", fin=False).serialize(mask=False))
    pieces.socket.data_received(data[:100])
    pieces.socket.data_received(data[100:])
    assert pieces.socket._parser is not None
    assert (whole.told, pieces.told) == (["short", long, ""], [long])


async def test_fragments_are_one_message_with_pings_between_them(world: World) -> None:
    start, end = "选票".encode()[:4], "选票".encode()[4:]  # in the middle of a character
    world.receive(text(start, fin=False), Frame(Opcode.PING, b"1"), more(b"", fin=False))
    world.receive(Frame(Opcode.PING, b"2"), more(end), Frame(Opcode.PONG, b"unasked"), text("next"))
    assert world.told == ["选票", "next"]
    assert world.answers == [b"1", b"2"]


BREACHES = {
    "no UTF-8": ([text(b"\xff")], 1007),
    "half a character": ([text(b"\xe9\x80", fin=False), more(b"")], 1007),
    "too large": ([text("x" * (MAX_SIZE + 1))], 1009),
    "too large in pieces": ([text("x" * MAX_SIZE, fin=False), more(b"x")], 1009),
    "a piece of nothing": ([more(b"x")], 1002),
    "a message in another": ([text("a", fin=False), text("b")], 1002),
    "a fragmented ping": ([Frame(Opcode.PING, b"", False)], 1002),
    "a long ping": ([Frame(Opcode.PING, b"x" * 126)], 1002),
    "an extension nobody agreed to": ([Frame(Opcode.TEXT, b"x", True, True)], 1002),
    "a close code that is none": ([close_frame(struct.pack("!H", 1005))], 1002),
    "half a close code": ([close_frame(b"x")], 1002),
    "a reason that is no UTF-8": ([close_frame(struct.pack("!H", 1000) + b"\xff")], 1007),
}


@pytest.mark.parametrize(("frames", "code"), BREACHES.values(), ids=BREACHES.keys())
async def test_a_breach_is_answered_by_its_code_and_ends_the_socket(world: World, frames: list[Any], code: int) -> None:
    for frame in frames:
        world.socket.data_received(serialized(frame))
    assert world.answers == [code]
    assert world.told == ["closed"]
    assert world.transport.closing
    world.socket.connection_lost(None)
    assert (world.told, world.released, world.connections) == (["closed"], 1, set())


def serialized(frame: Frame) -> bytes:
    """The bytes of a frame that may be none: websockets makes no such frames."""
    first = frame.fin << 7 | frame.rsv1 << 6 | frame.opcode
    length = len(frame.data)
    head = bytes([first, 0x80 | length]) if length < 126 else struct.pack("!BBH", first, 0xFE, length)
    return head + bytes(4) + bytes(frame.data)


async def test_a_close_is_answered_and_nothing_is_heard_after_it(world: World) -> None:
    world.receive(text("a"), close_frame(struct.pack("!H", 1001)), text("b"))
    assert world.answers == [1001]
    assert world.told == ["a", "closed"]
    assert world.transport.closing


async def test_a_socket_that_is_closed_here_waits_for_the_clients_answer(world: World) -> None:
    world.receive(text("close"), text("too late"))
    assert world.answers == [4000]
    assert world.told == ["close", "closed"]
    assert not world.transport.closing
    world.receive(text("too late"), close_frame(struct.pack("!H", 4000)))
    assert world.answers == [4000]
    assert world.told == ["close", "closed"]
    assert world.transport.closing


@pytest.mark.parametrize("closing", ["close", "shutdown"])
async def test_a_client_that_never_answers_a_close_is_dropped(
    world: World, monkeypatch: pytest.MonkeyPatch, closing: str
) -> None:
    monkeypatch.setattr(open_sockets, "CLOSE_TIMEOUT", 0)
    world.socket.close(4000, "") if closing == "close" else world.socket.shutdown()
    for _ in range(5):
        await asyncio.sleep(0.001)
    assert world.transport.aborted
    world.socket.connection_lost(None)


async def test_a_server_that_stops_says_so(world: World) -> None:
    world.socket.shutdown()
    assert world.answers == [1012]
    assert world.transport.closing
    assert world.told == ["closed"]


async def test_nothing_is_read_from_who_does_not_read(world: World) -> None:
    world.socket.pause_writing()
    assert (world.socket.blocked, world.transport.reading) == (True, False)
    world.socket.set_reading(False)
    world.socket.resume_writing()
    assert (world.socket.blocked, world.transport.reading, world.told) == (False, False, ["resumed"])
    world.socket.set_reading(True)
    assert world.transport.reading


@pytest.mark.parametrize("length", [1, 200])
async def test_a_frame_that_has_begun_is_never_mixed_with_one_of_another_socket(length: int) -> None:
    data = text("x" * length).serialize(mask=True)
    for split in range(1, len(data)):
        parsers = Parsers(MAX_SIZE)
        first, second = World(parsers), World(parsers)
        first.socket.data_received(data[:split])
        second.receive(text("mine"))
        first.socket.data_received(data[split:])
        assert (first.told, second.told) == (["x" * length], ["mine"]), split
