"""Values as the tree of a campaign has them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from api.domain.texts import LocalizedText

Tree = dict[str, Any]


def translations(text: LocalizedText | None) -> dict[str, str] | None:
    """Return a text by its languages."""
    return None if text is None else dict(text.translations)


def decimal(number: Decimal | None) -> str | None:
    """Return a decimal number as text."""
    return None if number is None else f"{number:f}"


def given(values: Mapping[str, Any]) -> Tree:
    """Leave out what a campaign does not have."""
    return {key: value for key, value in values.items() if value is not None and value != []}


def unless(default: object, value: Any) -> Any:
    """Leave out what stands for itself: a value that is the default."""
    return None if value == default else value
