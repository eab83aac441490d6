"""Set up the instrumentation of a server: none, metrics, or metrics with traces."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from api.domain.errors import OperatorError
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.observability.metrics import Metrics


class TracingUnavailable(OperatorError):
    """PINGXUAN_TRACING is set, but a package that tracing needs is not installed."""


def load_tracing() -> Any:
    """Import api.observability.tracing, whose packages are optional. Raises TracingUnavailable."""
    try:
        return import_module("api.observability.tracing")
    except ModuleNotFoundError as error:
        raise TracingUnavailable(
            f"PINGXUAN_TRACING needs {error.name}, which is not installed: run `pip install pingxuan[tracing]`, "
            "or set it to off."
        ) from None


@contextmanager
def open_instrumentation(
    address: tuple[str, int] | None, collector: str | None
) -> Iterator[tuple[Instrumentation, str | None]]:
    """The instrumentation, and the URL of its metrics if they are served.

    address: the host and port to serve metrics on; collector: the OTLP URL to send traces to. Raises TracingUnavailable
    and MetricsPortError.
    """
    if collector is not None:
        with _open_traced_metrics(collector) as metrics, _serve(metrics, address) as url:
            yield metrics, url
    elif address is not None:
        metrics = Metrics()
        with _serve(metrics, address) as url:
            yield metrics, url
    else:
        yield NO_INSTRUMENTATION, None


@contextmanager
def _serve(metrics: Metrics, address: tuple[str, int] | None) -> Iterator[str | None]:
    if address is None:
        yield None
    else:
        with metrics.serve(*address) as url:
            yield url


@contextmanager
def _open_traced_metrics(collector: str) -> Iterator[Metrics]:
    metrics = load_tracing().TracedMetrics(collector)
    try:
        yield metrics
    finally:
        metrics.close()
