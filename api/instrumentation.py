"""Who is told what goes on, so that it can be counted and traced. Nothing that is told here changes what happens."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from typing import Protocol

from api.domain.voting.violations import Violation

NO_SPAN: AbstractContextManager[object] = nullcontext()  # around what nobody watches


class Gauge(Enum):
    """What has a number at every moment, and its meaning for whoever reads it."""

    BALLOTS_WAITING = "Ballots that wait to be stored."
    SNAPSHOT_AGE_SECONDS = "Age of the newest snapshot; it is renewed when it is asked for."
    SOCKETS = "WebSockets that are open."
    STREAMS = "Event streams that are open or reserved."
    TOPICS = "Distinct subscriptions that are kept up to date."


class Instrumentation(Protocol):
    """Sees requests, their steps, commits, refreshes and refusals. Every method is quick and never raises."""

    def trace_request(self, request: str) -> AbstractContextManager[object]:
        """Around one HTTP request, which is known by this id."""
        ...

    def trace_step(self, name: str) -> AbstractContextManager[object]:
        """Around one step of a request, such as `prepare` or `execute`."""
        ...

    def count_response(self, operation: str | None, status: int, seconds: float) -> None:
        """A request was answered with this HTTP status, so many seconds after it came. operation is a bounded name."""
        ...

    def count_operation(self, operation: str, seconds: float) -> None:
        """An operation that came by a socket or a stream had its first answer, so many seconds after it came.

        operation is its own name, whatever the caller made up; empty when it has none.
        """
        ...

    def count_error(self, code: str) -> None:
        """An answer had an error with this code."""
        ...

    def count_refusal(self, violations: Sequence[Violation]) -> None:
        """A ballot was not stored, for these reasons."""
        ...

    def trace_commit(self, ballots: int) -> AbstractContextManager[object]:
        """Around one transaction that stores so many ballots; an exception out of it means that it stored none."""
        ...

    def trace_refresh(self) -> AbstractContextManager[object]:
        """Around the making of one snapshot; an exception out of it means that there is none."""
        ...

    def register_gauge(self, gauge: Gauge, read: Callable[[], float]) -> None:
        """Where to read a number of now, at any time and from any thread."""
        ...


class NoInstrumentation:
    """Nobody looks."""

    def trace_request(self, request: str) -> AbstractContextManager[object]:
        """Not watched."""
        return NO_SPAN

    def trace_step(self, name: str) -> AbstractContextManager[object]:
        """Not watched."""
        return NO_SPAN

    def count_response(self, operation: str | None, status: int, seconds: float) -> None:
        """Not counted."""

    def count_operation(self, operation: str, seconds: float) -> None:
        """Not counted."""

    def count_error(self, code: str) -> None:
        """Not counted."""

    def count_refusal(self, violations: Sequence[Violation]) -> None:
        """Not counted."""

    def trace_commit(self, ballots: int) -> AbstractContextManager[object]:
        """Not watched."""
        return NO_SPAN

    def trace_refresh(self) -> AbstractContextManager[object]:
        """Not watched."""
        return NO_SPAN

    def register_gauge(self, gauge: Gauge, read: Callable[[], float]) -> None:
        """Not read."""


NO_INSTRUMENTATION = NoInstrumentation()
