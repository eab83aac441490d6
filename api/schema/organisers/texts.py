"""A text in several languages as an input, and the conversion of inputs to plain trees."""

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from enum import Enum
from typing import Any

import strawberry

from api.domain.images import stored_address


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


def with_addresses(tree: Any, address: Callable[[str, str], str], root_path: str) -> Any:
    """The tree with the addresses of pictures as they are served, or as they are stored (domain.images)."""
    if not root_path:
        return tree
    if isinstance(tree, list):
        return [with_addresses(each, address, root_path) for each in tree]
    if not isinstance(tree, dict):
        return tree
    converted = {name: with_addresses(part, address, root_path) for name, part in tree.items()}
    url = converted.get("url")
    return {**converted, "url": address(url, root_path)} if isinstance(url, str) else converted


def stored_tree(value: Any, root_path: str) -> Any:
    """tree_of an input that was sent to a server below this path, with the addresses of pictures as they are stored."""
    return with_addresses(tree_of(value), stored_address, root_path)


def without_nulls(tree: Any) -> Any:
    """The tree without the keys whose value is null: in an input, null and nothing are the same."""
    if isinstance(tree, list):
        return [without_nulls(each) for each in tree]
    if isinstance(tree, dict):
        return {name: without_nulls(part) for name, part in tree.items() if part is not None}
    return tree
