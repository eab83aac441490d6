"""Does a crowd of new callers get in, however busy the server is?"""

import asyncio
import os
import socket
import sys
from contextlib import ExitStack

import pytest
import uvloop

from api.server.sockets import ACCEPTS_PER_TURN, bind, duplicated
from tests.servers import Server

CALLERS = 4 * ACCEPTS_PER_TURN


class AcceptingProtocol(asyncio.Protocol):
    """Notes each connection that is accepted."""

    def __init__(self, accepted: list[asyncio.BaseTransport]) -> None:
        self.accepted = accepted

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.accepted.append(transport)


async def turns_until_all_are_accepted(sockets: list[socket.socket]) -> int:
    """How many turns of the event loop it takes to accept everybody who waits."""
    loop, accepted, turns = asyncio.get_running_loop(), list[asyncio.BaseTransport](), 0
    with ExitStack() as callers:
        servers = [await loop.create_server(lambda: AcceptingProtocol(accepted), sock=each) for each in sockets]
        for _ in range(CALLERS):
            callers.enter_context(socket.create_connection(sockets[0].getsockname()))
        while len(accepted) < CALLERS:
            await asyncio.sleep(0)
            turns += 1
        for server in servers:
            server.close()
        for transport in accepted:
            transport.close()
    return turns


def test_so_many_are_accepted_in_one_turn() -> None:
    with bind("127.0.0.1", 0) as bound, duplicated(bound) as sockets:
        assert len(sockets) == ACCEPTS_PER_TURN
        assert uvloop.run(turns_until_all_are_accepted(sockets)) <= CALLERS / ACCEPTS_PER_TURN + 4
    with bind("127.0.0.1", 0) as bound:
        assert uvloop.run(turns_until_all_are_accepted([bound])) >= CALLERS / 2, (
            "should this fail, duplicated is needed no more"
        )


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_a_server_listens_that_often(fresh_server: Server) -> None:
    folder = f"/proc/{fresh_server.process.pid}/fd"
    links = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]
    assert ACCEPTS_PER_TURN in {links.count(link) for link in links if link.startswith("socket:")}
