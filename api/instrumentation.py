"""The port through which the server is measured and traced. An implementation changes nothing of what the server does."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from typing import Protocol

from api.domain.exchange.jobs import JobKind, JobState
from api.domain.voting.rules.base import Violation

NO_SPAN: AbstractContextManager[object] = nullcontext()


class Gauge(Enum):
    """The gauges; a value is the help text of its metric."""

    BALLOTS_WAITING = "Ballots that wait to be stored."
    SNAPSHOT_AGE_SECONDS = "Age of the newest snapshot; it is renewed when it is asked for."
    SOCKETS = "WebSockets that are open."
    STREAMS = "Event streams that are open or reserved."
    TOPICS = "Distinct subscriptions that are kept up to date."
    LOG_BALLOTS_WAITING = "Ballots that wait to be sealed in a log, as of this process's last look."
    LOG_PUBLISHED_SECONDS_AGO = "Seconds since a log was published, as of this process's last look."
    CLOCK_OFFSET_SECONDS = "Seconds by which this process's clock is ahead of the database's, as of its last look."
    JOBS_RUNNING = "Jobs that this process works at."
    JOBS_WAITING = "Jobs that no process works at yet, as of this process's last look."


class Instrumentation(Protocol):
    """Measures requests, operations, commits and refreshes. Every method returns at once and raises nothing."""

    def trace_request(self, request: str) -> AbstractContextManager[object]:
        """Trace one HTTP request while the block runs. request: its request id."""
        ...

    def trace_step(self, name: str) -> AbstractContextManager[object]:
        """Trace one step of a request while the block runs. name: such as `prepare` or `execute`."""
        ...

    def count_response(self, operation: str | None, status: int, seconds: float) -> None:
        """Count an HTTP response, so many seconds after its request.

        operation: the name of the executed operation, one of a limited number; None where none was executed.
        """
        ...

    def count_operation(self, operation: str, seconds: float) -> None:
        """Count an operation of a WebSocket or an event stream at its first result, so many seconds after it arrived.

        operation: its name as the caller chose it; empty when it has none.
        """
        ...

    def count_error(self, code: str) -> None:
        """Count an error in a response, by its `extensions.code`."""
        ...

    def count_refusal(self, violations: Sequence[Violation]) -> None:
        """Count the violations for which a ballot was not stored."""
        ...

    def count_job(self, kind: JobKind, state: JobState) -> None:
        """Count a job that is over, by what has become of it."""
        ...

    def count_log_failure(self) -> None:
        """Count that a log could not be sealed or published: it is tried again."""
        ...

    def trace_commit(self, ballots: int) -> AbstractContextManager[object]:
        """Trace one transaction that stores so many ballots; it has failed when the block raises."""
        ...

    def trace_refresh(self) -> AbstractContextManager[object]:
        """Trace the refresh of the snapshot; it has failed when the block raises."""
        ...

    def register_gauge(self, gauge: Gauge, read: Callable[[], float]) -> None:
        """Read this gauge with `read`, which is called at any time and from any thread."""
        ...


class NoInstrumentation:
    """Instrumentation that measures nothing."""

    def trace_request(self, request: str) -> AbstractContextManager[object]:
        return NO_SPAN

    def trace_step(self, name: str) -> AbstractContextManager[object]:
        return NO_SPAN

    def count_response(self, operation: str | None, status: int, seconds: float) -> None: ...

    def count_operation(self, operation: str, seconds: float) -> None: ...

    def count_error(self, code: str) -> None: ...

    def count_refusal(self, violations: Sequence[Violation]) -> None: ...

    def count_job(self, kind: JobKind, state: JobState) -> None: ...

    def count_log_failure(self) -> None: ...

    def trace_commit(self, ballots: int) -> AbstractContextManager[object]:
        return NO_SPAN

    def trace_refresh(self) -> AbstractContextManager[object]:
        return NO_SPAN

    def register_gauge(self, gauge: Gauge, read: Callable[[], float]) -> None: ...


NO_INSTRUMENTATION = NoInstrumentation()
