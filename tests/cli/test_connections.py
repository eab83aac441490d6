"""Can one machine use up all connections, by opening many or by keeping silent on a few?"""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.servers import SEED, Server, prepare, serving

ASK = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n"
BODY = b'{"query":"{__typename}"}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    url = f"sqlite://{tmp_path_factory.mktemp('connections')}/test.sqlite3"
    prepare(url, SEED)
    with serving(url, LIMIT_CONNECTIONS="5", LIMIT_SECONDS="2") as server:
        yield server


def connected(server: Server, stack: ExitStack) -> socket.socket:
    return stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))


def answered(connection: socket.socket) -> bytes:
    connection.sendall(ASK + BODY)
    return connection.recv(65536)


def test_an_address_has_so_many_connections_and_gets_them_back(server: Server) -> None:
    for _ in range(3):
        with ExitStack() as stack:
            for _ in range(5):
                assert answered(connected(server, stack)).startswith(b"HTTP/1.1 200")
            refused = connected(server, stack)
            told = b""
            while part := refused.recv(65536):
                told += part
            assert told.startswith(b"HTTP/1.1 429")
            error = json.loads(told.partition(b"\r\n\r\n")[2])["errors"][0]
            assert error["extensions"]["code"] == "RATE_LIMITED"
            assert (error["extensions"]["limit"], error["extensions"]["most"]) == ("connections", 5)
        time.sleep(0.3)


@pytest.mark.parametrize(
    "said", [b"", ASK[:30], ASK, ASK + BODY[:5]], ids=["nothing", "half a head", "no body", "half a body"]
)
def test_who_keeps_silent_is_let_go(server: Server, said: bytes) -> None:
    with ExitStack() as stack:
        connection = connected(server, stack)
        connection.sendall(said)
        connection.settimeout(10)
        told = b""
        while part := connection.recv(65536):
            told += part
            if b"TIMEOUT" in told:
                break
        assert told == b"" or b"TIMEOUT" in told


def test_a_byte_now_and_then_keeps_no_connection(server: Server) -> None:
    with ExitStack() as stack:
        connection = connected(server, stack)
        assert answered(connection).startswith(b"HTTP/1.1 200")
        with pytest.raises(ConnectionError):
            dribble(connection, b"POST /graphql HTTP/1.1\r\nX: " + b"x" * 40)


def dribble(connection: socket.socket, letters: bytes) -> None:
    for letter in letters:
        connection.sendall(bytes([letter]))
        time.sleep(0.3)
