"""How one application gives way to the next behind the same address: nobody is between the two."""

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

DRAIN_TIMEOUT = 5.0  # seconds in which requests that are under way come to their end
SERVICE_RESTART = 1012  # the code that sockets are closed with


class AppSwitcher:
    """The application of whatever is open now. While there is none, requests wait."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._opened = asyncio.Event()
        self._visitors: set[_Visitor] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the application answer one request, or serve one socket."""
        while (app := self._app) is None:
            await self._opened.wait()
        visitor = _Visitor(scope, receive, send)
        self._visitors.add(visitor)
        try:
            await visitor.see(app)
        finally:
            self._visitors.discard(visitor)

    def open(self, app: ASGIApp) -> None:
        """Let this application answer from now on."""
        self._app = app
        self._opened.set()

    async def close(self) -> None:
        """Hang up on whoever listens, let what is under way be answered, and keep newcomers waiting."""
        self._opened.clear()
        self._app = None
        leaving = [visitor.leave() for visitor in self._visitors]
        if leaving:
            _, late = await asyncio.wait(leaving, timeout=DRAIN_TIMEOUT)
            for task in late:
                task.cancel()


class _Visitor:
    """One request or one socket, which can be told that its caller has gone although it has not."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._is_socket = scope["type"] == "websocket"
        self._scope, self._receive, self._send = scope, receive, send
        self._task: asyncio.Task[Any] | None = asyncio.current_task()
        self._left = asyncio.Event()
        self._has_sent_all = self._is_socket  # whether the caller's request is here as a whole
        self._under_way = False  # whether an answer was begun and not ended

    async def see(self, app: ASGIApp) -> None:
        """Be answered."""
        await app(self._scope, self._hear, self._say)
        if self._under_way and self._left.is_set():
            await self._send({"type": "http.response.body", "body": b""})

    def leave(self) -> "asyncio.Task[Any]":
        """Be told to come to an end; the task in which that happens."""
        if self._task is None:
            raise RuntimeError("a visitor comes in a task")
        self._left.set()
        return self._task

    async def _hear(self) -> Message:
        """What the caller sends next, or that it is gone. A request's own body is always heard to its end."""
        if not self._has_sent_all:
            message = await self._receive()
            self._has_sent_all = not message.get("more_body", False)
            return message
        return await self._next_or_gone()

    async def _next_or_gone(self) -> Message:
        arriving = asyncio.ensure_future(self._receive())
        leaving = asyncio.ensure_future(self._left.wait())
        try:
            await asyncio.wait([arriving, leaving], return_when=asyncio.FIRST_COMPLETED)
            if arriving.done():
                return arriving.result()
        finally:
            arriving.cancel()
            leaving.cancel()
        return await self._gone()

    async def _gone(self) -> Message:
        if not self._is_socket:
            return {"type": "http.disconnect"}
        await self._send({"type": "websocket.close", "code": SERVICE_RESTART, "reason": "the sandbox is reset"})
        return {"type": "websocket.disconnect", "code": SERVICE_RESTART}

    async def _say(self, message: Message) -> None:
        """What the application sends; a socket that was hung up on hears no more."""
        if self._is_socket and self._left.is_set():
            return
        if message["type"].startswith("http.response."):
            self._under_way = message["type"] == "http.response.start" or message.get("more_body", False)
        await self._send(message)
