"""The connections of uvicorn, with what long-lived answers need and ASGI does not give: to see a stuck client and to cut it."""

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
MAX_MESSAGE_BYTES = 64 * 1024  # bytes of a message that a client sends


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """A WebSocket that hands itself over as api.subscriptions.transport.Transport."""

    on_resume_writing: Callable[[], None] | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Hold little: what waits here is old by the time it is read."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=MAX_UNSENT_BYTES)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_UNSENT_BYTES)

    def handle_connect(self, event: Request) -> None:
        """The application starts after this, and finds the transport in its scope."""
        super().handle_connect(event)
        if not self.close_sent:
            cast("dict[str, Any]", self.scope["extensions"])[TRANSPORT] = self

    def send_receive_event_to_app(self) -> None:
        """Text that is no UTF-8 ends the socket as its protocol says, and is no failure of ours to be logged."""
        if self.curr_msg_data_type == "text" and not _is_utf8(b"".join(self.frames)):
            self.conn.fail(CloseCode.INVALID_DATA, "not UTF-8")
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        if self.on_resume_writing is not None:
            self.on_resume_writing()

    @property
    def blocked(self) -> bool:
        """Whether the client has stopped reading."""
        return not self.writable.is_set()

    def abort(self) -> None:
        """Cut it; closing would wait for what is unsent."""
        self.transport.abort()


class HttpProtocol(HttpToolsProtocol):
    """An HTTP connection whose transport is handed over, so that a stream nobody reads can be aborted."""

    _begun: RequestResponseCycle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the request that is being answered: uvicorn tells the newest, which may wait behind it."""
        if self._begun is not None and not self._begun.response_complete:
            self._begun.disconnected = True
            self._begun.message_event.set()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._begun = cycle
        super()._start_asgi_task(cycle, app)

    def on_message_begin(self) -> None:
        """Each request has a scope of its own."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = {TRANSPORT: self.transport}


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
