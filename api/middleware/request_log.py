"""The request log: middleware that gives every request its request id, counts it in metrics and writes the access log."""

import logging
import os
import re
from collections.abc import Awaitable, Callable
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.request_info import REQUEST_INFO, RequestInfo
from api.instrumentation import Instrumentation
from api.observability.operation_names import OperationNames

REQUEST_ID = b"x-request-id"
WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{1,64}")
MAX_LOGGED_PATH = 200  # characters of a path in the log
log = logging.getLogger("pingxuan.access")


def trust_nobody(scope: Scope) -> bool:
    """Believe nobody's X-Request-Id."""
    return False


class RequestLogMiddleware:
    """ASGI middleware. access_log: `off`, `on` or `address`, as in PINGXUAN_ACCESS_LOG.

    trusts: whether to believe the X-Request-Id of a connection.
    """

    def __init__(
        self,
        app: ASGIApp,
        instrumentation: Instrumentation,
        access_log: str = "off",
        trusts: Callable[[Scope], bool] = trust_nobody,
    ) -> None:
        self._app = app
        self._instrumentation = instrumentation
        self._access_log = access_log
        self._trusts = trusts
        self._operation_names = OperationNames()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, with a request id in its context and in its response."""
        request_info = RequestInfo(self._request_id(scope))
        REQUEST_INFO.set(request_info)
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        header = (REQUEST_ID, request_info.request_id.encode())

        def send_with_request_id(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), header]}
                self._count(request_info, scope, message["status"])
            return send(message)

        with self._instrumentation.trace_request(request_info.request_id):
            await self._app(scope, receive, send_with_request_id)

    def _count(self, request_info: RequestInfo, scope: Scope, status: int) -> None:
        seconds = perf_counter() - request_info.began
        operation = None if request_info.operation is None else self._operation_names.bounded(request_info.operation)
        self._instrumentation.count_response(operation, status, seconds)
        if self._access_log != "off":
            self._log(scope, status, seconds, operation)

    def _log(self, scope: Scope, status: int, seconds: float, operation: str | None) -> None:
        """Write one line, without query string, headers and body."""
        path = scope.get("raw_path", b"").decode("ascii", "replace")[:MAX_LOGGED_PATH]
        fields = {"method": scope["method"], "path": path, "status": status, "milliseconds": round(seconds * 1000, 3)}
        if operation is not None:
            fields["operation"] = operation
        if self._access_log == "address":
            fields["address"] = (scope.get("client") or ("unknown",))[0]
        log.info("answered", extra=fields)

    def _request_id(self, scope: Scope) -> str:
        if self._trusts(scope):
            request_id = next((value for name, value in scope["headers"] if name == REQUEST_ID), b"")
            if WELL_FORMED.fullmatch(request_id):
                return request_id.decode()
        return os.urandom(8).hex()
