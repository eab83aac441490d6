"""Report expected failures of commands as one sentence and exit code 2, without a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from api.domain.errors import ApiError, OperatorError


class CommandError(OperatorError):
    """A command cannot run; the message is one sentence that says why."""


@contextmanager
def report_errors() -> Iterator[None]:
    """Print an OperatorError or ApiError to standard error and exit with code 2."""
    try:
        yield
    except (OperatorError, ApiError) as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"pingxuan: {error}", markup=False)
        sys.exit(2)
