"""Traces for OpenTelemetry, an optional extra: `pip install pingxuan[tracing]`.

Each request is a trace with its steps as spans; so are a commit and a refresh, which serve many requests at once. A span
holds durations, counts and statuses; never a document, a caller or the message of an error.
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
    """Metrics that also send spans to a collector over OTLP/HTTP. collector: its URL.

    OpenTelemetry's own environment variables, such as OTEL_TRACES_SAMPLER and OTEL_SERVICE_NAME, apply.
    """

    def __init__(self, collector: str) -> None:
        super().__init__()
        resource = Resource.create({SERVICE_NAME: "pingxuan"}).merge(OTELResourceDetector().detect())
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(collector, timeout=EXPORT_TIMEOUT)))
        self._tracer = self._provider.get_tracer("pingxuan")

    @contextmanager
    def span(self, name: str, **attributes: str | int) -> Iterator[None]:
        """A span; of an exception that leaves the block it records the type alone."""
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def count_response(self, operation: str | None, status: int, seconds: float) -> None:
        """Count the response, and put its status and operation on the current span."""
        super().count_response(operation, status, seconds)
        span = get_current_span()
        span.set_attribute("http.response.status_code", status)
        if operation is not None:
            span.set_attribute("graphql.operation.name", operation)

    def close(self) -> None:
        """Send the spans that are left, and stop."""
        self._provider.shutdown()
