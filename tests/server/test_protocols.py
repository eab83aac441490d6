"""What is left of a handshake once a WebSocket is open?"""

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from api.limits import Limits
from api.middleware.client_address import Proxies
from api.server.connections import Connections, GuardedHttpProtocol
from api.server.draining import State
from api.server.open_sockets import OpenWebSocket
from api.server.protocols import WebSocketProtocol
from api.subscriptions.transport import TRANSPORT
from tests.server.test_open_sockets import Handler

HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
GREETING = b"\x81\x82\0\0\0\0hi"


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Only reference counts free memory."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def until(condition: Callable[[], Any]) -> None:
    """Wait for the other end."""
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise TimeoutError


async def hand_over(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that accepts a socket and returns."""
    await receive()
    await send({"type": "websocket.accept"})
    scope["extensions"][TRANSPORT].hand_over(Handler)


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that closes a socket and returns."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": 4406})


def listening(app: Any, made: list[Any], connections: Connections) -> Any:
    """What makes the protocol of a connection, of which a weak reference is kept."""
    config = uvicorn.Config(
        app, interface="asgi3", lifespan="off", log_config=None, ws=WebSocketProtocol, ws_per_message_deflate=False
    )
    config.load()
    state = State()

    def make() -> GuardedHttpProtocol:
        protocol = GuardedHttpProtocol(connections, config=config, server_state=state, app_state={})
        made.append(weakref.ref(protocol))
        return protocol

    return make, state


async def opened(make: Any) -> tuple[asyncio.Server, asyncio.StreamReader, asyncio.StreamWriter]:
    """A server, and a client whose handshake is answered."""
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(HANDSHAKE)
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return server, reader, writer


async def is_counted_until_lost(
    connections: Connections, state: State, server: asyncio.Server, writer: asyncio.StreamWriter
) -> None:
    assert connections._open
    writer.close()
    await until(lambda: not state.connections)
    assert not connections._open
    server.close()
    await writer.wait_closed()


async def test_nothing_but_the_open_socket_is_left_of_a_handshake(no_collector: None) -> None:
    made: list[Any] = []
    connections = Connections(Limits(connections=5), Proxies(()))
    make, state = listening(hand_over, made, connections)
    server, _, writer = await opened(make)
    [socket] = state.connections
    assert isinstance(socket, OpenWebSocket)
    writer.write(GREETING)
    handler: Any = socket._handler
    await until(lambda: handler.told)
    assert state.tasks == set()
    assert made[0]() is None, "the HTTP connection"
    alive = [found for found in gc.get_objects() if isinstance(found, WebSocketProtocol)]
    assert alive == []
    await is_counted_until_lost(connections, state, server, writer)


async def test_a_socket_that_is_not_handed_over_is_counted_until_it_is_lost() -> None:
    connections = Connections(Limits(connections=5), Proxies(()))
    make, state = listening(refuse, [], connections)
    server, reader, writer = await opened(make)
    assert (await reader.readexactly(4))[0] == 0x88
    await is_counted_until_lost(connections, state, server, writer)
