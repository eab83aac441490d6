"""What is wrong with the shape of a file, in our own sentences."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.formats.campaign_toml.errors import Finding, Tree, shown
from api.formats.campaign_toml.schema import CHOICE, Shape, fields_at

S = TypeVar("S", bound=Shape)


def shaped(tree: Tree, shape: type[S]) -> tuple[S | None, list[Finding]]:
    """The tree in this shape, or None and what keeps it from having it."""
    try:
        return shape.model_validate(tree), []
    except ValidationError as error:
        return None, list(_explained(error.errors(include_url=False), shape))


def _explained(errors: Iterable[ErrorDetails], shape: type[Shape]) -> Iterator[Finding]:
    for error in errors:
        if error["type"] == "extra_forbidden":
            yield _unknown_key(error, shape)
        else:
            yield _wrong_value(error, shape)


def _unknown_key(error: ErrorDetails, shape: type[Shape]) -> Finding:
    known = list(fields_at(shape, error["loc"][:-1]).model_fields)
    hint = _did_you_mean(str(error["loc"][-1]), known)
    return Finding(error["loc"], "is not a key that is known here", f"{hint}Known keys: {', '.join(known)}.")


def _wrong_value(error: ErrorDetails, shape: type[Shape]) -> Finding:
    place, value = error["loc"], error["input"]
    keys = [depth for depth, step in enumerate(place) if isinstance(step, str)]
    if not keys:
        return Finding(place, f"is {shown(value)}", "Write a table.")
    wanted = fields_at(shape, place[: keys[-1]]).model_fields[str(place[keys[-1]])].description
    if error["type"] == "missing":
        return Finding(place, "is missing", f"Add {wanted}.")
    names = error.get("ctx", {}).get("names", []) if error["type"] == CHOICE else []
    hint = _did_you_mean(value, names) if isinstance(value, str) else ""
    return Finding(place, f"is {shown(value)}", f"{hint}Write {wanted}.")


def _did_you_mean(written: str, known: list[str]) -> str:
    """A suggestion to put before a remedy; empty when nothing known is close."""
    candidates = {name.casefold(): name for name in known}
    close = get_close_matches(written[:60].casefold(), candidates, n=1, cutoff=0.7)
    return f'Did you mean "{candidates[close[0]]}"? ' if close else ""
