"""Translate pydantic's validation errors into findings."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.domain.suggestions import suggestions
from api.domain.texts import Text, joined
from api.formats.campaign.checks import CHOICE
from api.formats.campaign.findings import Finding, Tree, is_described
from api.formats.campaign.shapes import description_of, fields_at, keys_of
from api.formats.campaign.value_types import Shape

S = TypeVar("S", bound=Shape)


def validate(tree: Tree, shape: type[S]) -> tuple[S | None, list[Finding]]:
    """Validate the tree against this shape. Returns the model, or None and the findings."""
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
    table, _ = fields_at(shape, error["loc"][:-1])
    return unknown_key(error["loc"], list(keys_of(table or shape)))


def unknown_key(place: tuple[str | int, ...], keys: list[str]) -> Finding:
    """Find that a key is not among these."""
    hint = _did_you_mean(str(place[-1]), keys)
    known = Text(
        "{hint}可用的键：{keys}。",
        "{hint}Known keys: {keys}.",
        hint=hint,
        keys=joined(keys),
    )
    return Finding(place, Text("不是这里可用的键", "is not a key that is known here"), known)


def _wrong_value(error: ErrorDetails, shape: type[Shape]) -> Finding:
    place, value = error["loc"], error["input"]
    if not any(isinstance(step, str) for step in place):
        return Finding(place, is_described(value), Text("请写一个表。", "Write a table."))
    description = description_of(fields_at(shape, place)[1])
    if error["type"] == "missing":
        return missing(place, description)
    names = error.get("ctx", {}).get("names", []) if error["type"] == CHOICE else []
    hint = _did_you_mean(value, names) if isinstance(value, str) else Text("", "")
    remedy = Text("{hint}请写{description}。", "{hint}Write {description}.", hint=hint, description=description)
    return Finding(place, is_described(value), remedy)


def missing(place: tuple[str | int, ...], description: Text) -> Finding:
    """Find that a key with what is described is missing."""
    return Finding(
        place, Text("缺失", "is missing"), Text("请添加{description}。", "Add {description}.", description=description)
    )


def idle(place: tuple[str | int, ...], why: Text) -> Finding:
    """Find that a key has no effect: while something, in words, is as it is."""
    return Finding(
        place, Text("没有作用，因为{why}", "says nothing while {why}", why=why), Text("请删去。", "Leave it out.")
    )


def repeated(place: tuple[str | int, ...], value: object, kind: Text) -> Finding:
    """Find that a value is there again, where each stands once: `Name each … once.`"""
    remedy = Text("每个{kind}只写一次。", "Name each {kind} once.", kind=kind)
    return Finding(place, is_described(value, Text("，重复了", " again")), remedy)


def _did_you_mean(text: str, names: list[str]) -> Text:
    """Return a suggestion to put before a remedy; empty when nobody is likely to have meant any of the names."""
    likely = suggestions(text, names)
    return Text('是否想写"{likely}"？', 'Did you mean "{likely}"? ', likely=likely[0]) if likely else Text("", "")
