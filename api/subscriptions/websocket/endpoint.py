"""The WebSockets at /graphql: their handshake, and the check of their timeouts."""

import asyncio
from functools import partial

from starlette.types import Receive, Scope, Send

from api.http.request import Request
from api.http.requests import bearer_token
from api.limits import Limits
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.transport import TRANSPORT, OpeningSocket, SocketTransport, Timeouts
from api.subscriptions.websocket.connection import Handshake, OpenSockets, WebSocketConnection
from api.subscriptions.websocket.protocol import SUBPROTOCOL

# Seconds between two checks of all sockets: a timer or a task for each would cost more than the socket does.
CHECK_INTERVAL = 1.0
CHECKS_PER_TURN = 500  # sockets that are looked at before the event loop may do anything else


class WebSocketEndpoint:
    """The ASGI application of WebSockets, with those that are open."""

    def __init__(self, manager: SubscriptionManager, limits: Limits, timeouts: Timeouts | None = None) -> None:
        self._manager = manager
        self._limits = limits
        self._timeouts = timeouts or Timeouts()
        self._open = OpenSockets()
        self._timeout_checks: asyncio.Task[None] | None = None
        self._closing = False

    def __len__(self) -> int:
        """Count the open sockets."""
        return len(self._open.sockets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept one socket, which stays open when this has returned.

        Any origin is accepted, since viewers are authenticated by a token that the page must have, never by a cookie.
        """
        await receive()
        offered = scope["subprotocols"]
        if SUBPROTOCOL not in offered:
            # A browser passes the close code on to its page only if one of the offered protocols was accepted.
            await send({"type": "websocket.accept", "subprotocol": next(iter(offered), None)})
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        opening: OpeningSocket = scope["extensions"][TRANSPORT]
        opening.hand_over(partial(self._open_socket, _handshake(Request.of(scope))))
        if self._closing:
            await self.close()

    async def close(self) -> None:
        """Close every socket: at once, or after the operations that it has under way, which may cast ballots."""
        self._closing = True
        await asyncio.gather(*(socket.finish() for socket in self._open.sockets))
        await asyncio.gather(*self._open.tasks, return_exceptions=True)

    def _open_socket(self, handshake: Handshake, transport: SocketTransport) -> WebSocketConnection:
        socket = WebSocketConnection(transport, self._manager, handshake, self._limits, self._open)
        if self._timeout_checks is None or self._timeout_checks.done():
            self._timeout_checks = asyncio.create_task(self._check_timeouts())
        return socket

    async def _check_timeouts(self) -> None:
        loop = asyncio.get_running_loop()
        while self._open.sockets:
            for number, socket in enumerate(list(self._open.sockets), 1):
                socket.check_timeouts(loop.time(), self._timeouts)
                if number % CHECKS_PER_TURN == 0:
                    await asyncio.sleep(0)
            await asyncio.sleep(CHECK_INTERVAL)


def _handshake(request: Request) -> Handshake:
    token = bearer_token(request.header(b"authorization"))
    return Handshake(request.language, token, request.address, request.request_id)
