"""What long-lived connections need beyond ASGI: open WebSockets without tasks, and to cut off who has stopped reading."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text

MAX_OPERATIONS = 32  # of one socket or stream at a time
RETRY_AFTER = 1  # seconds after which one of them may have ended
TRANSPORT = "pingxuan.transport"  # the extension of an ASGI scope in which the server passes the connection


class SocketTransport(Protocol):
    """An open WebSocket. No method waits for the client. blocked: whether it does not read, so that frames pile up."""

    blocked: bool

    def write(self, frames: bytes) -> None:
        """Send frames as they stand."""
        ...

    def set_reading(self, wanted: bool) -> None:
        """Receive, or nothing until told to go on."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close the socket with a code and a reason."""
        ...

    def abort(self) -> None:
        """Drop the connection at once, with what has not been sent."""
        ...


class SocketHandler(Protocol):
    """What is told of an open WebSocket."""

    def on_message(self, text: str | None) -> None:
        """The client has sent a text; None stands for a binary message."""
        ...

    def on_resume_writing(self) -> None:
        """The client reads again."""
        ...

    def on_close(self) -> None:
        """The socket is closed, by whichever side, and takes nothing more."""
        ...


class OpeningSocket(Protocol):
    """A WebSocket whose handshake is accepted: the extension TRANSPORT in the scope of a WebSocket."""

    def hand_over(self, make_handler: Callable[[SocketTransport], SocketHandler]) -> None:
        """Have a handler called from now on. The ASGI application then returns, and the socket stays open."""
        ...


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for a WebSocket client, in seconds."""

    connection_init: float = 5.0  # for connection_init, from the opening of the socket
    ping: float = 20.0  # without a message from the client, before it is sent a ping
    pong: float = 20.0  # for any message after the ping
    write: float = 30.0  # while the client reads nothing


def too_many_operations(code: ErrorCode) -> ApiError:
    """The error of one operation more than a socket or a stream takes at a time."""
    return ApiError(
        code,
        Text(
            "一个连接最多同时进行{max_operations}个操作，请先结束其中一个。",
            "A socket or stream takes {max_operations} operations at a time. Complete one first.",
            max_operations=MAX_OPERATIONS,
        ),
        limit="operations",
        most=MAX_OPERATIONS,
        retryAfter=RETRY_AFTER,
    )
