"""Where a server listens: a socket that one process serves, or that several share by its port."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from api.domain.errors import OperatorError

AT_ONCE = 16  # connections that are accepted in one turn of the event loop


class AddressInUseError(OperatorError):
    """The address to listen on cannot be had."""


def listening(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket bound to this address. Raises AddressInUseError when the address cannot be had.

    shared lets other sockets be bound to it too (SO_REUSEPORT): those of them that listen share the connections.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as unless_bound:
            bound = unless_bound.enter_context(socket.socket(family, kind, protocol))
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shared)
            bound.bind(address)
            unless_bound.pop_all()
    except OSError as error:
        raise AddressInUseError(f"cannot listen on {host}:{port}: {error.strerror or error}.") from None
    return bound


@contextmanager
def at_once(bound: socket.socket) -> Iterator[list[socket.socket]]:
    """A bound socket under several descriptors, each to be served.

    The event loop accepts one connection a turn from each. A turn of a busy server takes as long as it takes to answer
    everybody who is connected, and by single file a crowd of new callers would wait for as many turns as they are.
    """
    with ExitStack() as doubles:
        yield [bound, *(doubles.enter_context(bound.dup()) for _ in range(AT_ONCE - 1))]


def url_of(bound: socket.socket) -> str:
    """The address of the GraphQL endpoint behind a socket."""
    host, port = bound.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/graphql"
