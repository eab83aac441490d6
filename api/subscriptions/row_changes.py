"""What has changed on a page of rows since the answer before: computed once for all who were sent that answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.execution.subscriptions import RootSelection

ROWS = frozenset({"nodes", "edges"})
SEPARATOR = b"\n"  # which JSON has only between values


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of an answer as they stood. comparable: of the whole answer. rows: JSON without timestamps, by the row's id."""

    comparable: bytes
    rows: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Changes:
    """An answer with nothing but the rows that have changed. since: the comparable payload of the answer before."""

    payload: bytes
    since: bytes


def page_of(
    body: dict[str, Any],
    ids: Sequence[str],
    selection: RootSelection,
    comparable: bytes,
    strip: Callable[[bytes], bytes],
) -> Page | None:
    """Return the page that a result shows, whose rows have these ids; None if it has errors. strip removes timestamps."""
    if "errors" in body:
        return None
    connection = body["data"][selection.name]
    lists = [connection[name] for name in _names(connection, selection, ROWS)]
    rows = (b"".join(map(orjson.dumps, row)) for row in zip(*lists, strict=True)) if lists else (b"" for _ in ids)
    texts = strip(SEPARATOR.join(rows)).split(SEPARATOR)
    return Page(comparable, dict(zip(ids, texts, strict=True)) if ids else {})


def changes_between(before: Page, page: Page, body: dict[str, Any], selection: RootSelection) -> Changes | None:
    """Return what a result changes of the page before; None where that is every row, so that it is sent whole."""
    changed = [place for place, (key, row) in enumerate(page.rows.items()) if before.rows.get(key) != row]
    if len(changed) == len(page.rows):
        return None
    connection = dict(body["data"][selection.name])
    for name in _names(connection, selection, ROWS):
        connection[name] = [connection[name][place] for place in changed]
    for name in _names(connection, selection, {"onlyChanges"}):
        connection[name] = True
    for name in _names(connection, selection, {"removedIds"}):
        connection[name] = [key for key in before.rows if key not in page.rows]
    payload = orjson.dumps(body | {"data": {selection.name: connection}})
    return Changes(payload, before.comparable)


def _names(connection: Mapping[str, Any], selection: RootSelection, fields: frozenset[str] | set[str]) -> list[str]:
    """The names under which the answer has these fields; @skip may have left them out."""
    return [name for name, field in selection.fields.items() if field in fields and name in connection]
