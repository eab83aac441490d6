"""List the errors of a document or its variables: equal ones once, with all their places, and no more than help."""

from collections.abc import Iterable
from typing import Any

from api.domain.errors import ErrorCode
from api.domain.texts import Language, Text

MAX_REPORTED = 5  # different errors of one request


def merge_errors(errors: Iterable[dict[str, Any]], language: Language) -> list[dict[str, Any]]:
    """The errors without repetition, at most MAX_REPORTED, and one that says how many more there are."""
    merged: dict[str, dict[str, Any]] = {}
    for error in errors:
        key = repr({name: value for name, value in error.items() if name != "locations"})
        known = merged.setdefault(key, {**error, "locations": []})
        known["locations"] += [place for place in error.get("locations", ()) if place not in known["locations"]]
    different = [error if error["locations"] else _without_locations(error) for error in merged.values()]
    left_out = len(different) - MAX_REPORTED
    return [*different[:MAX_REPORTED], _more(left_out, language)] if left_out > 0 else different


def _without_locations(error: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in error.items() if name != "locations"}


def _more(number: int, language: Language) -> dict[str, Any]:
    message = Text(
        "还有{number}种错误未列出，请先改正以上各处。",
        "{number} more are not listed; mend those above first.",
        number=number,
    )
    return {"message": message.to(language), "extensions": {"code": ErrorCode.BAD_INPUT.name}}
