"""Run uvicorn with our bounds on sockets that are bound already, and stop it gracefully on a signal."""

import gc
from collections.abc import Callable
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from api.middleware.client_address import Proxies
from api.server.connections import Connections, GuardedHttpProtocol
from api.server.graceful_server import GracefulServer, ShutdownHooks
from api.server.protocols import WebSocketProtocol
from api.server.sockets import bind, duplicated, endpoint_url
from api.settings import Settings


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
        timeout_keep_alive=settings.keep_alive,
    )
    tune_garbage_collector()
    with bind(settings.host, settings.port, shared=settings.workers > 1) as bound, duplicated(bound) as sockets:
        announce_url = partial(announce, endpoint_url(bound)) if announce else None
        is_worker = settings.workers > 1
        await GracefulServer(config, announce_url, on_shutdown, settings.shutdown_grace, is_worker=is_worker).serve(
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
