"""Stop serving in a bounded time: let callers go elsewhere, drop what is unfinished, finish what is whole, cut off the rest."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import uvicorn

from api.server.draining import Cancellable, State
from api.server.http_protocol import HttpProtocol

ShutdownHooks = Sequence[Callable[[], Awaitable[None]]]
CHECK_INTERVAL = 0.02  # seconds between two looks at what is still under way
CUT_OFF_TIMEOUT = 1.0  # seconds in which requests that are cut off are told so
log = logging.getLogger("pingxuan.server")


def _nothing() -> None:
    """Tell nobody."""


def end_without_memory(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handle what nobody else has: where memory ran out, the process ends at once, as when the kernel ends it for that.

    What is left of it may have no listening socket, and could not close what it has open either. Another takes its place.
    """
    if isinstance(context.get("exception"), MemoryError):
        _kill_this_process()
    loop.default_exception_handler(context)


def _kill_this_process() -> None:
    try:
        log.critical("there is no memory left: this process ends")
    finally:
        os.kill(os.getpid(), signal.SIGKILL)


class Stop(NamedTuple):
    """How a server stops.

    on_shutdown: called last of all that is served; they end subscriptions, after what sockets and streams have under way.
    begin: called at once, to have readiness say so. grace: seconds that requests under way may take. drain: seconds before
    that in which it goes on serving, one response a connection. others_accept: whether others listen on the same socket, so
    that it need accept no more itself while it drains.
    """

    on_shutdown: ShutdownHooks = ()
    begin: Callable[[], None] = _nothing
    grace: float = 0.0
    drain: float = 0.0
    others_accept: bool = False


class GracefulServer(uvicorn.Server):
    """A server whose signals are handled by the event loop, so that what surrounds it is closed in order after it.

    announce: called once it listens.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        announce: Callable[[], None] | None = None,
        stop: Stop = Stop(),  # noqa: B008 - it is a constant
        *,
        is_worker: bool = False,
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._stop = stop
        self.server_state: State = State()
        self._is_worker = is_worker
        self._timeout: asyncio.Timeout | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then announce the URL."""
        asyncio.get_running_loop().set_exception_handler(end_without_memory)
        await super().startup(sockets)
        if self._announce is not None:
            self._announce()

    async def main_loop(self) -> None:
        """Serve until told to stop."""
        try:
            await super().main_loop()
        except MemoryError:
            _kill_this_process()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain; then drop connections without a whole request, finish requests under way, and cut them off after the grace."""
        await self._drain(sockets or [])
        self._stop_accepting(sockets or [])
        try:
            async with asyncio.timeout(0 if self.force_exit else self._stop.grace) as self._timeout:
                await asyncio.sleep(CHECK_INTERVAL)  # what has arrived by now is read
                self._drop_unfinished()
                for end in self._stop.on_shutdown:
                    await end()
                await self._finish()
        except TimeoutError:
            count = len(self.server_state.connections) + len(self.server_state.abandoned)
            log.warning("cut off what is not answered: %d requests and sockets", count)
        await self._cut_off()

    async def _drain(self, sockets: list[socket.socket]) -> None:
        """Say that it stops, and go on for a while: by then whoever knows, or has had a response, comes to another server."""
        self._stop.begin()
        self.server_state.is_draining = True
        if self._stop.others_accept:
            self._stop_accepting(sockets)
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if self.force_exit else self._stop.drain) as self._timeout:
                while self.server_state.connections or not self._stop.others_accept:  # noqa: ASYNC110 - of uvicorn's set
                    await asyncio.sleep(CHECK_INTERVAL)

    def _stop_accepting(self, sockets: list[socket.socket]) -> None:
        for server in self.servers:
            server.close()
        for listening in sockets:
            listening.close()

    def _drop_unfinished(self) -> None:
        """Close the connections that have no whole request; the others close after it."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, HttpProtocol):
                connection.shutdown()

    async def _finish(self) -> None:
        """Close the sockets, and wait until every connection is closed and every request is done."""
        while self.server_state.connections or self.server_state.tasks or self.server_state.abandoned:
            for connection in list(self.server_state.connections):  # those too that have come since
                connection.shutdown()
            await asyncio.sleep(CHECK_INTERVAL)

    async def _cut_off(self) -> None:
        """Cancel the requests that are left, and abort their connections once they have been told."""
        under_way: list[Cancellable] = [*self.server_state.tasks, *self.server_state.abandoned]
        for request in under_way:
            request.cancel()
        for connection in list(self.server_state.connections):
            if isinstance(connection, HttpProtocol):
                connection.cancel()
        try:
            async with asyncio.timeout(CUT_OFF_TIMEOUT):
                await self._finish()
        except TimeoutError:
            for connection in list(self.server_state.connections):
                connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop gracefully on the first signal, at once on the second."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    def handle_exit(self, sig: int, frame: object) -> None:
        """Stop. A worker is sent SIGTERM by its parent, and perhaps by systemd as well: to it that is one signal."""
        if self.should_exit and not (self._is_worker and sig == signal.SIGTERM):
            self.force_exit = True
            if self._timeout is not None:
                self._timeout.reschedule(asyncio.get_running_loop().time())
        self.should_exit = True
