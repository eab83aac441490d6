"""The metrics of one process, served to Prometheus on a port of its own."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import product
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)

from api import instrumentation
from api.domain.errors import ErrorCode, OperatorError
from api.domain.exchange.jobs import JobKind, JobState
from api.domain.voting.rules import ViolationCode
from api.domain.voting.rules.base import Violation
from api.instrumentation import NO_SPAN
from api.observability.operation_names import OperationNames

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
DEEDS = ("commit", "refresh", "seal")
BALLOTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class MetricsPortError(OperatorError):
    """The metrics cannot be served on their address."""


class Metrics:
    """Instrumentation that counts. Labelled children are cached, so that counting looks up no labels."""

    def __init__(self) -> None:
        # ProcessCollector has the start time; a _created sample for every series would double the page.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = self._counter("requests", "HTTP requests answered, by status.", "status")
        self._errors = self._counter("errors", "Errors in answers, by code.", "code", [c.name for c in ErrorCode])
        violations = [code.name for code in ViolationCode]
        self._violations = self._counter("violations", "Why ballots were not stored, by code.", "code", violations)
        self._failures = self._counter("failures", "Commits, snapshots and sealings that failed.", "deed", DEEDS)
        self._jobs = Counter("pingxuan_jobs", "Jobs that are over.", ["kind", "state"], registry=self._registry)
        for kind, state in product(JobKind, JobState):
            if state.is_final:
                self._jobs.labels(kind.name, state.name)
        self._operations = self._histogram(
            "operation_seconds", "Seconds to an operation's answer.", SECONDS, "operation"
        )
        self._batches = self._histogram("commit_ballots", "Ballots in one transaction.", BALLOTS)
        self._commits = self._histogram("commit_seconds", "Seconds that one transaction of ballots took.", SECONDS)
        self._refreshes = self._histogram("refresh_seconds", "Seconds that the making of one snapshot took.", SECONDS)
        self._gauges = {gauge: self._gauge(gauge.name.lower(), gauge.value) for gauge in instrumentation.Gauge}
        self._names = OperationNames()
        self._by_status: dict[int, Counter] = {}
        self._by_operation: dict[str, Histogram] = {}

    def span(self, name: str, **attributes: str | int) -> AbstractContextManager[object]:
        """Make a span while the block runs; no span here, TracedMetrics overrides it."""
        return NO_SPAN

    def trace_request(self, request: str) -> AbstractContextManager[object]:
        return self.span("request", request=request)

    def trace_step(self, name: str) -> AbstractContextManager[object]:
        return self.span(name)

    def count_response(self, operation: str | None, status: int, seconds: float) -> None:
        requests = self._by_status.get(status)
        if requests is None:
            requests = self._by_status[status] = self._requests.labels(status)
        requests.inc()
        if operation is not None:
            self.count_operation(operation, seconds)

    def count_operation(self, operation: str, seconds: float) -> None:
        operations = self._by_operation.get(operation)
        if operations is None:
            name = self._names.bounded(operation)
            operations = self._by_operation[name] = self._operations.labels(name)
        operations.observe(seconds)

    def count_error(self, code: str) -> None:
        self._errors.labels(code).inc()

    def count_refusal(self, violations: Sequence[Violation]) -> None:
        for violation in violations:
            self._violations.labels(violation.code).inc()

    def count_job(self, kind: JobKind, state: JobState) -> None:
        self._jobs.labels(kind.name, state.name).inc()

    def count_log_failure(self) -> None:
        self._failures.labels("seal").inc()

    @contextmanager
    def trace_commit(self, ballots: int) -> Iterator[None]:
        """Observe the duration and the size of a transaction, or count its failure."""
        with self.span("commit", ballots=ballots), self._time(self._commits, "commit"):
            yield
        self._batches.observe(ballots)

    @contextmanager
    def trace_refresh(self) -> Iterator[None]:
        """Observe the duration of a refresh, or count its failure."""
        with self.span("refresh"), self._time(self._refreshes, "refresh"):
            yield

    def register_gauge(self, gauge: instrumentation.Gauge, read: Callable[[], float]) -> None:
        self._gauges[gauge].set_function(read)

    @contextmanager
    def serve(self, host: str, port: int) -> Iterator[str]:
        """Serve the metrics from a thread while the block runs; yields their URL. Raises MetricsPortError."""
        try:
            server, thread = start_http_server(port, host, self._registry)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise MetricsPortError(f"cannot serve metrics on {host}:{port}: {reason}.") from None
        try:
            yield f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}/metrics"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    @contextmanager
    def _time(self, histogram: Histogram, deed: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        except Exception:
            self._failures.labels(deed).inc()
            raise
        histogram.observe(perf_counter() - start)

    def _counter(self, name: str, meaning: str, label: str, values: Sequence[str] = ()) -> Counter:
        """A counter that starts at 0 for each of these values, so that its first increment shows as an increase."""
        counter = Counter(f"pingxuan_{name}", meaning, [label], registry=self._registry)
        for value in values:
            counter.labels(value)
        return counter

    def _histogram(self, name: str, meaning: str, bounds: Sequence[float], *labels: str) -> Histogram:
        return Histogram(f"pingxuan_{name}", meaning, labels, buckets=bounds, registry=self._registry)

    def _gauge(self, name: str, meaning: str) -> Gauge:
        gauge = Gauge(f"pingxuan_{name}", meaning, registry=self._registry)
        gauge.set(math.nan)  # until register_gauge says where to read it
        return gauge
