"""The WebSockets at /graphql: their handshake, and the check of their timeouts."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.http.negotiation import negotiate_language
from api.http.requests import bearer_token, client_address
from api.limits import Limits
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.transport import TRANSPORT, Timeouts
from api.subscriptions.websocket.connection import Handshake, WebSocketConnection
from api.subscriptions.websocket.protocol import SUBPROTOCOL

# Seconds between two checks of all sockets: a timer or a task for each would cost more than the socket does.
CHECK_INTERVAL = 1.0


class WebSocketEndpoint:
    """The ASGI application of WebSockets, with those that are open."""

    def __init__(self, manager: SubscriptionManager, limits: Limits, timeouts: Timeouts | None = None) -> None:
        self._manager = manager
        self._limits = limits
        self._timeouts = timeouts or Timeouts()
        self._open: set[WebSocketConnection] = set()
        self._timeout_checks: asyncio.Task[None] | None = None
        self._closing = False

    def __len__(self) -> int:
        """Count the open sockets."""
        return len(self._open)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket from its handshake to its end.

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
        socket = WebSocketConnection(
            scope["extensions"][TRANSPORT], send, self._manager, _handshake(scope), self._limits
        )
        await self._run(socket, receive)

    async def close(self) -> None:
        """Close every socket: at once, or after the operations that it has under way, which may cast ballots."""
        self._closing = True
        await asyncio.gather(*(socket.finish() for socket in self._open))

    async def _run(self, socket: WebSocketConnection, receive: Receive) -> None:
        self._open.add(socket)
        if self._timeout_checks is None or self._timeout_checks.done():
            self._timeout_checks = asyncio.create_task(self._check_timeouts())
        try:
            if self._closing:
                await socket.finish()
            await socket.run(receive)
        finally:
            self._open.discard(socket)

    async def _check_timeouts(self) -> None:
        loop = asyncio.get_running_loop()
        while self._open:
            for socket in list(self._open):
                await socket.check_timeouts(loop.time(), self._timeouts)
            await asyncio.sleep(CHECK_INTERVAL)


def _handshake(scope: Scope) -> Handshake:
    headers = Headers(scope=scope)
    token = bearer_token(headers.get("authorization"))
    return Handshake(negotiate_language(headers.get("accept-language")), token, client_address(scope))
