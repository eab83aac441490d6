"""How does a subscription stay subscribed, though its connection is lost?"""

import json
from asyncio import sleep
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from pingxuan_client._async.http import AsyncHttp
from pingxuan_client.answers import Answer, answer_of, plain
from pingxuan_client.errors import Refused, Unreachable, wait_for
from pingxuan_client.ranking import Connection

PROTOCOL = Subprotocol("graphql-transport-ws")
SESSION_HAS_ENDED = 4403
LARGEST_MESSAGE = 2**24

T = TypeVar("T")


class AsyncLive(Generic[T]):
    """What a subscription comes to, to be iterated over; it ends with its `with` block, with `aclose`, or with its client.

    `read` makes an item of an answer or of a change of the connection, or None where that is none. Raises Refused or
    Unreachable when no other attempt would help.
    """

    def __init__(
        self, http: AsyncHttp, query: str, variables: Mapping[str, Any], read: Callable[[Answer | Connection], T | None]
    ) -> None:
        self._http = http
        self._payload = {"query": query, "variables": plain(variables)}
        self._read = read
        self._socket: ClientConnection | None = None
        self._token: str | None = None
        self._failures = 0
        self._wait = 0.0
        self._begins = True
        self._over = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End it, from whichever task."""
        self._over = True
        self._http.live_now.discard(self)
        if self._socket is not None:
            await self._socket.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        if self._begins:
            self._begins = False
            item = self._read("connecting")
            if item is not None:
                return item
        while not self._over:
            await sleep(self._wait)
            try:
                item = self._read(await self._heard())
            except (Refused, Unreachable) as failure:
                item = self._read(await self._after(failure))
            if item is not None:
                return item
        raise StopAsyncIteration

    async def _after(self, failure: Refused | Unreachable) -> Connection:
        if self._over:
            raise StopAsyncIteration
        if self._socket is not None:
            await self._socket.close()
            self._socket = None
        went_on_as_another = self._token != self._http.token
        wait = 0.0 if went_on_as_another else wait_for(failure, self._failures)
        if wait is None:
            await self.aclose()
            raise failure
        self._wait = wait
        self._failures += 1
        return "reconnecting"

    async def _heard(self) -> Answer:
        url = "ws" + self._http.url.removeprefix("http")
        try:
            if self._socket is None:
                self._socket = await connect(url, subprotocols=[PROTOCOL], max_size=LARGEST_MESSAGE)
                self._wait, self._token = 0.0, self._http.token
                await self._send({"type": "connection_init", "payload": self._http.headers()})
            while True:
                message = json.loads(await self._socket.recv())
                heard = await self._message(message)
                if heard is not None:
                    return heard
        except ConnectionClosed as closed:
            raise _failure(closed) from closed
        except (OSError, WebSocketException) as error:
            raise Unreachable(f"{url} cannot be reached: {error}") from error

    async def _message(self, message: Mapping[str, Any]) -> Answer | None:
        match message["type"]:
            case "connection_ack":
                await self._send({"id": "1", "type": "subscribe", "payload": self._payload})
            case "next":
                self._failures = 0
                return answer_of(message["payload"])
            case "ping":
                await self._send({"type": "pong"})
            case "error":
                raise Refused(message["payload"])
            case "complete":
                await self.aclose()
                raise StopAsyncIteration
        return None

    async def _send(self, message: Mapping[str, Any]) -> None:
        if self._socket is not None:
            await self._socket.send(json.dumps(message))


def _failure(closed: ConnectionClosed) -> Refused | Unreachable:
    code = closed.rcvd.code if closed.rcvd else None
    if code == SESSION_HAS_ENDED:
        return Refused([{"message": "The session has ended.", "extensions": {"code": "UNAUTHENTICATED"}}])
    return Unreachable(f"The WebSocket was closed: {closed}", code)
