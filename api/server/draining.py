"""What a server that is about to stop does otherwise: each response is the last of its connection, and says so."""

from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from api.http.responses import sending_headers


class Cancellable(Protocol):
    """A request, or a task."""

    def cancel(self) -> object:
        """Cancel what is waited for."""
        ...


class State(ServerState):
    """What all connections of a server share. is_draining: it stops soon, and ends each connection with the next response.

    abandoned: the requests on the direct wire that are under way though their clients have gone.
    """

    is_draining = False

    def __init__(self) -> None:
        super().__init__()
        self.abandoned: set[Cancellable] = set()


async def answer_last(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run the application on the last request of a connection, which its client is told."""
    await app(
        scope, receive, sending_headers(send, lambda start: [*start.get("headers", ()), (b"connection", b"close")])
    )
