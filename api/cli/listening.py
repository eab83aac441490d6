"""Where a server listens: a socket that one process serves, or that several share by its port."""

import socket
from contextlib import ExitStack

from api.cli.failing import CommandError


def listening(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket bound to this address. Raises CommandError when the address cannot be had.

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
        raise CommandError(f"cannot listen on {host}:{port}: {error.strerror or error}.") from None
    return bound


def url_of(bound: socket.socket) -> str:
    """The address of the GraphQL endpoint behind a socket."""
    host, port = bound.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/graphql"
