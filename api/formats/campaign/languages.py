"""Check that every text of a campaign is in its first language at least, and in no language that it does not have."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from api.domain.texts import Text
from api.formats.campaign.findings import Finding, Place, Tree, is_described
from api.formats.campaign.messages import missing, unknown_key
from api.formats.campaign.raw_values import value_at
from api.formats.campaign.shapes import fields_at, inner_type, keys_of
from api.formats.campaign.value_types import TAG, Shape

DEFAULT = ("zh", "en")


def languages_of(tree: Tree) -> list[str]:
    """Return the languages of a campaign, its own first."""
    given = [tag for tag in value_at(tree, list, "languages") or () if isinstance(tag, str)]
    return given or list(DEFAULT)


def language_findings(tree: Tree, shape: type[Shape], languages: list[str] | None = None) -> list[Finding]:
    """Find texts without the first language or in others than the tree's own.

    languages: of the campaign, for a gazetteer, whose names may be in more languages: other campaigns use it as well.
    """
    tags = languages or languages_of(tree)
    texts = list(_texts(tree, shape, ()))
    if languages is None and (unclear := _unclear(tree)) is not None:
        return unclear
    return [
        *(finding for place, text in texts for finding in _in_first(place, text, tags[0])),
        *(
            _in_other(place, tag, tags)
            for place, text in texts
            for tag in text
            if tag not in tags and (languages is None or not re.fullmatch(TAG, tag))
        ),
        *_of_list(tree, [text for _, text in texts]),
    ]


def _unclear(tree: Tree) -> list[Finding] | None:
    """Return only what the languages lack where they are missing or wrong, since no text is in them; None: they are clear."""
    if "languages" not in tree:
        title = value_at(tree, dict, "title") or {}
        others = [tag for tag in title if re.fullmatch(TAG, tag)]
        if others and not title.keys() & {*DEFAULT}:
            tags = ", ".join(f'"{tag}"' for tag in others)
            return [
                missing(
                    ("languages",), Text("各文本的语言：[{tags}]", "the languages of the texts: [{tags}]", tags=tags)
                )
            ]
        return None
    given = value_at(tree, list, "languages")
    is_clear = given is not None and all(isinstance(tag, str) and re.fullmatch(TAG, tag) for tag in given)
    return None if is_clear else []


def _in_other(place: Place, tag: str, tags: list[str]) -> Finding:
    problem, remedy = unknown_key((*place, tag), tags)[1:]
    if re.fullmatch(TAG, tag):
        add = Text("若评选用这种语言，请把它写入languages。", " Add it to languages if the campaign is in it.")
        remedy = Text("{remedy}{add}", "{remedy}{add}", remedy=remedy, add=add)
    return Finding((*place, tag), problem, remedy)


def _in_first(place: Place, text: Tree, first: str) -> Iterator[Finding]:
    if first not in text:
        in_first = Text(
            "{first}的文本，即评选自己的语言", "a text in {first}, the campaign's own language", first=first
        )
        yield missing((*place, first), in_first)


def _of_list(tree: Tree, texts: list[Tree]) -> Iterator[Finding]:
    given = value_at(tree, list, "languages")
    if given == []:
        remedy = Text('请至少写一种，如["zh"]。', 'Write one at least, such as ["zh"].')
        yield Finding(("languages",), Text("是空的", "is empty"), remedy)
    for index, tag in enumerate(given or []):
        if tag in (given or [])[:index]:
            yield Finding(
                ("languages", index),
                is_described(tag, Text("，重复了", " again")),
                Text("每种语言只写一次。", "Name each language once."),
            )
        elif isinstance(tag, str) and re.fullmatch(TAG, tag) and index and not any(tag in text for text in texts):
            problem = is_described(tag, Text("，但没有一处文本用这种语言", ", but no text is in it"))
            yield Finding(
                ("languages", index), problem, Text("请删去，或翻译标题。", "Remove it, or translate the title.")
            )


def _texts(node: Any, shape: type[Shape], place: Place) -> Iterator[tuple[Place, Tree]]:
    """Yield the texts in a table, with their places."""
    for key, table in _tables_and_texts(shape):
        value = node.get(key) if isinstance(node, dict) else None
        if table is None and isinstance(value, dict):
            yield (*place, key), value
        elif table is not None and isinstance(value, list):
            for index, row in enumerate(value):
                yield from _texts(row, table, (*place, key, index))
        elif table is not None and value is not None:
            yield from _texts(value, table, (*place, key))


@cache
def _tables_and_texts(shape: type[Shape]) -> tuple[tuple[str, type[Shape] | None], ...]:
    """The keys of a shape under which there are tables, with their shapes, or texts in several languages, with None."""
    keys = ((key, fields_at(shape, (key,))[0], inner_type(field)) for key, field in keys_of(shape).items())
    return tuple((key, table) for key, table, inner in keys if table is not None or inner is not None)
