"""uvicorn's HTTP protocol, with a direct wire for plain posts, and with an answer to every request that has begun."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from functools import partial
from typing import Any, TypeAlias, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.http.request import Request
from api.middleware.plain_posts import PATH, PlainPosts
from api.server.direct import Exchange
from api.server.draining import State, answer_last
from api.server.rejections import last_resort
from api.subscriptions.transport import TRANSPORT

PLAIN_URL = PATH.encode()
PathBelow: TypeAlias = Callable[[bytes], bytes]
NO_CONTEXT = Context()  # a timer would keep the request alive in whose context it is set


class HttpProtocol(HttpToolsProtocol):
    """An HTTP connection: plain posts go by the direct wire, if there is one, all other requests by ASGI.

    The application is handed the transport, so that an event stream nobody reads can be aborted. Every request that has
    begun is answered, be its application cancelled or failing. path_below: what takes the root path off a target.
    """

    server_state: State
    cycle: Any  # the newest request: a RequestResponseCycle or an Exchange
    _current_cycle: Any = None  # the request that is being answered
    _arriving: Exchange | None = None
    _head_bytes = 0  # since the last head or chunk began, of no body; too few where requests are pipelined
    _body_bytes = 0  # since the last check of the progress
    _idle_since: float | None = None  # when the last response was complete, until something arrives

    def __init__(
        self, plain_posts: PlainPosts | None = None, path_below: PathBelow | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self._plain_posts = plain_posts
        self._path_below = path_below

    def connection_lost(self, exc: Exception | None) -> None:
        """Disconnect the request that is being answered; uvicorn disconnects the newest, which may be queued behind it."""
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        if self._current_cycle is not None and not self._current_cycle.response_complete:
            if isinstance(self._current_cycle, Exchange):
                self._current_cycle.abandon()
            else:
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

    def cancel(self) -> None:
        """Cancel what is under way on the direct wire, as the tasks of other requests are."""
        if isinstance(self._current_cycle, Exchange):
            self._current_cycle.cancel()

    @property
    def answering(self) -> bool:
        """Whether a request has begun and its response is not complete."""
        return self.cycle is not None and not self.cycle.response_complete

    def advance(self) -> None:
        """Go on with the request on the direct wire, when all that was received is parsed: a task would begin then too."""
        exchange = self._arriving
        if exchange is not None:
            if not exchange.more_body:
                self._arriving = None
            exchange.context.run(exchange.advance)

    def extensions(self) -> dict[str, Any]:
        """What the server hands to an application, in the scope of a request."""
        return {TRANSPORT: self.transport}

    def on_message_begin(self) -> None:
        """Begin a head. Its scope is made when it goes by ASGI."""
        self.url, self.headers = b"", []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Take a request to the direct wire, or start it by ASGI."""
        if self._path_below is not None:
            self.url = self._path_below(self.url)
        parser, plain_posts = self.parser, self._plain_posts
        if (
            plain_posts is not None
            and self.url == PLAIN_URL
            and not self.answering
            and not self.flow.write_paused
            and parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
        ):
            request = Request("POST", PATH, self.headers, self.client[0] if self.client else "")
            if plain_posts.takes(request):
                keep_alive = parser.should_keep_alive() and not self.server_state.is_draining
                exchange = Exchange(self, plain_posts, request, keep_alive=keep_alive)
                self.cycle = self._current_cycle = self._arriving = exchange
                return
        self._start_by_asgi()

    def on_body(self, body: bytes) -> None:
        """Keep a part of a body, and count it."""
        size = len(body)
        self._head_bytes -= size
        self._body_bytes += size
        if isinstance(self.cycle, Exchange):
            self.cycle.body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that a body is whole."""
        if isinstance(self.cycle, Exchange):
            self.cycle.more_body = False
        else:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, as uvicorn does, but with a timer for the connection instead of one a request."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._close_if_idle_after(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection if it has been idle for long enough."""
        self.timeout_keep_alive_task = None
        if self._idle_since is not None:
            seconds = self._idle_since + self.timeout_keep_alive - self.loop.time()
            if seconds > 0:
                self._close_if_idle_after(seconds)
            else:
                self.transport.close()

    def _close_if_idle_after(self, seconds: float) -> None:
        timer = self.loop.call_later(seconds, self.timeout_keep_alive_handler, context=NO_CONTEXT)
        self.timeout_keep_alive_task = timer

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None

    def _start_by_asgi(self) -> None:
        url, headers = self.url, self.headers
        super().on_message_begin()
        self.url = url
        self.headers += headers
        self.expect_100_continue = any(
            name == b"expect" and value.lower() == b"100-continue" for name, value in headers
        )
        cast("dict[str, Any]", self.scope)["extensions"] = self.extensions()
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._current_cycle = cycle
        if cycle.scope["http_version"] == "1.0":
            app = partial(answer_unchunked, app, cycle)
        if self.server_state.is_draining:
            app = partial(answer_last, app)
        super()._start_asgi_task(cycle, partial(answer_always, app, cycle))


async def answer_always(app: ASGIApp, cycle: RequestResponseCycle, scope: Scope, receive: Receive, send: Send) -> None:
    """Run the application on one request, and answer in its place when it is cancelled, as the server stops, or fails."""
    try:
        await app(scope, receive, send)
    except (asyncio.CancelledError, Exception) as error:  # the last resort: no traceback is shown
        response = last_resort(error, Request.of(scope).language)
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
