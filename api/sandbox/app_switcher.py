"""Replace one ASGI application by the next at the same address, without a request that meets neither."""

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

DRAIN_TIMEOUT = 5.0  # seconds for requests in progress to end
SERVICE_RESTART = 1012  # the close code of WebSockets


class AppSwitcher:
    """An ASGI application that passes requests to the application that is open; while none is, requests wait."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._has_app = asyncio.Event()
        self._connections: set[_Connection] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request or one WebSocket."""
        while (app := self._app) is None:
            await self._has_app.wait()
        connection = _Connection(scope, receive, send)
        self._connections.add(connection)
        try:
            await connection.run(app)
        finally:
            self._connections.discard(connection)

    def open(self, app: ASGIApp) -> None:
        """Pass requests to this application from now on."""
        self._app = app
        self._has_app.set()

    async def close(self) -> None:
        """Disconnect WebSockets and streams, finish the requests in progress, and let new ones wait."""
        self._has_app.clear()
        self._app = None
        tasks = [connection.disconnect() for connection in self._connections]
        if tasks:
            _, unfinished = await asyncio.wait(tasks, timeout=DRAIN_TIMEOUT)
            for task in unfinished:
                task.cancel()


class _Connection:
    """One request or one WebSocket. `disconnect` tells its application that the client has gone although it has not."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._is_socket = scope["type"] == "websocket"
        self._scope, self._receive, self._send = scope, receive, send
        self._task: asyncio.Task[Any] | None = asyncio.current_task()
        self._disconnected = asyncio.Event()
        self._has_body = self._is_socket  # whether the whole body of the request has been received
        self._is_responding = False  # whether a response has been started and not ended

    async def run(self, app: ASGIApp) -> None:
        """Run the application, and end a response that it leaves unfinished because of the disconnection."""
        await app(self._scope, self._receive_message, self._send_message)
        if self._is_responding and self._disconnected.is_set():
            await self._send({"type": "http.response.body", "body": b""})

    def disconnect(self) -> "asyncio.Task[Any]":
        """Make the application end; the task in which it does."""
        if self._task is None:
            raise RuntimeError("an application runs in a task")
        self._disconnected.set()
        return self._task

    async def _receive_message(self) -> Message:
        """The client's next message, or a disconnection; the body of a request is received to its end in any case."""
        if not self._has_body:
            message = await self._receive()
            self._has_body = not message.get("more_body", False)
            return message
        return await self._next_or_disconnect()

    async def _next_or_disconnect(self) -> Message:
        receiving = asyncio.ensure_future(self._receive())
        waiting = asyncio.ensure_future(self._disconnected.wait())
        try:
            await asyncio.wait([receiving, waiting], return_when=asyncio.FIRST_COMPLETED)
            if receiving.done():
                return receiving.result()
        finally:
            receiving.cancel()
            waiting.cancel()
        return await self._disconnect_message()

    async def _disconnect_message(self) -> Message:
        if not self._is_socket:
            return {"type": "http.disconnect"}
        await self._send({"type": "websocket.close", "code": SERVICE_RESTART, "reason": "the sandbox is reset"})
        return {"type": "websocket.disconnect", "code": SERVICE_RESTART}

    async def _send_message(self, message: Message) -> None:
        """Send a message of the application's; after the disconnection of a WebSocket, drop it."""
        if self._is_socket and self._disconnected.is_set():
            return
        if message["type"].startswith("http.response."):
            self._is_responding = message["type"] == "http.response.start" or message.get("more_body", False)
        await self._send(message)
