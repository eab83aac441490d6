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
from api.server.protocols import MAX_MESSAGE_BYTES, WebSocketProtocol
from api.server.sockets import at_once, listening, url_of
from api.settings import Settings

ShutdownHooks = Sequence[Callable[[], Awaitable[None]]]


async def run_server(
    app: ASGIApp, settings: Settings, on_shutdown: ShutdownHooks, announce: Callable[[str], None] | None = None
) -> None:
    """Answer until a signal comes.

    endless ends what would never end by itself; announce is given the URL of the endpoint once it is served.
    """
    connections = Connections(settings.limits, Proxies(settings.proxies))
    config = uvicorn.Config(
        app,
        http=partial(GuardedHttpProtocol, connections),  # type: ignore[arg-type]  # it is made like the class
        ws=WebSocketProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=None,  # the sockets are asked in the words of their own protocol
        ws_per_message_deflate=False,  # it would take 64 KiB a socket
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the gate knows which proxies to believe
    )
    tune_garbage_collector()
    with listening(settings.host, settings.port, shared=settings.workers > 1) as bound, at_once(bound) as sockets:
        await GracefulServer(config, partial(announce, url_of(bound)) if announce else None, on_shutdown).serve(sockets)


def tune_garbage_collector() -> None:
    """Let Python look for circular garbage seldom: what was made by now stays, and what requests make is freed without it.

    As it comes, the collector goes through the objects of all requests under way each time there are 700 more of them, which
    takes a third of a busy process's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


class GracefulServer(uvicorn.Server):
    """Leaves the signals to the event loop, so that what surrounds the server is closed in order after it."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None] | None, on_shutdown: ShutdownHooks) -> None:
        super().__init__(config)
        self._announce = announce
        self._on_shutdown = on_shutdown

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say where."""
        await super().startup(sockets)
        if self._announce is not None:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, which would go on for ever; then finish what is under way."""
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
