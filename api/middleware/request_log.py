"""Request ids, the access log, and what the instrumentation is told of every request."""

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
    """No caller is trusted to name its requests."""
    return False


class RequestLogMiddleware:
    """Gives every request of an application its id, tells the watch how it was answered, and logs it if asked to.

    access_log is `off`, `on`, or `address`, as PINGXUAN_ACCESS_LOG has it. trusts says of a connection whether its
    X-Request-Id is believed.
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
        self._names = OperationNames()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request_info = RequestInfo(self._request_id(scope))
        REQUEST_INFO.set(request_info)
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        header = (REQUEST_ID, request_info.request_id.encode())

        def answer(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), header]}
                self._answered(request_info, scope, message["status"])
            return send(message)

        with self._instrumentation.trace_request(request_info.request_id):
            await self._app(scope, receive, answer)

    def _answered(self, request_info: RequestInfo, scope: Scope, status: int) -> None:
        seconds = perf_counter() - request_info.began
        operation = None if request_info.operation is None else self._names.bounded(request_info.operation)
        self._instrumentation.count_response(operation, status, seconds)
        if self._access_log != "off":
            self._log(scope, status, seconds, operation)

    def _log(self, scope: Scope, status: int, seconds: float, operation: str | None) -> None:
        """One line: never a query string, a header or a body."""
        path = scope.get("raw_path", b"").decode("ascii", "replace")[:MAX_LOGGED_PATH]
        told = {"method": scope["method"], "path": path, "status": status, "milliseconds": round(seconds * 1000, 3)}
        if operation is not None:
            told["operation"] = operation
        if self._access_log == "address":
            told["address"] = (scope.get("client") or ("unknown",))[0]
        log.info("answered", extra=told)

    def _request_id(self, scope: Scope) -> str:
        if self._trusts(scope):
            given = next((value for name, value in scope["headers"] if name == REQUEST_ID), b"")
            if WELL_FORMED.fullmatch(given):
                return given.decode()
        return os.urandom(8).hex()
