"""What long-lived answers need of a connection and ASGI does not give: to see a client that has stopped reading, to cut it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

TRANSPORT = "pingxuan.wire"  # the extension of an ASGI scope under which the server hands over the connection


class Transport(Protocol):
    """What a socket has to know of its connection, and ASGI does not tell."""

    blocked: bool  # the client does not read: whoever sends now waits
    released: Callable[[], None] | None  # called when it reads again

    def abort(self) -> None:
        """Cut the connection, whatever has not been sent."""
        ...


@dataclass(frozen=True, slots=True)
class Timeouts:
    """For how many seconds a client may keep us waiting."""

    greeting: float = 5.0  # for its connection_init
    silence: float = 20.0  # before it is asked whether it is there
    answer: float = 20.0  # for anything at all after that
    reading: float = 30.0  # before it reads anything
