"""Input of organizers as the tree of a campaign file: one shape, so that one check serves both."""

from dataclasses import fields
from decimal import Decimal
from enum import Enum
from typing import Any

from strawberry import UNSET

from api.schema.campaign_input import CampaignAmendment, CampaignInput
from api.schema.project_input import ProjectInput, TextInput


def campaign_tree(input: CampaignInput) -> dict[str, Any]:
    """Return what a file with this campaign, and no projects, is read as."""
    tree: dict[str, Any] = _tree(input)
    return tree


def projects_tree(projects: list[ProjectInput]) -> list[dict[str, Any]]:
    """Return what a file with these projects has under `projects`."""
    return [_tree(project) for project in projects]


def amended(tree: dict[str, Any], amendment: CampaignAmendment) -> dict[str, Any]:
    """Return the tree of a campaign with the parts that an amendment gives, and without those that it sets to null."""
    given = {field.name: value for field in fields(amendment) if (value := getattr(amendment, field.name)) is not UNSET}
    kept = {key: value for key, value in tree.items() if key not in given}
    return {**kept, **{key: _tree(value) for key, value in given.items() if value is not None}}


def _tree(value: Any) -> Any:
    if isinstance(value, TextInput):
        return _translations(value)
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return [_tree(item) for item in value]
    if hasattr(value, "__strawberry_definition__"):
        pairs = ((field.name.removesuffix("_"), getattr(value, field.name)) for field in fields(value))
        return {name: _tree(item) for name, item in pairs if item is not UNSET and item is not None}
    return value


def _translations(text: TextInput) -> dict[str, str]:
    known = {tag: words for tag, words in (("zh", text.zh), ("en", text.en)) if isinstance(words, str)}
    return {**known, **{other.tag: other.text for other in text.other or ()}}
