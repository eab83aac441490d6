"""Does a crowd of new callers get in, however busy the server is?"""

import asyncio
import os
import socket
import sys
from contextlib import ExitStack

import pytest
import uvloop

from api.server.sockets import ACCEPTS_PER_TURN, ListenError, bind, duplicated
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


def test_a_port_that_is_taken_is_told_with_the_settings_that_change_it() -> None:
    with bind("127.0.0.1", 0) as occupied:
        occupied.listen()
        port = occupied.getsockname()[1]
        with pytest.raises(ListenError) as error, bind("127.0.0.1", port):
            pass
    assert str(error.value).startswith(f"cannot listen on 127.0.0.1:{port}: Address already in use. ")
    assert all(name in str(error.value) for name in ("PINGXUAN_PORT", "--port"))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.7"])
def test_an_address_that_cannot_be_had_is_not_blamed_on_the_port(host: str) -> None:
    with pytest.raises(ListenError) as error, bind(host, 0):
        pass
    assert str(error.value).startswith(f"cannot listen on {host}:0: ")
    assert "PORT" not in str(error.value)


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_a_server_listens_that_often(fresh_server: Server) -> None:
    folder = f"/proc/{fresh_server.process.pid}/fd"
    links = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]
    assert ACCEPTS_PER_TURN in {links.count(link) for link in links if link.startswith("socket:")}
