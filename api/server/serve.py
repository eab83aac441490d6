"""Run uvicorn with our bounds on sockets that are bound already, and stop it gracefully on a signal."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from api.middleware.client_address import Proxies
from api.server.connections import Connections, GuardedHttpProtocol
from api.server.protocols import WebSocketProtocol
from api.server.sockets import bind, duplicated, endpoint_url
from api.settings import Settings

ShutdownHooks = Sequence[Callable[[], Awaitable[None]]]


async def run_server(
    app: ASGIApp, settings: Settings, on_shutdown: ShutdownHooks, announce: Callable[[str], None] | None = None
) -> None:
    """Serve until SIGINT or SIGTERM.

    on_shutdown: called before the server stops, to end subscriptions. announce: called with the URL once it is served.
    """
    connections = Connections(settings.limits, Proxies(settings.proxies))
    config = uvicorn.Config(
        app,
        http=partial(GuardedHttpProtocol, connections),  # type: ignore[arg-type]  # it is made like the class
        ws=WebSocketProtocol,
        ws_max_size=settings.limits.socket_message,
        ws_ping_interval=None,  # the sockets are asked in the words of their own protocol
        ws_per_message_deflate=False,  # it would take 64 KiB a socket
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # middleware/client_address knows which proxies to trust
    )
    tune_garbage_collector()
    with bind(settings.host, settings.port, shared=settings.workers > 1) as bound, duplicated(bound) as sockets:
        await GracefulServer(config, partial(announce, endpoint_url(bound)) if announce else None, on_shutdown).serve(
            sockets
        )


def tune_garbage_collector() -> None:
    """Run the garbage collector seldom: what exists by now stays, and what requests allocate is freed by reference counts.

    As it comes, the collector goes through the objects of all requests under way each time there are 700 more of them, which
    takes a third of a busy process's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


class GracefulServer(uvicorn.Server):
    """A server whose signals are handled by the event loop, so that what surrounds it is closed in order after it."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None] | None, on_shutdown: ShutdownHooks) -> None:
        super().__init__(config)
        self._announce = announce
        self._on_shutdown = on_shutdown

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then announce the URL."""
        await super().startup(sockets)
        if self._announce is not None:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the subscriptions, which would never end by themselves; then finish the requests under way."""
        for end in self._on_shutdown:
            await end()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop gracefully on the first signal, at once on the second."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
