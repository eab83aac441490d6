"""One WebSocket: receive messages, execute operations, and send results as fast as the client reads them."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, NamedTuple

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Language
from api.http import responses
from api.http.negotiation import negotiate_language
from api.limits import Limits
from api.subscriptions.manager import SubscriptionManager, to_json
from api.subscriptions.transport import MAX_OPERATIONS, Timeouts, Transport, too_many_operations
from api.subscriptions.websocket.operation import WebSocketOperation
from api.subscriptions.websocket.protocol import (
    CONNECTION_ACK,
    PING,
    PONG,
    ClientMessage,
    Complete,
    ConnectionInit,
    GraphQLWsProtocol,
    Ping,
    ProtocolError,
    Subscribe,
)

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Handshake(NamedTuple):
    """What the opening request says of the client; address is the one that rate limits count."""

    language: Language
    token: str | None
    address: str = ""


class WebSocketConnection:
    """One socket. pending: by operation, the newest result that waits for the client to read."""

    __slots__ = (
        "_blocked_since",
        "_finishing",
        "_language",
        "_manager",
        "_opened_at",
        "_operations",
        "_pinged",
        "_protocol",
        "_received_at",
        "_running",
        "_send",
        "_transport",
        "address",
        "closed",
        "pending",
        "token",
    )

    def __init__(
        self, transport: Transport, send: Send, manager: SubscriptionManager, handshake: Handshake, limits: Limits
    ) -> None:
        self._transport = transport
        self._send = send
        self._manager = manager
        self._language = handshake.language
        self._operations: dict[str, WebSocketOperation] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._protocol = GraphQLWsProtocol(self._operations, limits)
        self.token = handshake.token
        self.address = handshake.address
        self.pending: dict[WebSocketOperation, str] = {}
        self.closed = False
        self._finishing = False
        self._pinged = False
        self._opened_at = self._received_at = asyncio.get_running_loop().time()
        self._blocked_since: float | None = None
        transport.on_resume_writing = self._on_resume_writing

    @property
    def blocked(self) -> bool:
        """Tell whether sending would have to wait for the client."""
        return self._transport.blocked

    async def run(self, receive: Receive) -> None:
        """Serve the socket until either side closes it; then wait for operations in execution, which may cast ballots."""
        try:
            while not self.closed and (frame := await receive())["type"] == "websocket.receive":
                self._received_at, self._pinged = asyncio.get_running_loop().time(), False
                self._protocol.count_message(self._received_at)
                await self._handle(self._protocol.parse(frame.get("text")))
        except ProtocolError as error:
            await self.close(error.code, error.reason)
        finally:
            self.closed = True
            for operation_id in list(self._operations):
                self.remove(operation_id)
            await asyncio.gather(*self._running, return_exceptions=True)

    async def send(self, text: str) -> None:
        """Send a message; waits while the client does not read."""
        if not self.closed:
            try:
                await self._send({"type": "websocket.send", "text": text})
            except OSError:  # how the server reports that the client has disconnected
                self.closed = True

    async def close(self, code: int, reason: str) -> None:
        """Close the socket with a code and a reason, or cut it off when the client would not read them."""
        if self.closed:
            return
        self.closed = True
        if self.blocked:
            self._transport.abort()
        else:
            with suppress(OSError):  # the client has closed it already
                await self._send({"type": "websocket.close", "code": code, "reason": reason})

    async def finish(self) -> None:
        """Take no further operation, answer those that are being executed, and close the socket, as the server stops."""
        self._finishing = True
        if not self.blocked:
            await asyncio.gather(*self._running, return_exceptions=True)
        await self.close(1012, "The server stops")

    async def check_timeouts(self, now: float, timeouts: Timeouts) -> None:
        """Close the socket when a timeout has passed, and send a ping when the client has been silent."""
        silent = now - self._received_at
        if self.blocked:
            self._blocked_since = self._blocked_since or now
            if now - self._blocked_since > timeouts.write:
                await self.close(4408, "Nothing is read")
        elif not self._protocol.initialised and now - self._opened_at > timeouts.connection_init:
            await self.close(4408, "Connection initialisation timeout")
        elif silent > timeouts.ping + timeouts.pong:
            await self.close(4408, "No answer to a ping")
        elif silent > timeouts.ping and not self._pinged:
            self._pinged = True
            await self.send(PING)

    def remove(self, operation_id: str) -> None:
        """Remove an operation that has ended, if it is active, and send nothing of it any more."""
        operation = self._operations.pop(operation_id, None)
        if operation is not None:
            operation.closed = True
            self.pending.pop(operation, None)
            if operation.topic is not None:
                operation.topic.leave(operation)

    async def _handle(self, message: ClientMessage) -> None:
        match message:
            case ConnectionInit(token, languages):
                self._language = negotiate_language(languages) if languages else self._language
                await self._acknowledge(token)
            case Ping():
                await self.send(PONG)
            case Subscribe(operation_id, _) if not self._finishing:
                self._subscribe(operation_id, message)
            case Complete(operation_id):
                self.remove(operation_id)

    async def _acknowledge(self, token: str | None) -> None:
        self.token = self.token if token is None else token
        try:
            await self._manager.admit(self.token)
        except ApiError as error:
            raise ProtocolError(4403, f"Forbidden: {error.message.en}") from None
        except Exception as error:
            responses.mask_error(error, self._language)  # which logs it
            raise ProtocolError(4500, "Internal server error") from None
        await self.send(CONNECTION_ACK)

    def _subscribe(self, operation_id: str, subscribe: Subscribe) -> None:
        operation = WebSocketOperation(self, operation_id)
        # Operations that the client has completed but that still run, and unread results, count as well.
        is_full = max(len(self._operations), len(self._running)) >= MAX_OPERATIONS
        self._operations[operation_id] = operation
        task = asyncio.create_task(self._reject(operation) if is_full else self._execute(operation, subscribe))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _execute(self, operation: WebSocketOperation, subscribe: Subscribe) -> None:
        topic = await self._manager.execute(subscribe.params, self._language, operation)
        operation.topic = topic
        if topic is not None and operation.closed:
            topic.leave(operation)

    async def _reject(self, operation: WebSocketOperation) -> None:
        error = too_many_operations(ErrorCode.OVERLOADED)
        await operation.fail(to_json([responses.error_dict(error, self._language)]))

    def _on_resume_writing(self) -> None:
        self._blocked_since = None
        if self.pending:
            task = asyncio.create_task(self._send_pending())
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _send_pending(self) -> None:
        while self.pending and not self.closed:
            operation, payload = self.pending.popitem()
            await operation.send(payload)
