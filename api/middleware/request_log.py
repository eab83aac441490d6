"""The request log: it gives every request its request id, counts it in metrics and writes the access log."""

import logging
import os
import re
from collections.abc import Callable
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.request import REQUEST, Headers, Request
from api.http.responses import sending_headers
from api.instrumentation import Instrumentation
from api.observability.operation_names import OperationNames

REQUEST_ID = b"x-request-id"
WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{1,64}")
ID_LENGTH, IDS_AT_ONCE = 16, 256  # hexadecimal digits of a request id; how many are made at once
MAX_LOGGED_PATH = 200  # characters of a path in the log
log = logging.getLogger("pingxuan.access")


def trust_nobody(peer: str) -> bool:
    """Believe nobody's X-Request-Id."""
    return False


class RequestLog:
    """access_log: `off`, `on` or `address`, as in PINGXUAN_ACCESS_LOG. trusts: whether to believe a peer's X-Request-Id."""

    def __init__(
        self, instrumentation: Instrumentation, access_log: str = "off", trusts: Callable[[str], bool] = trust_nobody
    ) -> None:
        self._instrumentation = instrumentation
        self._access_log = access_log
        self._trusts = trusts
        self._operation_names = OperationNames()
        self._ids: list[str] = []

    def begin(self, request: Request) -> None:
        """Give a request its request id."""
        given = request.headers.get(REQUEST_ID)
        if given is not None and WELL_FORMED.fullmatch(given) and self._trusts(request.peer):
            request.request_id = given.decode()
        else:
            if not self._ids:  # many are made at once: the kernel takes as long for one
                digits = os.urandom(IDS_AT_ONCE * ID_LENGTH // 2).hex()
                self._ids = [digits[place : place + ID_LENGTH] for place in range(0, len(digits), ID_LENGTH)]
            request.request_id = self._ids.pop()

    def end(self, request: Request, status: int) -> tuple[bytes, bytes]:
        """Count and log that it is answered. Returns the last header of the response, which has its request id."""
        seconds = perf_counter() - request.began
        operation = None if request.operation is None else self._operation_names.bounded(request.operation)
        self._instrumentation.count_response(operation, status, seconds)
        if self._access_log != "off":
            self._write(request, status, seconds, operation)
        return (REQUEST_ID, request.request_id.encode())

    def _write(self, request: Request, status: int, seconds: float, operation: str | None) -> None:
        """Write one line, without query string, headers and body."""
        path = request.raw_path.decode("ascii", "replace")[:MAX_LOGGED_PATH]
        fields = {"method": request.method, "path": path, "status": status, "milliseconds": round(seconds * 1000, 3)}
        if operation is not None:
            fields["operation"] = operation
        if self._access_log == "address":
            fields["address"] = request.address
        log.info("answered", extra=fields)


class RequestLogMiddleware:
    """ASGI middleware that logs HTTP requests, and gives WebSockets a request id too."""

    def __init__(self, app: ASGIApp, request_log: RequestLog, instrumentation: Instrumentation) -> None:
        self._app = app
        self._request_log = request_log
        self._instrumentation = instrumentation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, with a request id in its context and in its response."""
        request = Request.of(scope)
        self._request_log.begin(request)
        REQUEST.set(request)
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        def headers(start: Message) -> Headers:
            return [*start.get("headers", ()), self._request_log.end(request, start["status"])]

        with self._instrumentation.trace_request(request.request_id):
            await self._app(scope, receive, sending_headers(send, headers))
