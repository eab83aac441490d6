"""Read a TOML file that the settings name."""

import tomllib
from pathlib import Path
from typing import Any

from api.domain.errors import OperatorError


def read_toml(path: Path, error: type[OperatorError]) -> dict[str, Any]:
    """Return what a file holds. Raises this error, in one sentence, for one that cannot be read or is no TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as failure:
        raise error(f"{path} cannot be read: {failure.strerror}.") from None
    except (ValueError, RecursionError) as failure:  # no UTF-8, no TOML, or a number too long
        raise error(f"{path} is no TOML file: {failure}.") from None
