"""How a command fails: what can be foreseen ends in one sentence and exit code 2, not in a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from api.domain.faults import Fault, StaffError


class CommandError(StaffError):
    """Why a command cannot do what it was asked to, as a sentence."""


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn an expected failure into its sentence."""
    try:
        yield
    except (StaffError, Fault) as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"pingxuan: {error}", markup=False)
        sys.exit(2)
