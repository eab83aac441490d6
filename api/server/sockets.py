"""The socket that a server listens on: bound for one process, or for several that share the port, or passed on to it."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from api.domain.errors import OperatorError

ACCEPTS_PER_TURN = 16  # connections that are accepted in one turn of the event loop
PASSED_ON = 3  # the first descriptor that is passed on, as systemd has it
PORT_ADVICE = " Choose another port with PINGXUAN_PORT (pingxuan sandbox: --port), or 0 for any that is free."


class ListenError(OperatorError):
    """The server cannot listen on its address."""


def bind(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Bind a socket to this address. Raises ListenError.

    shared lets other sockets be bound to it too (SO_REUSEPORT): those of them that listen share the connections.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as stack:
            bound = stack.enter_context(socket.socket(family, kind, protocol))
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shared)
            bound.bind(address)
            stack.pop_all()
    except OSError as error:
        advice = PORT_ADVICE if error.errno == errno.EADDRINUSE else ""
        raise ListenError(f"cannot listen on {host}:{port}: {error.strerror or error}.{advice}") from None
    return bound


def passed_on_socket() -> socket.socket | None:
    """The socket that systemd, or whoever does as it does, has passed on to this process. Raises ListenError.

    It listens already, and outlives the process: who connects while nobody accepts waits in its queue for the next one.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    if os.environ.get("LISTEN_FDS") != "1":
        raise ListenError(
            "more than one socket was passed on to this process: pass on the one that it is to listen on."
        )
    try:
        os.set_inheritable(PASSED_ON, False)
        passed_on = socket.socket(fileno=PASSED_ON)
        # For everybody who listens on it: one that blocks would stand still until somebody calls.
        passed_on.setblocking(False)
        listens = passed_on.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError as error:
        raise ListenError(f"what was passed on to this process is no socket: {error.strerror or error}.") from None
    if passed_on.family not in {socket.AF_INET, socket.AF_INET6} or passed_on.type != socket.SOCK_STREAM or not listens:
        passed_on.close()
        raise ListenError("the socket that was passed on to this process does not listen for TCP connections.")
    return passed_on


@contextmanager
def duplicated(bound: socket.socket) -> Iterator[list[socket.socket]]:
    """Duplicate a bound socket, for the server to listen on each copy.

    The event loop accepts one connection a turn from each. A turn of a busy server takes as long as it takes to answer
    everybody who is connected, and by single file a crowd of new callers would wait for as many turns as they are.
    """
    bound.setblocking(False)  # a copy of one that blocks has all that are open block for a moment
    with ExitStack() as stack:
        yield [bound, *(stack.enter_context(bound.dup()) for _ in range(ACCEPTS_PER_TURN - 1))]


def endpoint_url(bound: socket.socket, root_path: str = "") -> str:
    """The URL of the GraphQL endpoint on a bound socket, below this path."""
    host, port = bound.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{root_path}/graphql"
