"""The request that this task answers: its request id and the name of its operation, for logs and metrics."""

from contextvars import ContextVar
from time import perf_counter


class RequestInfo:
    """One request. operation: the name of the operation it executes, empty for one without a name; None before that."""

    __slots__ = ("began", "operation", "request_id")

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.operation: str | None = None
        self.began = perf_counter()


REQUEST_INFO: ContextVar[RequestInfo | None] = ContextVar("request_info", default=None)


def set_operation_name(operation: str | None) -> None:
    """Note which operation the current request executes, for the request log and the metrics."""
    request_info = REQUEST_INFO.get()
    if request_info is not None:
        request_info.operation = operation
