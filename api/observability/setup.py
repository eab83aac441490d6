"""Which watch a server has: none, one that counts, or one that traces as well."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from api.domain.errors import OperatorError
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.observability.metrics import Metrics


class TracingUnavailable(OperatorError):
    """Traces are wanted, but what they need is not installed."""


def load_tracing() -> Any:
    """The module api.observability.tracing, imported only when it is wanted. Raises TracingUnavailable."""
    try:
        return import_module("api.observability.tracing")
    except ModuleNotFoundError as error:
        raise TracingUnavailable(
            f"PINGXUAN_TRACING needs {error.name}, which is not installed: run `pip install pingxuan[tracing]`, "
            "or set it to off."
        ) from None


@contextmanager
def open_instrumentation(
    metrics: tuple[str, int] | None, collector: str | None
) -> Iterator[tuple[Instrumentation, str | None]]:
    """The watch, and the URL of its metrics if they are served. Raises TracingUnavailable and MetricsPortError."""
    if collector is not None:
        with _traced(collector) as meters, _served(meters, metrics) as url:
            yield meters, url
    elif metrics is not None:
        meters = Metrics()
        with _served(meters, metrics) as url:
            yield meters, url
    else:
        yield NO_INSTRUMENTATION, None


@contextmanager
def _served(meters: Metrics, metrics: tuple[str, int] | None) -> Iterator[str | None]:
    if metrics is None:
        yield None
    else:
        with meters.served(*metrics) as url:
            yield url


@contextmanager
def _traced(collector: str) -> Iterator[Metrics]:
    meters = load_tracing().TracedMeters(collector)
    try:
        yield meters
    finally:
        meters.close()
