"""One WebSocket: take messages, execute operations, and send results as fast as the client reads them."""

import asyncio
from collections.abc import Coroutine
from typing import Any, NamedTuple

import orjson

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Language
from api.http import responses
from api.http.negotiation import negotiate_language
from api.http.request import REQUEST, Request
from api.limits import Limits
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.transport import MAX_OPERATIONS, SocketTransport, Timeouts, too_many_operations
from api.subscriptions.websocket.frames import CONNECTION_ACK, PING, PONG
from api.subscriptions.websocket.operation import WebSocketOperation
from api.subscriptions.websocket.protocol import (
    ClientMessage,
    Complete,
    ConnectionInit,
    GraphQLWsProtocol,
    Ping,
    ProtocolError,
    Subscribe,
)


class Handshake(NamedTuple):
    """What the opening request says of the client; address is the one that rate limits count."""

    language: Language
    token: str | None
    address: str = ""
    request_id: str = ""


class OpenSockets:
    """The open sockets of a process, and the tasks that they began: one that may cast a ballot outlives its socket."""

    def __init__(self) -> None:
        self.sockets: set[WebSocketConnection] = set()
        self.tasks: set[asyncio.Task[None]] = set()


class WebSocketConnection:
    """One socket, a SocketHandler. No task waits for it: thousands are open, and nearly all only receive results.

    pending: by operation, the newest payload that waits for the client to read.
    """

    __slots__ = (
        "_backlog",
        "_blocked_since",
        "_finishing",
        "_language",
        "_manager",
        "_opened",
        "_opened_at",
        "_operations",
        "_pinged",
        "_protocol",
        "_received_at",
        "_request_id",
        "_running",
        "_transport",
        "address",
        "closed",
        "pending",
        "token",
    )

    def __init__(
        self,
        transport: SocketTransport,
        manager: SubscriptionManager,
        handshake: Handshake,
        limits: Limits,
        opened: "OpenSockets",
    ) -> None:
        self._transport = transport
        self._manager = manager
        self._language = handshake.language
        self._operations: dict[str, WebSocketOperation] = {}
        self._running: list[asyncio.Task[None]] = []  # the operations of this socket
        self._protocol = GraphQLWsProtocol(self._operations, limits)
        self.token = handshake.token
        self.address = handshake.address
        self.pending: dict[WebSocketOperation, bytes] = {}
        self.closed = False
        self._backlog: list[str | None] | None = None  # messages received while connection_init is being answered
        self._finishing = False
        self._pinged = False
        self._opened_at = self._received_at = asyncio.get_running_loop().time()
        self._blocked_since: float | None = None
        self._request_id = handshake.request_id
        self._opened = opened
        opened.sockets.add(self)

    @property
    def blocked(self) -> bool:
        """Tell whether the client does not read."""
        return self._transport.blocked

    def on_message(self, text: str | None) -> None:
        """Take a message of the client; None stands for a binary one."""
        if self.closed:
            return
        if self._backlog is not None:
            self._backlog.append(text)
            return
        self._received_at, self._pinged = asyncio.get_running_loop().time(), False
        try:
            self._protocol.count_message(self._received_at)
            self._handle(self._protocol.parse(text))
        except ProtocolError as error:
            self.close(error.code, error.reason)

    def on_resume_writing(self) -> None:
        """Send what has waited, as far as the client reads."""
        self._blocked_since = None
        while self.pending and not self.closed and not self.blocked:
            operation, payload = self.pending.popitem()
            operation.send(payload)

    def on_close(self) -> None:
        """End all operations; those in execution, which may cast ballots, go on."""
        self.closed = True
        self._opened.sockets.discard(self)
        for operation_id in list(self._operations):
            self.remove(operation_id)

    def write(self, frames: bytes) -> None:
        """Send frames."""
        if not self.closed:
            self._transport.write(frames)

    def close(self, code: int, reason: str) -> None:
        """Close the socket with a code and a reason, or cut it off when the client would not read them."""
        if self.closed:
            return
        self.on_close()
        if self.blocked:
            self._transport.abort()
        else:
            self._transport.close(code, reason)

    async def finish(self) -> None:
        """Take no further operation, answer those that are being executed, and close the socket, as the server stops."""
        self._finishing = True
        if not self.blocked:
            await asyncio.gather(*self._running, return_exceptions=True)
        self.close(1012, "The server stops")

    def check_timeouts(self, now: float, timeouts: Timeouts) -> None:
        """Close the socket when a timeout has passed, and send a ping when the client has been silent."""
        silent = now - self._received_at
        if self._transport.blocked:
            self._blocked_since = self._blocked_since or now
            if now - self._blocked_since > timeouts.write:
                self.close(4408, "Nothing is read")
        elif not self._protocol.initialised and now - self._opened_at > timeouts.connection_init:
            self.close(4408, "Connection initialisation timeout")
        elif silent > timeouts.ping + timeouts.pong:
            self.close(4408, "No answer to a ping")
        elif silent > timeouts.ping and not self._pinged:
            self._pinged = True
            self.write(PING)

    def remove(self, operation_id: str) -> None:
        """Remove an operation that has ended, if it is active, and send nothing of it any more."""
        operation = self._operations.pop(operation_id, None)
        if operation is not None:
            operation.closed = True
            self.pending.pop(operation, None)
            if operation.topic is not None:
                operation.topic.leave(operation)

    def _handle(self, message: ClientMessage) -> None:
        match message:
            case ConnectionInit(token, languages):
                self._language = negotiate_language(languages) if languages else self._language
                self.token = self.token if token is None else token
                self._backlog = []
                self._transport.set_reading(False)
                self._start(self._acknowledge())
            case Ping():
                self.write(PONG)
            case Subscribe(operation_id, _) if not self._finishing:
                self._subscribe(operation_id, message)
            case Complete(operation_id):
                self.remove(operation_id)

    async def _acknowledge(self) -> None:
        """Answer connection_init, and then take the messages that have come meanwhile."""
        self._enter_request()
        refusal = await self._refusal()
        if refusal is None:
            self.write(CONNECTION_ACK)
        else:
            self.close(refusal.code, refusal.reason)
        backlog, self._backlog = self._backlog or (), None
        for text in backlog:
            self.on_message(text)
        self._transport.set_reading(True)

    async def _refusal(self) -> ProtocolError | None:
        """Why this client is not admitted, if it is not."""
        try:
            await self._manager.admit(self.token)
        except ApiError as error:
            return ProtocolError(4403, f"Forbidden: {error.message.en}")
        except Exception as error:
            responses.mask_error(error, self._language)  # which logs it
            return ProtocolError(4500, "Internal server error")
        return None

    def _subscribe(self, operation_id: str, subscribe: Subscribe) -> None:
        operation = WebSocketOperation(self, operation_id)
        # Operations that the client has completed but that still run, and unread results, count as well.
        is_full = max(len(self._operations), len(self._running)) >= MAX_OPERATIONS
        self._operations[operation_id] = operation
        if is_full:
            error = too_many_operations(ErrorCode.OVERLOADED)
            operation.fail(orjson.dumps([responses.error_dict(error, self._language)]))
            return
        task = self._start(self._execute(operation, subscribe))
        self._running.append(task)
        task.add_done_callback(self._running.remove)

    async def _execute(self, operation: WebSocketOperation, subscribe: Subscribe) -> None:
        self._enter_request()
        topic = await self._manager.execute(subscribe.params, self._language, operation)
        operation.topic = topic
        if topic is not None and operation.closed:
            topic.leave(operation)

    def _enter_request(self) -> None:
        """Let what this task logs have the request id of the handshake, of which nothing else is kept."""
        request = Request("GET", "/graphql", [], self.address)
        request.request_id = self._request_id
        REQUEST.set(request)

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(coroutine)
        self._opened.tasks.add(task)
        task.add_done_callback(self._opened.tasks.discard)
        return task
