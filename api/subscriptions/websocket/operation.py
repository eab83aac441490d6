"""One operation of a WebSocket, as the subscription manager sees it: what it sends, and when it sends nothing any more."""

from typing import Protocol

from api.subscriptions.topics import Topic
from api.subscriptions.websocket.protocol import complete_message, error_message, next_message


class OperationSocket(Protocol):
    """The socket of an operation. pending: by operation, the newest result that waits for the client to read."""

    token: str | None
    address: str
    pending: "dict[WebSocketOperation, str]"

    @property
    def blocked(self) -> bool:
        """Tell whether sending would have to wait for the client."""
        ...

    async def send(self, text: str) -> None:
        """Send a message; waits while the client does not read."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Close the socket with a code and a reason."""
        ...

    def remove(self, operation_id: str) -> None:
        """Remove an operation that has ended."""
        ...


class WebSocketOperation:
    """One operation of a socket, as the subscription manager sees it. Only that of a subscription has a topic."""

    __slots__ = ("_id", "_socket", "address", "closed", "token", "topic")

    def __init__(self, socket: OperationSocket, operation_id: str) -> None:
        self._socket = socket
        self._id = operation_id
        self.token = socket.token
        self.address = socket.address
        self.topic: Topic | None = None
        self.closed = False

    async def update(self, payload: str) -> None:
        """Send a result, or while the client does not read keep it in place of the one before."""
        if self.closed:
            return
        if self._socket.blocked:
            self._socket.pending[self] = payload
        else:
            await self._socket.send(next_message(self._id, payload))

    async def send(self, payload: str) -> None:
        """Send a result that was pending."""
        if not self.closed:
            await self._socket.send(next_message(self._id, payload))

    async def fail(self, errors: str) -> None:
        """End the operation with errors, a JSON list."""
        if not self.closed:
            self._socket.remove(self._id)
            await self._socket.send(error_message(self._id, errors))

    async def respond(self, payload: str) -> None:
        """Send the only result, and complete the operation."""
        if not self.closed:
            self._socket.remove(self._id)
            await self._socket.send(next_message(self._id, payload))
            await self._socket.send(complete_message(self._id))

    async def revoke(self) -> None:
        """Close the whole socket, since all its operations have the session that has ended."""
        await self._socket.close(4403, "Forbidden: the session has ended")
