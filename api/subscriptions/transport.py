"""What long-lived connections need beyond ASGI: to see that a client has stopped reading, and to cut it off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text

MAX_OPERATIONS = 32  # of one socket or stream at a time
RETRY_AFTER = 1  # seconds after which one of them may have ended
TRANSPORT = "pingxuan.transport"  # the extension of an ASGI scope in which the server passes the connection


class Transport(Protocol):
    """A connection whose flow control can be seen."""

    blocked: bool  # the client does not read, so that send() would wait
    on_resume_writing: Callable[[], None] | None  # called when the client reads again

    def abort(self) -> None:
        """Close the connection at once and drop what has not been sent."""
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
            f"一个连接最多同时进行{MAX_OPERATIONS}个操作，请先结束其中一个。",
            f"A socket or stream takes {MAX_OPERATIONS} operations at a time. Complete one first.",
        ),
        limit="operations",
        most=MAX_OPERATIONS,
        retryAfter=RETRY_AFTER,
    )
