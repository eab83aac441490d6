"""One event stream: its operations, and the newest result of each that waits to be sent as a server-sent event."""

import asyncio
from collections.abc import AsyncIterator

import orjson
from starlette.types import Receive, Scope, Send

from api.subscriptions.topics import Topic
from api.subscriptions.transport import MAX_OPERATIONS, TRANSPORT

KEEP_ALIVE_INTERVAL = 15.0  # seconds without an event after which a comment is sent
WRITE_TIMEOUT = 30.0  # seconds after which a client that does not read is cut off
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # no buffering by proxies, which would delay events
]
COMMENT = b":\n\n"


class SseOperation:
    """One operation on a stream. Its events carry its id, if it has one, as single connection mode demands."""

    def __init__(self, stream: "EventStream", operation_id: str | None, token: str | None, address: str) -> None:
        self._stream = stream
        self._id = operation_id
        self.token = token
        self.address = address
        self.topic: Topic | None = None
        self.closed = False

    def update(self, payload: bytes, changes: bytes | None = None) -> None:
        """Queue what has changed of a result, or all of it in place of the one that has not been sent yet."""
        if not self.closed:
            is_whole = changes is None or self in self._stream.pending
            self._stream.pending[self] = self._event(b"next", payload if is_whole else changes)
            self._stream.wake()

    def respond(self, payload: bytes) -> None:
        """Queue the only result, and complete the operation."""
        if not self.closed:
            self._stream.complete(self, self._event(b"next", payload) + self._event(b"complete", None))

    def conclude(self, payload: bytes) -> None:
        """Queue the last result in place of one that has not been sent yet, and complete the operation."""
        self._stream.pending.pop(self, None)
        self.respond(payload)

    def fail(self, errors: bytes) -> None:
        """Complete the operation with errors, as a result without data: graphql-sse has no error event."""
        self.respond(b'{"errors":%b}' % errors)

    def revoke(self) -> None:
        """Complete the operation, since its session has ended."""
        if not self.closed:
            self._stream.complete(self, self._event(b"complete", None))

    def close(self) -> None:
        """Drop what is queued, and leave the topic."""
        self.closed = True
        self._stream.pending.pop(self, None)
        if self.topic is not None:
            self.topic.leave(self)

    def _event(self, kind: bytes, payload: bytes | None) -> bytes:
        """Format an event. The payload is JSON without line breaks, or None."""
        data = payload or b""
        if self._id is not None:
            rest = b"" if payload is None else b',"payload":%b' % payload
            data = b'{"id":%b%b}' % (orjson.dumps(self._id), rest)
        return b"event: %b\ndata: %b\n\n" % (kind, data)


class EventStream:
    """The event stream of one client.

    token: the reservation token; None in distinct connections mode, where the stream ends with its only operation.
    rate_limit_address: the address that the reservation counts against.
    """

    def __init__(self, token: str | None = None, rate_limit_address: str = "") -> None:
        self.token = token
        self.rate_limit_address = rate_limit_address
        self._final_events: list[bytes] = []
        self._woken = asyncio.Event()
        self._ended = False
        self.operations: dict[str | None, SseOperation] = {}
        self.pending: dict[SseOperation, bytes] = {}

    @property
    def is_full(self) -> bool:
        """Tell whether active operations, and completed ones whose last events are unsent, leave no room for another."""
        return len(self.operations) + len(self._final_events) >= MAX_OPERATIONS

    def add(self, operation_id: str | None, token: str | None, address: str) -> SseOperation:
        """Add an operation under an id that no other active one has."""
        self.operations[operation_id] = SseOperation(self, operation_id, token, address)
        return self.operations[operation_id]

    def cancel(self, operation_id: str | None) -> None:
        """End an operation without any further event, if it is active."""
        operation = self.operations.pop(operation_id, None)
        if operation is not None:
            operation.close()

    def complete(self, operation: SseOperation, final_events: bytes) -> None:
        """End an operation with these events."""
        self._final_events.append(self.pending.pop(operation, b"") + final_events)
        for operation_id in [operation_id for operation_id, running in self.operations.items() if running is operation]:
            self.cancel(operation_id)
        self._ended = self._ended or self.token is None
        self.wake()

    def close(self) -> None:
        """End the stream and all its operations."""
        self._ended = True
        for operation_id in list(self.operations):
            self.cancel(operation_id)
        self.wake()

    def wake(self) -> None:
        """Let the stream send what is queued."""
        self._woken.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the stream ends or the client disconnects."""
        disconnection = asyncio.create_task(self._close_on_disconnect(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            async for text in self._events():
                async with asyncio.timeout(WRITE_TIMEOUT):
                    await send({"type": "http.response.body", "body": text, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            scope["extensions"][TRANSPORT].abort()
        except OSError:  # the client has disconnected
            pass
        finally:
            disconnection.cancel()
            self.close()

    async def _close_on_disconnect(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.close()

    async def _events(self) -> AsyncIterator[bytes]:
        yield COMMENT
        while not self._ended or self._final_events:
            try:
                async with asyncio.timeout(KEEP_ALIVE_INTERVAL):
                    await self._woken.wait()
            except TimeoutError:
                yield COMMENT
                continue
            self._woken.clear()
            events = [*self._final_events, *self.pending.values()]
            self._final_events.clear()
            self.pending.clear()
            if events:
                yield b"".join(events)
