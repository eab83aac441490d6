"""uvicorn's protocols, which hand their transport to the application: to see a client that stopped reading, and to abort it."""

import asyncio
import socket
from asyncio.transports import BaseTransport
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from api.domain.errors import bad_input
from api.domain.texts import Language
from api.http import responses
from api.http.negotiation import MediaType, negotiate_language
from api.http.responses import HttpResponse
from api.server.rejections import STOPPED
from api.subscriptions.transport import TRANSPORT

MAX_UNSENT_BYTES = 32 * 1024  # bytes that this process, and then the kernel, hold for a client that does not read


class HandshakeProtocol(ServerProtocol):
    """The protocol of a WebSocket, whose refusals of a handshake have `errors` as all others."""

    language = Language.ZH

    def accept(self, request: Request) -> Response:
        """Answer a handshake."""
        self.language = negotiate_language(request.headers.get("Accept-Language"))
        return super().accept(request)

    def reject(self, status: int, text: str) -> Response:
        """Refuse a handshake."""
        reason = text.strip().removeprefix("Failed to open a WebSocket connection: ") or "it is not taken here."
        error = bad_input(f"WebSocket握手有误：{reason}", f"This WebSocket handshake is not valid: {reason}")
        refusal = responses.error_response(error, MediaType.JSON, self.language, status)
        response = super().reject(status, "")
        for name in ("Content-Length", "Content-Type"):
            del response.headers[name]
        response.headers.update({name.decode(): value.decode() for name, value in refusal.headers})
        return replace(response, body=refusal.body)


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """A WebSocket that hands itself over as api.subscriptions.transport.Transport."""

    on_resume_writing: Callable[[], None] | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn = HandshakeProtocol(max_size=self.config.ws_max_size, logger=self.logger)

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

    async def run_asgi(self) -> None:
        """Serve the socket; that it is cut off, as the server stops, is no failure."""
        self.app = partial(_end_when_cancelled, self.app)
        await super().run_asgi()

    def shutdown(self) -> None:
        """Close the socket, unless it is closing already."""
        if not self.transport.is_closing():
            super().shutdown()

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
    """An HTTP connection that hands its transport over, so that an event stream nobody reads can be aborted.

    Every request that has begun is answered, be its application cancelled or failing.
    """

    _current_cycle: RequestResponseCycle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Disconnect the request that is being answered; uvicorn disconnects the newest, which may be queued behind it."""
        if self._current_cycle is not None and not self._current_cycle.response_complete:
            self._current_cycle.disconnected = True
            self._current_cycle.message_event.set()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Close the connection: at once when it is idle or its request is unfinished, else after the last whole request."""
        waiting = [self._current_cycle, *(cycle for cycle, _ in reversed(self.pipeline))]
        whole = [cycle for cycle in waiting if cycle and not cycle.response_complete and not cycle.more_body]
        if whole:
            whole[-1].keep_alive = False
        else:
            self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._current_cycle = cycle
        if cycle.scope["http_version"] == "1.0":
            app = partial(answer_unchunked, app, cycle)
        super()._start_asgi_task(cycle, partial(answer_always, app, cycle))

    def on_message_begin(self) -> None:
        """Put the transport into the scope of the request."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = {TRANSPORT: self.transport}


async def answer_always(app: ASGIApp, cycle: RequestResponseCycle, scope: Scope, receive: Receive, send: Send) -> None:
    """Run the application on one request, and answer in its place when it is cancelled, as the server stops, or fails."""
    try:
        await app(scope, receive, send)
    except (asyncio.CancelledError, Exception) as error:  # the last resort: no traceback is shown
        response = _response_to(error, scope)
        if cycle.response_started:
            cycle.transport.abort()
        else:
            await response.send(send)


async def answer_unchunked(
    app: ASGIApp, cycle: RequestResponseCycle, scope: Scope, receive: Receive, send: Send
) -> None:
    """Run the application for a client of HTTP/1.0, which knows no chunks: an endless body ends with the connection."""
    ends_with_connection = False

    async def send_unchunked(message: Message) -> None:
        nonlocal ends_with_connection
        if message["type"] == "http.response.start":
            ends_with_connection = all(name.lower() != b"content-length" for name, _ in message.get("headers", ()))
            if ends_with_connection:
                cycle.chunked_encoding = False
        elif ends_with_connection:  # uvicorn would count the body against a length that nobody knows
            cycle.expected_content_length = len(message.get("body", b""))
        await send(message)

    await app(scope, receive, send_unchunked)


def _response_to(error: BaseException, scope: Scope) -> HttpResponse:
    """The response to a request that was cut off or whose application failed, which is logged."""
    header = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    language = negotiate_language(header.decode("latin-1"))
    if isinstance(error, asyncio.CancelledError):
        return responses.error_response(STOPPED, MediaType.JSON, language, 503)
    return responses.json_response({"errors": [responses.mask_error(error, language)]}, MediaType.JSON, 500)


async def _end_when_cancelled(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    with suppress(asyncio.CancelledError):
        await app(scope, receive, send)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
