"""What is kept of a WebSocket once it is open: no task, no timer, and a parser only where messages come in pieces.

Thousands of sockets are open and do nothing but receive results. Frames are parsed by `websockets`, as the handshake is;
between two messages its parser is as good as new, so all sockets borrow the same one. A socket keeps a parser of its own as
soon as what it has received does not end with a message: nothing else can tell what the parser has taken of the next one.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast

from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import SERVER, Protocol, State

from api.subscriptions.transport import SocketHandler, SocketTransport

MAX_SHORT_LENGTH = 125  # of a frame whose length is in its second byte; the next two values say that it follows
CLOSE_TIMEOUT = 10.0  # seconds for the client to close a socket that was closed here
DATA = frozenset((Opcode.TEXT, Opcode.BINARY, Opcode.CONT))
log = logging.getLogger("uvicorn.error")


class Parsers:
    """The parsers of a process. max_size: bytes that a message may have."""

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._spare: Protocol | None = None

    def borrow(self) -> Protocol:
        """A parser that is between two messages."""
        spare, self._spare = self._spare, None
        return spare or Protocol(SERVER, max_size=self._max_size, logger=log)

    def give_back(self, parser: Protocol) -> None:
        """Keep a parser that is between two messages, unless there is one."""
        if self._spare is None:
            self._spare = parser
        else:
            discard(parser)


def discard(parser: Protocol) -> None:
    """Free a parser at once: it and its generator refer to each other."""
    parser.parser.close()


def end_with_frame(data: bytes) -> bool:
    """Whether these bytes, which begin with a frame (RFC 6455, 5.2), end with one."""
    position = 0
    while position + 2 <= len(data):
        head, length = 2, data[position + 1] & 0x7F
        if length > MAX_SHORT_LENGTH:
            head = 4 if length == MAX_SHORT_LENGTH + 1 else 10
            length = int.from_bytes(data[position + 2 : position + head], "big")
        mask = 4 if data[position + 1] & 0x80 else 0
        position += head + mask + length
    return position == len(data)


class OpenWebSocket(asyncio.Protocol):
    """An open WebSocket: api.subscriptions.transport.SocketTransport. release: called once it is lost.

    connections: those of the server, which shuts them down.
    """

    __slots__ = (
        "_close_timer",
        "_connections",
        "_handler",
        "_message",
        "_message_is_text",
        "_parser",
        "_parsers",
        "_reading_wanted",
        "_release",
        "blocked",
        "transport",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        connections: set[Any],
        parsers: Parsers,
        release: Callable[[], None] | None,
        make_handler: Callable[[SocketTransport], SocketHandler],
    ) -> None:
        self.transport = transport
        self.blocked = False
        self._connections = connections
        self._parsers = parsers
        self._parser: Protocol | None = None  # of one whose messages come in pieces, or which is closing
        self._message: bytearray | None = None  # the pieces of one that is unfinished
        self._message_is_text = False
        self._reading_wanted = True
        self._close_timer: asyncio.TimerHandle | None = None
        self._release = release
        self._handler: SocketHandler | None = make_handler(self)
        connections.add(self)

    # What the event loop says.

    def data_received(self, data: bytes) -> None:
        """Parse frames, answer those that ask for it, and pass messages on."""
        borrows = self._parser is None
        parser = self._own_parser()
        parser.receive_data(data)
        if parser.parser_exc is None:
            for frame in parser.events_received():
                self._receive(cast("Frame", frame))
        self._flush(parser)
        if parser.eof_sent:  # the client has closed it, or what it sent is no frame
            self._end()
            self._abort_later()
            self.transport.close()
        if borrows and parser.state is State.OPEN and parser.current_size is None and end_with_frame(data):
            self._parser = None
            self._parsers.give_back(parser)

    def pause_writing(self) -> None:
        """Take nothing from a client that does not read."""
        self.blocked = True
        self.set_reading(self._reading_wanted)

    def resume_writing(self) -> None:
        """Go on, since the client has read."""
        self.blocked = False
        self.set_reading(self._reading_wanted)
        if self._handler is not None:
            self._handler.on_resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        """Tell everybody that it is gone."""
        if self._close_timer is not None:
            self._close_timer.cancel()
        if self._parser is not None:
            discard(self._parser)
            self._parser = None
        self._connections.discard(self)
        if self._release is not None:
            self._release()
        self._end()

    # What the handler and the server say.

    def write(self, frames: bytes) -> None:
        """Send frames as they stand."""
        self.transport.write(frames)

    def set_reading(self, wanted: bool) -> None:
        """Receive, or nothing until told to go on; never from a client that does not read."""
        self._reading_wanted = wanted
        if self.transport.is_closing():
            return
        if wanted and not self.blocked:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()

    def close(self, code: int, reason: str = "") -> None:
        """Close the socket with a code and a reason, and drop the connection if the client does not do the same."""
        parser = self._own_parser()
        if parser.state is State.OPEN and not self.transport.is_closing():
            parser.send_close(code, reason)
            self._flush(parser)
            self.set_reading(True)
            self._abort_later()
        self._end()

    def abort(self) -> None:
        """Drop the connection at once, with what has not been sent."""
        self.transport.abort()

    def shutdown(self) -> None:
        """Close the socket as the server stops."""
        if not self.transport.is_closing():
            self.close(CloseCode.SERVICE_RESTART)
            self.transport.close()

    def _own_parser(self) -> Protocol:
        """The parser of this socket: its own, or the borrowed one."""
        if self._parser is None:
            self._parser = self._parsers.borrow()
        return self._parser

    def _receive(self, frame: Frame) -> None:
        if frame.opcode not in DATA or self._handler is None:
            return
        if frame.opcode is not Opcode.CONT:
            self._message_is_text = frame.opcode is Opcode.TEXT
            if frame.fin:
                self._pass_on(frame.data)
            else:
                self._message = bytearray(frame.data)
        elif self._message is not None:
            self._message += frame.data
            if frame.fin:
                message, self._message = self._message, None
                self._pass_on(message)

    def _pass_on(self, message: Any) -> None:
        if self._handler is None:
            return
        if not self._message_is_text:
            self._handler.on_message(None)
            return
        try:
            text = bytes(message).decode()
        except UnicodeDecodeError:
            self._own_parser().fail(CloseCode.INVALID_DATA, "not UTF-8")
        else:
            self._handler.on_message(text)

    def _flush(self, parser: Protocol) -> None:
        data = b"".join(parser.data_to_send())
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def _abort_later(self) -> None:
        """Wait for the client to close the connection, and to read what is left, but not for ever."""
        if self._close_timer is None and not self.transport.is_closing():
            self._close_timer = asyncio.get_running_loop().call_later(CLOSE_TIMEOUT, self.transport.abort)

    def _end(self) -> None:
        """Tell the handler that it is over, once."""
        handler, self._handler = self._handler, None
        if handler is not None:
            handler.on_close()
