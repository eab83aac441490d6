"""uvicorn's protocols, which hand their transport to the application: to see a client that stopped reading, and to abort it."""

import socket
from asyncio.transports import BaseTransport
from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request

from api.subscriptions.transport import TRANSPORT

MAX_UNSENT_BYTES = 32 * 1024  # bytes that this process, and then the kernel, hold for a client that does not read


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """A WebSocket that hands itself over as api.subscriptions.transport.Transport."""

    on_resume_writing: Callable[[], None] | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Keep the write buffers small: what waits there is out of date by the time it is read."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=MAX_UNSENT_BYTES)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_UNSENT_BYTES)

    def handle_connect(self, event: Request) -> None:
        """Put the transport into the scope before the application starts."""
        super().handle_connect(event)
        if not self.close_sent:
            cast("dict[str, Any]", self.scope["extensions"])[TRANSPORT] = self

    def send_receive_event_to_app(self) -> None:
        """Close the socket with 1007 for text that is not UTF-8; uvicorn logs it as a failure of the server."""
        if self.curr_msg_data_type == "text" and not _is_utf8(b"".join(self.frames)):
            self.conn.fail(CloseCode.INVALID_DATA, "not UTF-8")
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    def resume_writing(self) -> None:
        """Note that the client has read."""
        super().resume_writing()
        if self.on_resume_writing is not None:
            self.on_resume_writing()

    @property
    def blocked(self) -> bool:
        """Whether the write buffer is full."""
        return not self.writable.is_set()

    def abort(self) -> None:
        """Drop the connection; closing would wait for what is unsent."""
        self.transport.abort()


class HttpProtocol(HttpToolsProtocol):
    """An HTTP connection that hands its transport over, so that an event stream nobody reads can be aborted."""

    _current_cycle: RequestResponseCycle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Disconnect the request that is being answered; uvicorn disconnects the newest, which may be queued behind it."""
        if self._current_cycle is not None and not self._current_cycle.response_complete:
            self._current_cycle.disconnected = True
            self._current_cycle.message_event.set()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._current_cycle = cycle
        super()._start_asgi_task(cycle, app)

    def on_message_begin(self) -> None:
        """Put the transport into the scope of the request."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = {TRANSPORT: self.transport}


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
