"""One operation of a WebSocket, as the subscription manager sees it: what it sends, and when it sends nothing any more."""

from collections.abc import Callable
from typing import Protocol

from api.subscriptions.topics import Topic
from api.subscriptions.websocket.frames import error_frame, final_frames, next_frame


class OperationSocket(Protocol):
    """The socket of an operation. pending: by operation, the newest payload that waits for the client to read."""

    token: str | None
    address: str
    pending: "dict[WebSocketOperation, bytes]"

    @property
    def blocked(self) -> bool:
        """Tell whether the client does not read."""
        ...

    def write(self, frames: bytes) -> None:
        """Send frames."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close the socket with a code and a reason."""
        ...

    def remove(self, operation_id: str) -> None:
        """Remove an operation that has ended."""
        ...


class WebSocketOperation:
    """One operation of a socket, as the subscription manager sees it. Only that of a subscription has a topic."""

    __slots__ = ("_final", "_id", "_socket", "address", "closed", "token", "topic")

    def __init__(self, socket: OperationSocket, operation_id: str) -> None:
        self._socket = socket
        self._id = operation_id
        self.token = socket.token
        self.address = socket.address
        self.topic: Topic | None = None
        self.closed = False
        self._final: Callable[[str, bytes], bytes] | None = None  # makes the last frames of the payload that waits

    def update(self, payload: bytes, changes: bytes | None = None) -> None:
        """Send what has changed of a result, or while the client does not read keep all of it in place of the one before."""
        if self.closed or self._final is not None:
            return
        if self._socket.blocked:
            self._socket.pending[self] = payload
        else:
            self._socket.write(next_frame(self._id, payload if changes is None else changes))

    def conclude(self, payload: bytes) -> None:
        """Send the last result and complete the operation, or do so once the client reads again."""
        self._end(final_frames, payload)

    respond = conclude  # what waits is the only result

    def fail(self, errors: bytes) -> None:
        """End the operation with errors, a JSON list, or do so once the client reads again."""
        self._end(error_frame, errors)

    def send(self, payload: bytes) -> None:
        """Send what has waited for the client to read."""
        if self._final is None:
            self._socket.write(next_frame(self._id, payload))
        else:
            self._socket.remove(self._id)
            self._socket.write(self._final(self._id, payload))

    def revoke(self) -> None:
        """Close the whole socket, since all its operations have the session that has ended."""
        self._socket.close(4403, "Forbidden: the session has ended")

    def _end(self, final: Callable[[str, bytes], bytes], payload: bytes) -> None:
        if self.closed or self._final is not None:
            return
        self._final = final
        if self._socket.blocked:
            self._socket.pending[self] = payload
        else:
            self.send(payload)
