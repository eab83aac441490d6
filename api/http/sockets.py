"""The WebSockets at /graphql: who may open one, and in which rounds all of them are looked after."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.domain.limits import Limits
from api.http.conversation import SUBPROTOCOL
from api.http.negotiation import language
from api.http.requests import address_of, bearer
from api.http.scoreboard import Scoreboard
from api.http.socket import Handshake, Socket
from api.http.wire import WIRE, Patience

ROUND = 1.0  # seconds between two rounds; a timer or a task for each socket would cost more than the socket does


class Sockets:
    """The ASGI application of every socket, and the sockets that are open."""

    def __init__(self, board: Scoreboard, limits: Limits, patience: Patience | None = None) -> None:
        self._board = board
        self._limits = limits
        self._patience = patience or Patience()
        self._open: set[Socket] = set()
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
        socket = Socket(scope["extensions"][WIRE], send, self._board, _handshake(scope), self._limits)
        await self._keep(socket, receive)

    async def _keep(self, socket: Socket, receive: Receive) -> None:
        self._open.add(socket)
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._look_after())
        try:
            await socket.converse(receive)
        finally:
            self._open.discard(socket)

    async def _look_after(self) -> None:
        loop = asyncio.get_running_loop()
        while self._open:
            for socket in list(self._open):
                await socket.check(loop.time(), self._patience)
            await asyncio.sleep(ROUND)


def _handshake(scope: Scope) -> Handshake:
    headers = Headers(scope=scope)
    token = bearer(headers.get("authorization"))
    return Handshake(language(headers.get("accept-language")), token, address_of(scope))
