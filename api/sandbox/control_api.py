"""What a test can do to a sandbox over HTTP: ask for its state, set and move its clock, reset it."""

import logging
import math
from datetime import datetime
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.domain.errors import ApiError, bad_input
from api.http import responses
from api.http.negotiation import negotiate_language
from api.sandbox.clock import ManualClock
from api.sandbox.info import PATH, SandboxInfo
from api.sandbox.sandbox import Sandbox
from api.settings import parsers

log = logging.getLogger("pingxuan.sandbox")


class ControlApi:
    """The application of a sandbox: its control under /sandbox, and behind every other path what a server serves there."""

    def __init__(self, sandbox: Sandbox, about: SandboxInfo) -> None:
        self._sandbox = sandbox
        self._about = about
        self._control = Starlette(
            routes=[
                Route(PATH, self._tell),
                Route(f"{PATH}/clock", self._change_clock, methods=["POST"]),
                Route(f"{PATH}/reset", self._reset, methods=["POST"]),
            ],
            exception_handlers={ApiError: _explain},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope.get("path", "")
        mine = scope["type"] == "http" and (path == PATH or path.startswith(f"{PATH}/"))
        app: ASGIApp = self._control if mine else self._sandbox.stage
        await app(scope, receive, send)

    async def _tell(self, request: Request) -> Response:
        return JSONResponse(self._about.state())

    async def _change_clock(self, request: Request) -> Response:
        change_clock(self._sandbox.clock, await request.body())
        return JSONResponse(self._about.state())

    async def _reset(self, request: Request) -> Response:
        milliseconds = await self._sandbox.reset()
        log.info("reset in %.1f ms", milliseconds)
        return JSONResponse({**self._about.state(), "resetMilliseconds": round(milliseconds, 1)})


def change_clock(clock: ManualClock, body: bytes) -> None:
    """Do to the clock what a body says. Raises ApiError BAD_INPUT, and has then changed nothing."""
    match _read(body):
        case {"at": str(text), **rest} if not rest:
            clock.set(_instant(text))
        case {"move": int() | float() as seconds, **rest} if not rest and _is_number(seconds):
            clock.move(seconds)
        case {"tick": bool(on), **rest} if not rest:
            clock.tick(on=on)
        case _:
            raise bad_input(
                '请发送{"at": "2017-03-23T09:00:00+08:00"}、{"move": 秒数}或{"tick": true或false}之一。',
                'Send one of {"at": "2017-03-23T09:00:00+08:00"}, {"move": SECONDS} and {"tick": true or false}.',
            )


def _read(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _is_number(value: float) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or math.isfinite(value))


def _instant(text: str) -> datetime:
    try:
        return parsers.instant(text)
    except ValueError as error:
        raise bad_input(f"at须为带时区的时刻，例如{parsers.OPENING_MORNING}。", f"at: {error}.") from None


async def _explain(request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    spoken = negotiate_language(request.headers.get("accept-language"))
    return JSONResponse({"errors": [responses.error_dict(error, spoken)]}, 400)
