"""The WebSockets at /graphql: who may open one, and in which rounds all of them are looked after."""

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

CHECK_INTERVAL = (
    1.0  # seconds between two rounds; a timer or a task for each socket would cost more than the socket does
)


class WebSocketEndpoint:
    """The ASGI application of every socket, and the sockets that are open."""

    def __init__(self, board: SubscriptionManager, limits: Limits, patience: Timeouts | None = None) -> None:
        self._board = board
        self._limits = limits
        self._patience = patience or Timeouts()
        self._open: set[WebSocketConnection] = set()
        self._rounds: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket, from its handshake to its end.

        Any origin may open one: what speaks for a viewer is a token that a page must have, never a cookie that a browser adds.
        """
        await receive()
        offered = scope["subprotocols"]
        if SUBPROTOCOL not in offered:
            # A browser shows its page the code only if one of the offered protocols seems to have been taken.
            await send({"type": "websocket.accept", "subprotocol": next(iter(offered), None)})
            await send({"type": "websocket.close", "code": 4406, "reason": "Subprotocol not acceptable"})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        socket = WebSocketConnection(scope["extensions"][TRANSPORT], send, self._board, _handshake(scope), self._limits)
        await self._keep(socket, receive)

    async def _keep(self, socket: WebSocketConnection, receive: Receive) -> None:
        self._open.add(socket)
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._look_after())
        try:
            await socket.run(receive)
        finally:
            self._open.discard(socket)

    async def _look_after(self) -> None:
        loop = asyncio.get_running_loop()
        while self._open:
            for socket in list(self._open):
                await socket.check(loop.time(), self._patience)
            await asyncio.sleep(CHECK_INTERVAL)


def _handshake(scope: Scope) -> Handshake:
    headers = Headers(scope=scope)
    token = bearer_token(headers.get("authorization"))
    return Handshake(negotiate_language(headers.get("accept-language")), token, client_address(scope))
