"""Traces for OpenTelemetry, which is an optional part: `pip install pingxuan[tracing]`.

A request is a trace of its own, with its steps; so are a commit and a refresh, which serve many requests at once. Spans
say how long, how many and how it ended; never what was asked, by whom, or with which words an error came.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode, get_current_span

from api.observability.metrics import Metrics

EXPORT_TIMEOUT = 5  # seconds for the collector to take a batch of spans


class TracedMetrics(Metrics):
    """Meters that also make spans and send them to a collector over OTLP/HTTP. Close it to send the last ones.

    OpenTelemetry's own variables, such as OTEL_TRACES_SAMPLER and OTEL_SERVICE_NAME, hold.
    """

    def __init__(self, collector: str) -> None:
        super().__init__()
        resource = Resource.create({SERVICE_NAME: "pingxuan"}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(collector, timeout=EXPORT_TIMEOUT)))
        self._tracer = self._provider.get_tracer("pingxuan")

    @contextmanager
    def span(self, name: str, **facts: str | int) -> Iterator[None]:
        """A span; of an exception that leaves it, it keeps the type alone."""
        with self._tracer.start_as_current_span(
            name, attributes=facts, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def count_response(self, operation: str | None, status: int, seconds: float) -> None:
        """Count it, and note on the request's span how it was answered."""
        super().count_response(operation, status, seconds)
        span = get_current_span()
        span.set_attribute("http.response.status_code", status)
        if operation is not None:
            span.set_attribute("graphql.operation.name", operation)

    def close(self) -> None:
        """Send what is left, and stop."""
        self._provider.shutdown()
