"""Connections to PostgreSQL: what their statements are called, when a silent one fails, what is not reset between two uses."""

import secrets
import socket
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg publishes no types

TCP_TIMEOUT = 15  # seconds without an answer from the other machine after which a connection to it fails


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg publishes no types
    """A connection whose statements have names that no other gives: behind a pooler they may meet in one session."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._own_name = secrets.token_hex(8)

    def _get_unique_id(self, prefix: str) -> str:
        return f"{super()._get_unique_id(prefix)}{self._own_name}"


async def set_tcp_timeouts(connection: Any) -> None:
    """Have a connection fail soon when its network is cut off. The system's own timeout is a quarter of an hour or more."""
    transport = connection._transport  # None once the connection is lost
    tcp = None if transport is None else transport.get_extra_info("socket")
    if tcp is None or tcp.family == socket.AF_UNIX:
        return
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("USER_TIMEOUT", 1000 * TCP_TIMEOUT),
        ("KEEPIDLE", TCP_TIMEOUT // 3),
        ("KEEPINTVL", TCP_TIMEOUT // 3),
    ):
        if (option := getattr(socket, f"TCP_{name}", None)) is not None:  # not every system has all three
            tcp.setsockopt(socket.IPPROTO_TCP, option, value)


async def skip_session_reset(_connection: object) -> None:
    """Reset nothing when a connection returns to the pool, which halves the cost of a small query.

    It is safe because asyncpg itself still rolls back an open transaction and drops listeners before it calls this;
    all that is left out is `RESET ALL`, `UNLISTEN *`, `CLOSE ALL` and `pg_advisory_unlock_all()`. So nothing on this
    pool may leave session state behind: SET LOCAL rather than SET, advisory locks and cursors that end with their
    transaction, and LISTEN only on a connection of one's own.
    """
