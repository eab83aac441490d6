"""Translate pydantic's validation errors into findings."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.domain.suggestions import suggestions
from api.formats.campaign_toml.checks import CHOICE
from api.formats.campaign_toml.errors import Finding, Tree, described
from api.formats.campaign_toml.schema import Shape, fields_at

S = TypeVar("S", bound=Shape)


def validate(tree: Tree, shape: type[S]) -> tuple[S | None, list[Finding]]:
    """Validate the tree against this schema. Returns the model, or None and the findings."""
    try:
        return shape.model_validate(tree), []
    except ValidationError as error:
        return None, list(_findings(error.errors(include_url=False), shape))


def _findings(errors: Iterable[ErrorDetails], shape: type[Shape]) -> Iterator[Finding]:
    for error in errors:
        if error["type"] == "extra_forbidden":
            yield _unknown_key(error, shape)
        else:
            yield _wrong_value(error, shape)


def _unknown_key(error: ErrorDetails, shape: type[Shape]) -> Finding:
    keys = list(fields_at(shape, error["loc"][:-1]).model_fields)
    hint = _did_you_mean(str(error["loc"][-1]), keys)
    return Finding(error["loc"], "is not a key that is known here", f"{hint}Known keys: {', '.join(keys)}.")


def _wrong_value(error: ErrorDetails, shape: type[Shape]) -> Finding:
    place, value = error["loc"], error["input"]
    key_depths = [depth for depth, step in enumerate(place) if isinstance(step, str)]
    if not key_depths:
        return Finding(place, f"is {described(value)}", "Write a table.")
    description = fields_at(shape, place[: key_depths[-1]]).model_fields[str(place[key_depths[-1]])].description
    if error["type"] == "missing":
        return Finding(place, "is missing", f"Add {description}.")
    names = error.get("ctx", {}).get("names", []) if error["type"] == CHOICE else []
    hint = _did_you_mean(value, names) if isinstance(value, str) else ""
    return Finding(place, f"is {described(value)}", f"{hint}Write {description}.")


def _did_you_mean(text: str, names: list[str]) -> str:
    """Return a suggestion to put before a remedy; empty when nobody is likely to have meant any of the names."""
    likely = suggestions(text, names)
    return f'Did you mean "{likely[0]}"? ' if likely else ""
