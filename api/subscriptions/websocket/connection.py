"""One WebSocket: frames in, operations begun, and what they say written as fast as its client reads it."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, NamedTuple

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Language, Text
from api.http import responses
from api.http.negotiation import negotiate_language
from api.limits import Limits
from api.subscriptions.manager import SubscriptionManager, written
from api.subscriptions.topics import Topic
from api.subscriptions.transport import Timeouts, Transport
from api.subscriptions.websocket.protocol import (
    ACKNOWLEDGED,
    PING,
    PONG,
    ClientMessage,
    Complete,
    ConnectionInit,
    GraphQLWsProtocol,
    Ping,
    ProtocolError,
    Subscribe,
    complete_of,
    error_of,
    next_of,
)

MAX_OPERATIONS = 32  # under way on one socket

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Handshake(NamedTuple):
    """What a client said by opening the socket, and the address that its requests are counted under."""

    language: Language
    token: str | None
    address: str = ""


class WebSocketOperation:
    """One operation of a socket; a subscription's has a topic. It is the listener that watching tells."""

    __slots__ = ("_name", "_socket", "address", "gone", "token", "topic")

    def __init__(self, socket: "WebSocketConnection", name: str) -> None:
        self._socket = socket
        self._name = name
        self.token = socket.token
        self.address = socket.address
        self.topic: Topic | None = None
        self.gone = False

    async def update(self, payload: str) -> None:
        """Send it, or keep it in place of the one before until the client reads."""
        if self.gone:
            return
        if self._socket.blocked:
            self._socket.kept[self] = payload
        else:
            await self._socket.send(next_of(self._name, payload))

    async def send(self, payload: str) -> None:
        """Send what was kept."""
        if not self.gone:
            await self._socket.send(next_of(self._name, payload))

    async def fail(self, errors: str) -> None:
        """End it, for these errors."""
        if not self.gone:
            self._socket.forget(self._name)
            await self._socket.send(error_of(self._name, errors))

    async def answer(self, payload: str) -> None:
        """Send its only result, and end it."""
        if not self.gone:
            self._socket.forget(self._name)
            await self._socket.send(next_of(self._name, payload))
            await self._socket.send(complete_of(self._name))

    async def revoke(self) -> None:
        """The session has ended, and the socket with it."""
        await self._socket.close(4403, "Forbidden: the session has ended")


class WebSocketConnection:
    """One connection."""

    __slots__ = (
        "_blocked_since",
        "_board",
        "_conversation",
        "_heard_at",
        "_language",
        "_opened_at",
        "_operations",
        "_pinged",
        "_running",
        "_send",
        "_wire",
        "address",
        "closed",
        "kept",
        "token",
    )

    def __init__(
        self, wire: Transport, send: Send, board: SubscriptionManager, handshake: Handshake, limits: Limits
    ) -> None:
        self._wire = wire
        self._send = send
        self._board = board
        self._language = handshake.language
        self._operations: dict[str, WebSocketOperation] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._conversation = GraphQLWsProtocol(self._operations, limits)
        self.token = handshake.token
        self.address = handshake.address
        self.kept: dict[WebSocketOperation, str] = {}
        self.closed = False
        self._pinged = False
        self._opened_at = self._heard_at = asyncio.get_running_loop().time()
        self._blocked_since: float | None = None
        wire.released = self._released

    @property
    def blocked(self) -> bool:
        """Whether what is sent now would have to wait for the client."""
        return self._wire.blocked

    async def run(self, receive: Receive) -> None:
        """Until either side closes; then whatever has begun is brought to its end, since it may be a ballot."""
        try:
            while not self.closed and (frame := await receive())["type"] == "websocket.receive":
                self._heard_at, self._pinged = asyncio.get_running_loop().time(), False
                self._conversation.count(self._heard_at)
                await self._answer(self._conversation.hear(frame.get("text")))
        except ProtocolError as breach:
            await self.close(breach.code, breach.reason)
        finally:
            self.closed = True
            for name in list(self._operations):
                self.forget(name)
            await asyncio.gather(*self._running, return_exceptions=True)

    async def send(self, text: str) -> None:
        """One message; waits while the client does not read."""
        if not self.closed:
            try:
                await self._send({"type": "websocket.send", "text": text})
            except OSError:  # so the server says that the client has gone
                self.closed = True

    async def close(self, code: int, reason: str) -> None:
        """End it in the protocol's words, or cut it when nobody is reading them."""
        if self.closed:
            return
        self.closed = True
        if self.blocked:
            self._wire.abort()
        else:
            with suppress(OSError):  # it has closed first
                await self._send({"type": "websocket.close", "code": code, "reason": reason})

    async def check(self, now: float, patience: Timeouts) -> None:
        """End it when its client has kept us waiting for too long; ask a silent one whether it is there."""
        silent = now - self._heard_at
        if self.blocked:
            self._blocked_since = self._blocked_since or now
            if now - self._blocked_since > patience.reading:
                await self.close(4408, "Nothing is read")
        elif not self._conversation.greeted and now - self._opened_at > patience.greeting:
            await self.close(4408, "Connection initialisation timeout")
        elif silent > patience.silence + patience.answer:
            await self.close(4408, "No answer to a ping")
        elif silent > patience.silence and not self._pinged:
            self._pinged = True
            await self.send(PING)

    def forget(self, name: str) -> None:
        """An operation is over; what it is still told is not passed on."""
        operation = self._operations.pop(name, None)
        if operation is not None:
            operation.gone = True
            self.kept.pop(operation, None)
            if operation.topic is not None:
                operation.topic.leave(operation)

    async def _answer(self, heard: ClientMessage) -> None:
        match heard:
            case ConnectionInit(token, languages):
                self._language = negotiate_language(languages) if languages else self._language
                await self._welcome(token)
            case Ping():
                await self.send(PONG)
            case Subscribe(name, _):
                self._begin(name, heard)
            case Complete(name):
                self.forget(name)

    async def _welcome(self, token: str | None) -> None:
        self.token = self.token if token is None else token
        try:
            await self._board.admit(self.token)
        except ApiError as fault:
            raise ProtocolError(4403, f"Forbidden: {fault.message.en}") from None
        except Exception as error:
            responses.mask_error(error, self._language)  # which logs it
            raise ProtocolError(4500, "Internal server error") from None
        await self.send(ACKNOWLEDGED)

    def _begin(self, name: str, begin: Subscribe) -> None:
        operation = WebSocketOperation(self, name)
        # What was given up on but still goes on, and answers that the client has not read, take room as well.
        crowded = max(len(self._operations), len(self._running)) >= MAX_OPERATIONS
        self._operations[name] = operation
        task = asyncio.create_task(self._refuse(operation) if crowded else self._operate(operation, begin))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _operate(self, operation: WebSocketOperation, begin: Subscribe) -> None:
        topic = await self._board.begin(begin.asked, self._language, operation)
        operation.topic = topic
        if topic is not None and operation.gone:
            topic.leave(operation)

    async def _refuse(self, operation: WebSocketOperation) -> None:
        message = Text(
            f"一个连接最多同时进行{MAX_OPERATIONS}个操作。",
            f"A socket takes {MAX_OPERATIONS} operations at a time; complete one first.",
        )
        await operation.fail(written([responses.error_dict(ApiError(ErrorCode.OVERLOADED, message), self._language)]))

    def _released(self) -> None:
        self._blocked_since = None
        if self.kept:
            task = asyncio.create_task(self._send_kept())
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _send_kept(self) -> None:
        while self.kept and not self.closed:
            operation, payload = self.kept.popitem()
            await operation.send(payload)
