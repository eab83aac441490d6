"""How do tests speak graphql-transport-ws to a server, as it is written and as it should not be?"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from api.testing.sandbox import SandboxServer
from tests.servers import Json, Server, without_cost

WATCH = "subscription { resultsChanged(first: 2) { nodes { votes project { number } } } }"
PATIENCE = 180.0  # seconds for anything to arrive


class Talk:
    """One socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, message: Any) -> None:
        """Send a message: text and bytes as they stand, anything else as JSON."""
        await self.connection.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def hear(self) -> Json:
        """The next message."""
        async with asyncio.timeout(PATIENCE):
            text = await self.connection.recv()
        assert isinstance(text, str)  # browsers' clients do not read binary frames
        message: Json = without_cost(json.loads(text))
        return message

    async def greet(self, **payload: str) -> "Talk":
        await self.say({"type": "connection_init", "payload": payload})
        assert await self.hear() == {"type": "connection_ack"}
        return self

    async def begin(self, name: str, query: str, **variables: Any) -> None:
        await self.say({"type": "subscribe", "id": name, "payload": {"query": query, "variables": variables}})

    async def result(self, name: str, query: str, **variables: Any) -> Json:
        """The only result of a query or a mutation."""
        await self.begin(name, query, **variables)
        told = await self.hear()
        assert (told["type"], told["id"]) == ("next", name)
        assert await self.hear() == {"type": "complete", "id": name}
        payload: Json = told["payload"]
        return payload

    async def closed(self) -> int | None:
        """The code it is closed with."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    await self.connection.recv()
        except ConnectionClosed:
            return self.connection.close_code


@asynccontextmanager
async def talk(server: Server | SandboxServer, *protocols: str, **headers: str) -> AsyncIterator[Talk]:
    """A socket; without protocols the one that is spoken is offered."""
    offered = [Subprotocol(name) for name in protocols or ("graphql-transport-ws",)]
    url = server.url.replace("http", "ws", 1)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with connect(url, subprotocols=offered, additional_headers=given, compression=None) as connection:
        try:
            yield Talk(connection)
        finally:
            connection.transport.abort()  # whatever is still on its way
