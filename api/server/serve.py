"""Run uvicorn with our bounds on sockets that are bound already, and stop it gracefully on a signal."""

import gc
import resource
import socket
from collections.abc import Callable
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from api.middleware.client_address import Proxies
from api.middleware.plain_posts import PlainPosts
from api.server.connections import Connections, GuardedHttpProtocol
from api.server.graceful_server import GracefulServer, Stop
from api.server.protocols import WebSocketProtocol
from api.server.root_path import path_below
from api.server.sockets import bind, duplicated, endpoint_url
from api.settings import Settings


async def run_server(  # noqa: PLR0913 - what a server is run with
    app: ASGIApp,
    settings: Settings,
    stop: Stop,
    announce: Callable[[str], None] | None = None,
    plain_posts: PlainPosts | None = None,
    *,
    passed_on: socket.socket | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM.

    plain_posts: what requests on the direct wire pass; without it there is none, and all go by ASGI.
    stop: what is told when the server stops. announce: called with the URL once it is served. passed_on: the socket to listen
    on, which others may listen on as well.
    """
    config = server_config(app, settings, plain_posts)
    allow_open_files()
    tune_garbage_collector()
    listening = passed_on or bind(settings.host, settings.port, shared=settings.workers > 1)
    with listening as bound, duplicated(bound) as sockets:
        announce_url = partial(announce, endpoint_url(bound, settings.root_path)) if announce else None
        is_worker = settings.workers > 1
        stop = stop._replace(grace=settings.shutdown_grace, drain=settings.drain, others_accept=passed_on is not None)
        await GracefulServer(config, announce_url, stop, is_worker=is_worker).serve(sockets)


def server_config(app: ASGIApp, settings: Settings, plain_posts: PlainPosts | None) -> uvicorn.Config:
    """The configuration of uvicorn: its connections are ours, and what we do ourselves it leaves."""
    connections = Connections(settings.limits, Proxies(settings.proxies))
    below = path_below(settings.root_path)
    connect = partial(GuardedHttpProtocol, connections, plain_posts=plain_posts, path_below=below)
    return uvicorn.Config(
        app,
        http=connect,  # type: ignore[arg-type]  # it is made like the class
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


def allow_open_files() -> None:
    """Use as many file descriptors as the system allows, one for each connection.

    The limit that processes start with is mostly 1,024, for the sake of programs that cannot deal with more.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY:  # which macOS says, and does not mean
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def tune_garbage_collector() -> None:
    """Run the garbage collector seldom: what exists by now stays, and what requests allocate is freed by reference counts.

    As it comes, the collector goes through the objects of all requests under way each time there are 700 more of them, which
    takes a third of a busy process's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
