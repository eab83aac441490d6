"""What a setting is, and how one that is wrong is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.domain.errors import OperatorError


class SettingError(OperatorError):
    """A setting that is wrong, in one sentence that says what would be right."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. parse turns its text into a value, or raises ValueError saying what would be right.

    is_secret: its text is never shown, and it may lie in a file, which the same name with _FILE at its end then names.
    """

    name: str
    default: str | None
    meaning: str
    parse: Callable[[str], Any]
    is_secret: bool = False
