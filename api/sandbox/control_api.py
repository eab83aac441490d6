"""The HTTP API with which tests control a sandbox: read its state, set and move its clock, reset it."""

import logging
import math
from datetime import datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.domain.errors import ApiError, bad_input
from api.domain.texts import Text
from api.http.routing_errors import error_response, web_application
from api.sandbox.clock import ManualClock
from api.sandbox.info import PATH, SandboxInfo
from api.sandbox.sandbox import Sandbox
from api.settings import parsers

log = logging.getLogger("pingxuan.sandbox")


class ControlApi:
    """The ASGI application of a sandbox: the control API under /sandbox, and the server's own application elsewhere."""

    def __init__(self, sandbox: Sandbox, info: SandboxInfo) -> None:
        self._sandbox = sandbox
        self._info = info
        self._control = web_application(
            [
                Route(PATH, self._show_state),
                Route(f"{PATH}/clock", self._change_clock, methods=["POST"]),
                Route(f"{PATH}/reset", self._reset, methods=["POST"]),
            ],
            {ApiError: _error_response},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Dispatch one request by its path."""
        path = scope.get("path", "")
        is_control = scope["type"] == "http" and (path == PATH or path.startswith(f"{PATH}/"))
        app: ASGIApp = self._control if is_control else self._sandbox.app
        await app(scope, receive, send)

    async def _show_state(self, request: Request) -> Response:
        return JSONResponse(self._info.state())

    async def _change_clock(self, request: Request) -> Response:
        change_clock(self._sandbox.clock, await request.body())
        return JSONResponse(self._info.state())

    async def _reset(self, request: Request) -> Response:
        milliseconds = await self._sandbox.reset()
        log.info("reset in %.1f ms", milliseconds)
        return JSONResponse({**self._info.state(), "resetMilliseconds": round(milliseconds, 1)})


def change_clock(clock: ManualClock, body: bytes) -> None:
    """Apply the change in a request body. Raises ApiError BAD_INPUT, and then changes nothing."""
    match _parse_json(body):
        case {"at": str(text), **rest} if not rest:
            clock.set(_parse_instant(text))
        case {"move": int() | float() as seconds, **rest} if not rest and _is_finite(seconds):
            clock.move(seconds)
        case {"tick": bool(on), **rest} if not rest:
            clock.tick(on=on)
        case _:
            raise bad_input(
                Text(
                    '请发送{"at": "2017-03-23T09:00:00+08:00"}、{"move": 秒数}或{"tick": true或false}之一。',
                    'Send one of {"at": "2017-03-23T09:00:00+08:00"}, {"move": SECONDS} and {"tick": true or false}.',
                ),
            )


def _parse_json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _is_finite(value: float) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or math.isfinite(value))


def _parse_instant(text: str) -> datetime:
    try:
        return parsers.instant(text)
    except ValueError as error:
        raise bad_input(
            Text(
                "at须为带时区的时刻，例如{opening_morning}。",
                "at: {error}.",
                opening_morning=parsers.OPENING_MORNING,
                error=error,
            )
        ) from None


async def _error_response(request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return error_response(request, error, 400)
