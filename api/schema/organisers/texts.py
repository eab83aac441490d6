"""A text in several languages as an input, and the conversion of inputs to plain trees."""

from dataclasses import fields
from decimal import Decimal
from enum import Enum
from typing import Any

import strawberry


@strawberry.input(description="A text in a further language.")
class LanguageText:
    """One translation."""

    tag: str = strawberry.field(description="The language as BCP 47 writes it, such as `ug` or `zh-Hant`.")
    text: str = strawberry.field(description="The text in it.")


@strawberry.input(
    description="A text in one or more languages, the campaign's own among them. Readers of others are shown that one."
)
class TextInput:
    """Becomes a table of texts by tag."""

    zh: str | None = strawberry.field(default=strawberry.UNSET, description="In Chinese.")
    en: str | None = strawberry.field(default=strawberry.UNSET, description="In English.")
    other: list[LanguageText] | None = strawberry.field(
        default=strawberry.UNSET, description="In further languages, each once."
    )

    def by_tag(self) -> dict[str, str]:
        """The translations that were given, by tag."""
        given = {tag: text for tag, text in (("zh", self.zh), ("en", self.en)) if isinstance(text, str)}
        return given | {each.tag: each.text for each in self.other or ()}


def tree_of(value: Any) -> Any:
    """The tables, lists and plain values of an input, with the keys of a campaign file; what was left out is not in it."""
    if isinstance(value, TextInput):
        return value.by_tag()
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return [tree_of(each) for each in value]
    if not hasattr(value, "__strawberry_definition__"):
        return value
    given = ((each.name.rstrip("_"), getattr(value, each.name)) for each in fields(value))
    return {name: tree_of(part) for name, part in given if part is not strawberry.UNSET}


def without_nulls(tree: Any) -> Any:
    """The tree without the keys whose value is null: in an input, null and nothing are the same."""
    if isinstance(tree, list):
        return [without_nulls(each) for each in tree]
    if isinstance(tree, dict):
        return {name: without_nulls(part) for name, part in tree.items() if part is not None}
    return tree
