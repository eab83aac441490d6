"""How a command fails: what can be foreseen ends in one sentence and exit code 2, not in a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from api.domain.errors import ApiError, OperatorError


class CommandError(OperatorError):
    """Why a command cannot do what it was asked to, as a sentence."""


@contextmanager
def report_errors() -> Iterator[None]:
    """Turn an expected failure into its sentence."""
    try:
        yield
    except (OperatorError, ApiError) as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"pingxuan: {error}", markup=False)
        sys.exit(2)
