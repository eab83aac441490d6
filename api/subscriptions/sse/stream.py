"""One event stream: what waits to be sent on it, the newest of each operation, and how it is written as server-sent events."""

import asyncio
from collections.abc import AsyncIterator

import orjson
from starlette.types import Receive, Scope, Send

from api.subscriptions.topics import Topic
from api.subscriptions.transport import TRANSPORT

KEEP_ALIVE_INTERVAL = 15.0  # seconds without an event after which a comment says that the stream lives
MAX_OPERATIONS = 32  # under way on one stream
READ_TIMEOUT = 30.0  # seconds before a client that does not read is cut
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # proxies that would wait for more pass each event on
]
COMMENT = b":\n\n"


class SseOperation:
    """One operation on a stream, in its own words when it is alone there and under its id when it is not."""

    def __init__(self, stream: "EventStream", name: str | None, token: str | None, address: str) -> None:
        self._stream = stream
        self._name = name
        self.token = token
        self.address = address
        self.topic: Topic | None = None
        self.gone = False

    async def update(self, payload: str) -> None:
        """Take the place of what was not sent yet."""
        if not self.gone:
            self._stream.waiting[self] = self._event("next", payload)
            self._stream.wake()

    async def answer(self, payload: str) -> None:
        """Its only result, and its end."""
        if not self.gone:
            self._stream.end(self, self._event("next", payload) + self._event("complete", None))

    async def fail(self, errors: str) -> None:
        """A stream knows no errors but those of a result."""
        await self.answer(f'{{"errors":{errors}}}')

    async def revoke(self) -> None:
        """The session has ended, so the operation does."""
        if not self.gone:
            self._stream.end(self, self._event("complete", None))

    def forget(self) -> None:
        """Nobody listens any more."""
        self.gone = True
        self._stream.waiting.pop(self, None)
        if self.topic is not None:
            self.topic.leave(self)

    def _event(self, kind: str, payload: str | None) -> str:
        """One event. The JSON in it has no line breaks."""
        data = payload or ""
        if self._name is not None:
            rest = "" if payload is None else f',"payload":{payload}'
            data = f'{{"id":{orjson.dumps(self._name).decode()}{rest}}}'
        return f"event: {kind}\ndata: {data}\n\n"


class EventStream:
    """The operations of one client.

    token: under which it was reserved, and for which household; None: it is that of a single operation and ends with it.
    """

    def __init__(self, token: str | None = None, rate_limit_address: str = "") -> None:
        self.token = token
        self.rate_limit_address = rate_limit_address
        self._endings: list[str] = []
        self._stirred = asyncio.Event()
        self._over = False
        self.operations: dict[str | None, SseOperation] = {}
        self.waiting: dict[SseOperation, str] = {}

    @property
    def crowded(self) -> bool:
        """Whether so many operations are under way, or have ended without being read, that no further one may begin."""
        return len(self.operations) + len(self._endings) >= MAX_OPERATIONS

    def add(self, name: str | None, token: str | None, address: str) -> SseOperation:
        """An operation under a name that no other has, asked for from an address."""
        self.operations[name] = SseOperation(self, name, token, address)
        return self.operations[name]

    def drop(self, name: str | None) -> None:
        """The client wants no more of this one."""
        operation = self.operations.pop(name, None)
        if operation is not None:
            operation.forget()

    def end(self, operation: SseOperation, last: str) -> None:
        """Send these last events of an operation."""
        self._endings.append(self.waiting.pop(operation, "") + last)
        for name in [name for name, known in self.operations.items() if known is operation]:
            self.drop(name)
        self._over = self._over or self.token is None
        self.wake()

    def close(self) -> None:
        """Send nothing any more."""
        self._over = True
        for name in list(self.operations):
            self.drop(name)
        self.wake()

    def wake(self) -> None:
        """There is something to be sent."""
        self._stirred.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is as long as the client is there."""
        leaving = asyncio.create_task(self._leave_with(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            async for text in self._events():
                async with asyncio.timeout(READ_TIMEOUT):
                    await send({"type": "http.response.body", "body": text, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            scope["extensions"][TRANSPORT].abort()
        except OSError:  # the client has gone
            pass
        finally:
            leaving.cancel()
            self.close()

    async def _leave_with(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.close()

    async def _events(self) -> AsyncIterator[bytes]:
        yield COMMENT
        while not self._over or self._endings:
            try:
                async with asyncio.timeout(KEEP_ALIVE_INTERVAL):
                    await self._stirred.wait()
            except TimeoutError:
                yield COMMENT
                continue
            self._stirred.clear()
            written = [*self._endings, *self.waiting.values()]
            self._endings.clear()
            self.waiting.clear()
            if written:
                yield "".join(written).encode()
