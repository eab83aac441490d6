"""The request that is being answered: its request id, and the name of the operation it executes."""

from contextvars import ContextVar
from time import perf_counter


class RequestInfo:
    """One request. operation is the name of what it executes, empty without one; None while there is none."""

    __slots__ = ("began", "name", "operation")

    def __init__(self, name: str) -> None:
        self.name = name
        self.operation: str | None = None
        self.began = perf_counter()


REQUEST_INFO: ContextVar[RequestInfo | None] = ContextVar("request_info", default=None)


def set_operation_name(operation: str | None) -> None:
    """Note what the current request executes, if anything; the name is empty for an operation without one."""
    request_info = REQUEST_INFO.get()
    if request_info is not None:
        request_info.operation = operation
