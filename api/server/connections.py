"""How many connections may one address hold, and for how long one that asks nothing?

uvicorn sets no limit to either: a few machines that open connections and send a byte now and then would use up all there are.
"""

import asyncio
from collections import Counter
from typing import Any

from api.addresses import rate_limit_address
from api.domain.errors import bad_input
from api.limits import Limits
from api.middleware.client_address import Proxies
from api.server.head_limits import BoundedHttpProtocol, refusal
from api.services.rate_limiting import RateLimitResult, rate_limited

RETRY_AFTER = 10.0  # seconds


class Connections:
    """The open connections of a process, counted by the address they come from. Proxies may have any number."""

    def __init__(self, limits: Limits, proxies: Proxies) -> None:
        self.limits = limits
        self._most = limits.connections
        self._proxies = proxies
        self._open: Counter[str] = Counter()

    def admit(self, peer: str) -> bool:
        """Count one more from this peer, unless it has as many as it may."""
        key = rate_limit_address(peer)
        if self._most and self._open[key] >= self._most and not self._proxies.is_trusted(peer):
            return False
        self._open[key] += 1
        return True

    def release(self, peer: str) -> None:
        """Count one less."""
        key = rate_limit_address(peer)
        self._open[key] -= 1
        if not self._open[key]:
            del self._open[key]

    def refusal(self) -> bytes:
        """What a connection too many is told, as bytes on the wire."""
        return refusal(rate_limited(RateLimitResult("connections", self._most, 0, RETRY_AFTER, RETRY_AFTER)), 429)


class GuardedHttpProtocol(BoundedHttpProtocol):
    """One connection. It is closed when it has asked nothing for a while, or has not come to the end of a request.

    It is cut when nothing of an answer has been read for a while.
    """

    def __init__(self, connections: Connections, **given: Any) -> None:
        super().__init__(connections.limits, **given)
        self._counted = connections
        self._patience = connections.limits.seconds
        self._admitted: str | None = None
        self._seen: object = None
        self._unread = 0  # bytes that waited at the last look for the client to read, none if it has read since
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take it, or say why not and close it."""
        super().connection_made(transport)
        peer = self.client[0] if self.client else ""
        if not self._counted.admit(peer):
            transport.write(self._counted.refusal())
            transport.close()
            return
        self._admitted = peer
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        self._let_go()
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """The client has read."""
        self._unread = 0
        super().resume_writing()

    def handle_websocket_upgrade(self) -> None:
        """Hand it on, and count it until it is lost.

        Nothing holds this object from then on: there are thousands of sockets, and it takes as much as one of them.
        """
        super().handle_websocket_upgrade()
        taken_over: Any = self.transport.get_protocol()
        lost, counted, peer, self._admitted = taken_over.connection_lost, self._counted, self._admitted, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        timer = self.loop.call_later(self._patience, cut_unfinished, taken_over) if self._patience else None

        def connection_lost(exc: Exception | None) -> None:
            if timer is not None:
                timer.cancel()
            if peer is not None:
                counted.release(peer)
            lost(exc)

        taken_over.connection_lost = connection_lost
        if not taken_over.handshake_initiated:
            self._turn_down(b"".join(taken_over.conn.data_to_send()))

    def _turn_down(self, why: bytes) -> None:
        """Say why a handshake could not be read, which uvicorn keeps to itself."""
        self.transport.write(why or refusal(bad_input("WebSocket握手有误。", "This is no WebSocket handshake."), 400))
        self.transport.close()

    def _look_later(self) -> None:
        if self._patience:
            self._timer = self.loop.call_later(self._patience, self.look)

    def look(self) -> None:
        """Cut or close it, if it has made no progress since the last look."""
        unread = self._unreadable()
        if 0 < self._unread <= unread:
            self.transport.abort()
            return
        self._unread = unread
        self._close_if_silent()
        self._look_later()

    def _unreadable(self) -> int:
        """Bytes that wait for the client, in a state in which there can be no more of them until it reads."""
        return self.transport.get_write_buffer_size() if self.flow.write_paused or self.transport.is_closing() else 0

    def _close_if_silent(self) -> None:
        """Close it when nothing has begun since the last look, unless a request that has arrived is being answered."""
        if self.cycle is self._seen and not (self.answering and not self.cycle.more_body):
            self.transport.close()
        self._seen = self.cycle

    def _let_go(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._admitted is not None:
            self._counted.release(self._admitted)
            self._admitted = None


def cut_unfinished(wire: Any) -> None:
    """Cut a WebSocket whose handshake has come to no end. Open ones are looked after elsewhere."""
    if not wire.handshake_complete:
        wire.transport.abort()
