"""Limit the connections of one address, and close idle, unfinished and unread ones after a timeout.

uvicorn limits neither: a few machines that open connections and send a byte now and then would use up all there are.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from api.addresses import rate_limit_address
from api.domain.errors import bad_input
from api.domain.texts import Text
from api.http.slow_bodies import SLOW_BODY
from api.limits import Limits
from api.middleware.client_address import Proxies
from api.server.head_limits import BoundedHttpProtocol
from api.server.rejections import rejection
from api.services.rate_limiting import RateLimitResult, rate_limited

RETRY_AFTER = 10.0  # seconds
MIN_BODY_RATE = 1_024  # bytes a second of a slow body


class Connections:
    """The open connections of a process, counted by client address. Trusted proxies may have any number."""

    def __init__(self, limits: Limits, proxies: Proxies) -> None:
        self.limits = limits
        self._max_connections = limits.connections
        self._proxies = proxies
        self._open: Counter[str] = Counter()

    def admit(self, peer: str) -> bool:
        """Count one more from this peer; False, and not counted, when it has as many as it may."""
        key = rate_limit_address(peer)
        if self._max_connections and self._open[key] >= self._max_connections and not self._proxies.is_trusted(peer):
            return False
        self._open[key] += 1
        return True

    def release(self, peer: str) -> None:
        """Count one less from this peer."""
        key = rate_limit_address(peer)
        self._open[key] -= 1
        if not self._open[key]:
            del self._open[key]

    def rejection(self) -> bytes:
        """The response 429 to a connection too many, as bytes."""
        return rejection(
            rate_limited(RateLimitResult("connections", self._max_connections, 0, RETRY_AFTER, RETRY_AFTER)), 429
        )


class GuardedHttpProtocol(BoundedHttpProtocol):
    """One HTTP connection. It is closed when it has not sent a whole request for the time limit.

    It is aborted when its client has read nothing of a response for the time limit. Between two requests it may be idle for
    longer: uvicorn closes it then. A request whose application allows it a slow body has to go on arriving, and may take
    as long as it does.
    """

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(connections.limits, **options)
        self._connections = connections
        self._timeout = connections.limits.seconds
        self._admitted_peer: str | None = None
        self._last_cycle: Any = None
        self._slow_cycle: Any = None  # the request that may take longer to arrive
        self._unread_bytes = 0  # bytes that waited for the client at the last check; 0 if it has read since
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Admit the connection, or reject it and close."""
        super().connection_made(transport)
        peer = self.client[0] if self.client else ""
        if not self._connections.admit(peer):
            transport.write(self._connections.rejection())
            transport.close()
            return
        self._admitted_peer = peer
        self._schedule_check()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting it."""
        if self._timer is not None:
            self._timer.cancel()
        if self._admitted_peer is not None:
            self._connections.release(self._admitted_peer)
            self._admitted_peer = None
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """Note that the client has read."""
        self._unread_bytes = 0
        super().resume_writing()

    def extensions(self) -> dict[str, Any]:
        """Add what allows a request a slow body."""
        return {**super().extensions(), SLOW_BODY: self._allow_slow_body}

    def _allow_slow_body(self) -> None:
        self._slow_cycle = self._current_cycle

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to the WebSocket protocol, and count it until it is lost.

        Nothing refers to this object from then on: it takes as much memory as a socket, and there are thousands of them.
        """
        super().handle_websocket_upgrade()
        self.parser = self.scope = None  # type: ignore[assignment]  # which refer to this object
        websocket: Any = self.transport.get_protocol()
        peer, self._admitted_peer = self._admitted_peer, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        websocket.deadline = self._later(abort_unfinished_handshake, websocket)
        if peer is not None:
            websocket.release = partial(self._connections.release, peer)
        if not websocket.handshake_initiated:
            self._reject_handshake(b"".join(websocket.conn.data_to_send()))

    def _reject_handshake(self, reason: bytes) -> None:
        """Send the reason why a handshake is invalid, which uvicorn does not send."""
        self.transport.write(
            reason or rejection(bad_input(Text("WebSocket握手有误。", "This is no WebSocket handshake.")), 400)
        )
        self.transport.close()

    def _schedule_check(self) -> None:
        self._timer = self._later(self.check_progress)

    def _later(self, callback: Callable[..., None], *args: object) -> asyncio.TimerHandle | None:
        """Call this after the time limit, if there is one."""
        return self.loop.call_later(self._timeout, callback, *args) if self._timeout else None

    def check_progress(self) -> None:
        """Abort or close the connection if it has made no progress since the last check."""
        unread_bytes = self._unread_now()
        if 0 < self._unread_bytes <= unread_bytes:
            self.transport.abort()
            return
        self._unread_bytes = unread_bytes
        self._close_if_unfinished()
        self._schedule_check()

    def _unread_now(self) -> int:
        """Bytes that wait for the client, once there can be no more of them until it reads; else 0."""
        return self.transport.get_write_buffer_size() if self.flow.write_paused or self.transport.is_closing() else 0

    def _close_if_unfinished(self) -> None:
        """Close it when no request has begun since the last check, unless a whole one is being answered or was answered."""
        if (
            self.cycle is self._last_cycle
            and self._idle_since is None
            and not (self.answering and not self.cycle.more_body)
            and not self._is_arriving()
        ):
            self.transport.close()
        self._last_cycle = self.cycle
        self._body_bytes = 0

    def _is_arriving(self) -> bool:
        """Whether a request that may be slow has come on since the last check, or waits for the application to read it."""
        is_slow = self.answering and self.cycle is self._slow_cycle
        return is_slow and (self.flow.read_paused or self._body_bytes >= MIN_BODY_RATE * self._timeout)


def abort_unfinished_handshake(websocket: Any) -> None:
    """Abort a WebSocket whose handshake is unfinished. Open ones have timeouts of their own."""
    if not websocket.handshake_complete:
        websocket.transport.abort()
