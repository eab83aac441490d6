"""Which watch a server has: none, one that counts, or one that traces as well."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from api.domain.faults import StaffError
from api.operations.metrics import Meters
from api.watching import UNWATCHED, Watch


class TracingUnavailable(StaffError):
    """Traces are wanted, but what they need is not installed."""


def load_tracing() -> Any:
    """The module api.operations.tracing, imported only when it is wanted. Raises TracingUnavailable."""
    try:
        return import_module("api.operations.tracing")
    except ModuleNotFoundError as error:
        raise TracingUnavailable(
            f"PINGXUAN_TRACING needs {error.name}, which is not installed: run `pip install pingxuan[tracing]`, "
            "or set it to off."
        ) from None


@contextmanager
def watching(metrics: tuple[str, int] | None, collector: str | None) -> Iterator[tuple[Watch, str | None]]:
    """The watch, and the URL of its metrics if they are served. Raises TracingUnavailable and MetricsPortError."""
    if collector is not None:
        with _traced(collector) as meters, _served(meters, metrics) as url:
            yield meters, url
    elif metrics is not None:
        meters = Meters()
        with _served(meters, metrics) as url:
            yield meters, url
    else:
        yield UNWATCHED, None


@contextmanager
def _served(meters: Meters, metrics: tuple[str, int] | None) -> Iterator[str | None]:
    if metrics is None:
        yield None
    else:
        with meters.served(*metrics) as url:
            yield url


@contextmanager
def _traced(collector: str) -> Iterator[Meters]:
    meters = load_tracing().TracedMeters(collector)
    try:
        yield meters
    finally:
        meters.close()
