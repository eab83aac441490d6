"""How do thousands of clients watch from one process? A socket each, of which only what the benchmark needs is spoken."""

import asyncio
import json
import os
import socket
import struct
import time
from base64 import b64encode
from collections.abc import Sequence
from typing import cast

IP_BIND_ADDRESS_NO_PORT = 24  # the port is chosen when it connects, so that several may have the same
HANDSHAKE = "\r\n".join(
    (
        "GET /graphql HTTP/1.1",
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Origin: https://servicewechat.com",
        "User-Agent: Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
        "Accept-Language: zh-CN,zh;q=0.9",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: graphql-transport-ws",
        "Sec-WebSocket-Key: {key}",
        "",
        "",
    )
)
SMALL_BUFFER = 8 * 1024  # bytes that the kernel takes for a client that is going to stop reading
AT_A_TIME = 200  # handshakes under way
PER_ADDRESS = (
    10_000  # clients of one address: beyond half of its 28,000 ports the kernel looks for a free one at length
)


class Watcher(asyncio.Protocol):
    """One client. arrived: when each update came, on the clock of time.perf_counter."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.arrived: list[float] = []
        self.bytes = 0
        self.closed = False
        self.first = asyncio.get_running_loop().create_future()
        self._unread = b""
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the handshake."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(HANDSHAKE.format(key=b64encode(os.urandom(16)).decode()).encode())

    def connection_lost(self, error: Exception | None) -> None:
        """The server has cut it, or the run is over."""
        self.closed = True
        if not self.first.done():
            self.first.set_exception(ConnectionError("closed before the first update"))

    def data_received(self, data: bytes) -> None:
        """Frames of a server are not masked and, here, never in pieces."""
        self._unread = self._unread + data if self._unread else data
        if not self._open and (end := self._unread.find(b"\r\n\r\n")) >= 0:
            self._open, self._unread = True, self._unread[end + 4 :]
            self._send({"type": "connection_init"})
            self._send({"type": "subscribe", "id": os.urandom(16).hex(), "payload": {"query": self.query}})
        while self._open and (length := _length(self._unread)) is not None and len(self._unread) >= length:
            frame, self._unread = self._unread[:length], self._unread[length:]
            self._receive_frame(frame)

    def _receive_frame(self, frame: bytes) -> None:
        self.bytes += len(frame)
        if b'"type":"next"' in frame:
            self.arrived.append(time.perf_counter())
            if not self.first.done():
                self.first.set_result(None)
        elif b'"type":"ping"' in frame:
            self._send({"type": "pong"})

    def _send(self, message: object) -> None:
        text = json.dumps(message).encode()
        head = bytes([0x81, 0x80 | len(text)]) if len(text) < 126 else struct.pack("!BBH", 0x81, 0xFE, len(text))
        self.transport.write(head + bytes(4) + text)  # a mask of zeros changes nothing


def _length(data: bytes) -> int | None:
    """The bytes of the first frame, its head included; None as long as that cannot be said."""
    if len(data) < 4:
        return None
    short = data[1] & 0x7F
    if short < 126:
        return 2 + short
    if short == 126:
        return 4 + int(struct.unpack("!H", data[2:4])[0])
    return 10 + int(struct.unpack("!Q", data[2:10])[0]) if len(data) >= 10 else None


async def watchers(port: int, queries: Sequence[str], *, narrow: bool = False) -> list[Watcher]:
    """One client for each query, each with its first result. narrow: the kernel keeps little for them."""
    clients: list[Watcher] = []
    for start in range(0, len(queries), AT_A_TIME):
        source = f"127.0.0.{2 + start // PER_ADDRESS}"
        here = queries[start : start + AT_A_TIME]
        opened = await asyncio.gather(*(_open(port, query, source, narrow) for query in here))
        await asyncio.gather(*(watcher.first for watcher in opened))
        clients += opened
    return clients


async def _open(port: int, query: str, source: str, narrow: bool) -> Watcher:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    sock.bind((source, 0))
    if narrow:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    _, watcher = await asyncio.get_running_loop().create_connection(lambda: Watcher(query), sock=sock)
    return watcher
