"""uvicorn's WebSocket protocol, which hands its transport over, so that a client that stopped reading is seen and cut off."""

import asyncio
import socket
from asyncio.transports import BaseTransport
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import http11
from websockets.frames import CloseCode
from websockets.protocol import State
from websockets.server import ServerProtocol

from api.domain.errors import bad_input
from api.domain.texts import Language, Text
from api.http import responses
from api.http.negotiation import MediaType, negotiate_language
from api.server.open_sockets import OpenWebSocket, Parsers, discard
from api.subscriptions.transport import TRANSPORT, SocketHandler, SocketTransport

MAX_UNSENT_BYTES = 32 * 1024  # bytes that this process, and then the kernel, hold for a client that does not read


class HandshakeProtocol(ServerProtocol):
    """The protocol of a WebSocket, whose refusals of a handshake have `errors` as all others."""

    language = Language.ZH

    def accept(self, request: http11.Request) -> http11.Response:
        """Answer a handshake."""
        self.language = negotiate_language(request.headers.get("Accept-Language"))
        return super().accept(request)

    def reject(self, status: int, text: str) -> http11.Response:
        """Refuse a handshake."""
        reason = text.strip().removeprefix("Failed to open a WebSocket connection: ") or "it is not taken here."
        error = bad_input(
            Text("WebSocket握手有误：{reason}", "This WebSocket handshake is not valid: {reason}", reason=reason)
        )
        refusal = responses.error_response(error, MediaType.JSON, self.language, status)
        response = super().reject(status, "")
        for name in ("Content-Length", "Content-Type"):
            del response.headers[name]
        response.headers.update({name.decode(): value.decode() for name, value in refusal.headers})
        return replace(response, body=refusal.body)


class HandedOver(asyncio.Transport):
    """In the place of a transport that has another protocol by now: closing it closes nothing."""

    def close(self) -> None:
        """Leave that to the other protocol."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """A WebSocket until its handshake is accepted (api.subscriptions.transport.OpeningSocket).

    release: called once the connection is lost. deadline: the timer that aborts an unfinished handshake.
    """

    release: Callable[[], None] | None = None
    deadline: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        discard(self.conn)
        self.conn = HandshakeProtocol(max_size=self.config.ws_max_size, logger=self.logger)

    def connection_made(self, transport: BaseTransport) -> None:
        """Keep the write buffers small: what waits there is out of date by the time it is read."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=MAX_UNSENT_BYTES)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_UNSENT_BYTES)

    def handle_connect(self, event: http11.Request) -> None:
        """Put this object into the scope before the application starts; nothing else is read until that receives."""
        super().handle_connect(event)
        if not self.close_sent:
            self.read_paused = True
            self.transport.pause_reading()
            cast("dict[str, Any]", self.scope["extensions"])[TRANSPORT] = self

    def send_receive_event_to_app(self) -> None:
        """Close the socket with 1007 for text that is not UTF-8; uvicorn logs it as a failure of the server."""
        if self.curr_msg_data_type == "text" and not _is_utf8(b"".join(self.frames)):
            self.conn.fail(CloseCode.INVALID_DATA, "not UTF-8")
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    async def run_asgi(self) -> None:
        """Serve the socket; that it is cut off, as the server stops, is no failure."""
        self.app = partial(_end_when_cancelled, self.app)
        await super().run_asgi()

    def hand_over(self, make_handler: Callable[[SocketTransport], SocketHandler]) -> None:
        """Put a smaller protocol in the place of this one, of which nothing is left, and have this handler called."""
        self._stop_waiting()
        self.stop_keepalive()
        transport, self.transport = self.transport, HandedOver()
        self.connections.discard(self)
        release, self.release = self.release, None
        parsers = _parsers(self.config.ws_max_size)
        transport.set_protocol(OpenWebSocket(transport, self.connections, parsers, release, make_handler))
        if self.conn.state is not State.OPEN or self.conn.current_size is not None or self.conn.reader.buffer:
            # It was closed, or it speaks before it is spoken to.
            transport.close()
        discard(self.conn)
        del self.scope  # which refers to this object

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting it."""
        self._stop_waiting()
        if self.release is not None:
            self.release()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Close the socket, unless it is closing already."""
        if not self.transport.is_closing():
            super().shutdown()

    def _stop_waiting(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None


async def _end_when_cancelled(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    with suppress(asyncio.CancelledError):
        await app(scope, receive, send)


@cache
def _parsers(max_size: int) -> Parsers:
    """Those of this process."""
    return Parsers(max_size)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
