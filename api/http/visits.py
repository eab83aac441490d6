"""What is known of the request that is being answered: its id, and the name of its operation."""

import logging
import os
import re
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.operations.names import OperationNames
from api.watching import Watch

REQUEST_ID = b"x-request-id"
WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{1,64}")
LONGEST_PATH = 200  # characters of a path in the log
log = logging.getLogger("pingxuan.access")


class Visit:
    """One request. operation is the name of what it executes, empty without one; None while there is none."""

    __slots__ = ("began", "name", "operation")

    def __init__(self, name: str) -> None:
        self.name = name
        self.operation: str | None = None
        self.began = perf_counter()


VISIT: ContextVar[Visit | None] = ContextVar("visit", default=None)


def executes(operation: str | None) -> None:
    """Note what the current request executes, if anything; the name is empty for an operation without one."""
    visit = VISIT.get()
    if visit is not None:
        visit.operation = operation


def nobody(scope: Scope) -> bool:
    """No caller is trusted to name its requests."""
    return False


class Visits:
    """Gives every request of an application its id, tells the watch how it was answered, and logs it if asked to.

    access_log is `off`, `on`, or `address`, as PINGXUAN_ACCESS_LOG has it. trusts says of a connection whether its
    X-Request-Id is believed.
    """

    def __init__(
        self, app: ASGIApp, watch: Watch, access_log: str = "off", trusts: Callable[[Scope], bool] = nobody
    ) -> None:
        self._app = app
        self._watch = watch
        self._access_log = access_log
        self._trusts = trusts
        self._names = OperationNames()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        visit = Visit(self._name(scope))
        VISIT.set(visit)
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        header = (REQUEST_ID, visit.name.encode())

        def answer(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), header]}
                self._answered(visit, scope, message["status"])
            return send(message)

        with self._watch.visiting(visit.name):
            await self._app(scope, receive, answer)

    def _answered(self, visit: Visit, scope: Scope, status: int) -> None:
        seconds = perf_counter() - visit.began
        operation = None if visit.operation is None else self._names.bounded(visit.operation)
        self._watch.answered(operation, status, seconds)
        if self._access_log != "off":
            self._log(scope, status, seconds, operation)

    def _log(self, scope: Scope, status: int, seconds: float, operation: str | None) -> None:
        """One line: never a query string, a header or a body."""
        path = scope.get("raw_path", b"").decode("ascii", "replace")[:LONGEST_PATH]
        told = {"method": scope["method"], "path": path, "status": status, "milliseconds": round(seconds * 1000, 3)}
        if operation is not None:
            told["operation"] = operation
        if self._access_log == "address":
            told["address"] = (scope.get("client") or ("unknown",))[0]
        log.info("answered", extra=told)

    def _name(self, scope: Scope) -> str:
        if self._trusts(scope):
            given = next((value for name, value in scope["headers"] if name == REQUEST_ID), b"")
            if WELL_FORMED.fullmatch(given):
                return given.decode()
        return os.urandom(8).hex()
