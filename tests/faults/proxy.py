"""A connection between a server and its database, or between callers and a server, that can be cut or go silent."""

import asyncio
import socket
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

PIECE = 65_536  # bytes


class Proxy:
    """Passes bytes on to a port of this machine, in a thread of its own. `port` is where it listens; `target` may change."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._deaf: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._mute = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port: int = self._do(self._listen())

    def cut(self) -> None:
        """Reset every connection, at both ends."""
        self._do(self._cut())

    def deafen(self) -> None:
        """Leave every connection open, and pass nothing on any more, as when a firewall has forgotten it. New ones work."""
        self._do(self._deafen())

    def hold(self) -> None:
        """Pass nothing on, on new connections as well, until `release`."""
        self._do(self._set_flowing(False))

    def hold_answers(self) -> None:
        """Pass on what is sent to the target, and nothing of what it answers."""
        self._mute = True

    def release(self) -> None:
        """Pass on again, first what was held."""
        self._do(self._set_flowing(True))

    def close(self) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._flowing.wait()
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        pair = writer, back
        self._pairs.add(pair)
        if self._mute:
            self._deaf.add(writer)
        self._begin(self._pass_on(reader, back, pair))
        self._begin(self._pass_on(there, writer, pair))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
    ) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                await self._flowing.wait()
                if writer not in self._deaf:
                    writer.write(piece)
                    await writer.drain()
        if writer not in self._deaf:
            writer.close()
            self._pairs.discard(pair)

    async def _cut(self) -> None:
        pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for writer in pair:
                reset(writer)

    async def _deafen(self) -> None:
        self._deaf |= {writer for pair in self._pairs for writer in pair}

    async def _set_flowing(self, flowing: bool) -> None:
        (self._flowing.set if flowing else self._flowing.clear)()

    async def _close(self) -> None:
        self._server.close()
        await self._cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST, and not in order."""
    connection = writer.get_extra_info("socket")
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    writer.transport.abort()
