"""A stored campaign as the input that it could be made from: for forms, and to copy it."""

from datetime import date, datetime
from typing import Any

from api.domain.rfc3339 import format_datetime

TEXTS = ("zh", "en")
NAMES = ("title", "organizer", "candidate_term", "name", "label", "organization", "unit", "text")
TEXT_KEYS = frozenset({*NAMES, "description", "alternative", "summary"})


def written_back(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree of a campaign file with the keys and values of CampaignInput, as JSON has them."""
    return {_camel(key): _text(value) if key in TEXT_KEYS else _value(value) for key, value in tree.items()}


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return written_back(value)
    if isinstance(value, list):
        return [_value(each) for each in value]
    if isinstance(value, datetime):
        return format_datetime(value)
    return value.isoformat() if isinstance(value, date) else value


def _text(by_tag: dict[str, str]) -> dict[str, Any]:
    """A text as TextInput has it."""
    other = [{"tag": tag, "text": text} for tag, text in by_tag.items() if tag not in TEXTS]
    return {tag: text for tag, text in by_tag.items() if tag in TEXTS} | ({"other": other} if other else {})


def _camel(key: str) -> str:
    first, *others = key.split("_")
    return first + "".join(map(str.title, others))
