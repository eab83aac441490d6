"""The direct wire: plain POSTs are answered by ordinary calls and one write, without the scope, task and messages of ASGI."""

import asyncio
from collections.abc import Awaitable
from contextvars import copy_context
from functools import lru_cache
from typing import Protocol

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE

from api.domain.deferred import Deferred
from api.http.request import REQUEST, Headers, Request
from api.http.responses import HttpResponse
from api.middleware.plain_posts import PlainPosts
from api.server.draining import State
from api.server.rejections import last_resort

MAX_CACHED_LINES = 512


class Connection(Protocol):
    """What an exchange needs of its connection, an HttpProtocol."""

    loop: asyncio.AbstractEventLoop
    server_state: State
    tasks: set[asyncio.Task[None]]
    transport: asyncio.Transport

    def on_response_complete(self) -> None:
        """Go on with the next request."""
        ...


class Exchange:
    """A plain POST and its response, in the place of uvicorn's RequestResponseCycle: a connection asks it the same."""

    __slots__ = (
        "_begun",
        "_connection",
        "_edge_headers",
        "_outcome",
        "_plain_posts",
        "_request",
        "body",
        "context",
        "disconnected",
        "keep_alive",
        "more_body",
        "response_complete",
    )
    message_event = asyncio.Event()  # for which nobody waits

    def __init__(self, connection: Connection, plain_posts: PlainPosts, request: Request, *, keep_alive: bool) -> None:
        self._connection = connection
        self._plain_posts = plain_posts
        self._request = request
        self._begun = False
        self._edge_headers: Headers = []
        self._outcome: Deferred[None] | None = None
        self.context = copy_context()  # in which it advances
        self.keep_alive = keep_alive
        self.body = bytearray()  # what has arrived of it; the head has told the size of all of it
        self.more_body = True
        self.disconnected = False
        self.response_complete = False

    @property
    def response_started(self) -> bool:
        """Whether a part of the response is written; it is written as a whole."""
        return self.response_complete

    def advance(self) -> None:
        """Go on with what has arrived: begin with the head, and respond to a whole body."""
        try:
            if not self._begun:
                self._begun = True
                REQUEST.set(self._request)
                rejection, self._edge_headers = self._plain_posts.begin(self._request)
                if rejection is not None:
                    self.answer(rejection)
            if self.more_body or self.response_complete or self.disconnected:
                return
            outcome = self._plain_posts.respond(self._request, bytes(self.body))
            if isinstance(outcome, HttpResponse):
                self.answer(outcome)
            elif isinstance(outcome, Deferred):
                self._outcome = outcome.then(self.answer, self.fail)
            else:
                task = self._connection.loop.create_task(self._wait(outcome))
                self._connection.tasks.add(task)
                task.add_done_callback(self._connection.tasks.discard)
        except Exception as error:  # the last resort: no traceback is shown
            self.fail(error)

    async def _wait(self, outcome: Awaitable[HttpResponse]) -> None:
        try:
            response = await outcome
        except (asyncio.CancelledError, Exception) as error:
            self.fail(error)
        else:
            self.answer(response)

    def answer(self, response: HttpResponse) -> None:
        """Write the response, unless another was given as the server stopped."""
        if self.response_complete:
            return
        try:
            headers = self._plain_posts.end(self._request, response, self._edge_headers)
            self._write(response.status, headers, response.body)
        except Exception as error:
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """Answer in place of what failed, or was cancelled as the server stops."""
        response = last_resort(error, self._request.language)
        if self.response_complete:
            self._connection.transport.abort()
        else:
            self._write(*response)

    def abandon(self) -> None:
        """Go on without a client. What is waited for without a task has to end before the database is closed."""
        self.disconnected = True
        if self._outcome is not None:
            self._connection.server_state.abandoned.add(self)

    def cancel(self) -> None:
        """Cancel what is waited for without a task, as the server stops."""
        if self._outcome is not None:
            self._outcome.cancel()

    def _write(self, status: int, headers: Headers, body: bytes) -> None:
        self.response_complete = True
        connection = self._connection
        if self.disconnected:
            connection.server_state.abandoned.discard(self)
        elif not connection.transport.is_closing():
            length, *shared, request_id = headers  # the first and the last differ each time
            connection.transport.write(
                b"%b%b%b: %b\r\n%b%b: %b\r\n%b\r\n%b"
                % (
                    STATUS_LINE[status],
                    encode_lines(tuple(connection.server_state.default_headers)),
                    *length,
                    encode_lines(tuple(shared)),
                    *request_id,
                    b"" if self.keep_alive else b"connection: close\r\n",
                    body,
                )
            )
            if not self.keep_alive:
                connection.transport.close()
        connection.on_response_complete()


@lru_cache(MAX_CACHED_LINES)
def encode_lines(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """The lines of headers, which many responses share. Raises ValueError for what would not be one line each."""
    for name, value in headers:
        if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
            raise ValueError(f"{name!r}: {value!r} is no header")
    return b"".join([b"%b: %b\r\n" % header for header in headers])
