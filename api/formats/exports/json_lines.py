"""Tables as JSON Lines, for programs: a line that says what the file is, then an object a line."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from api.domain.exact import plain
from api.domain.exchange.tables import Column, ColumnKind, FileHead, Row, Table
from api.domain.rfc3339 import format_datetime


class JsonLines:
    """ports.exports.TableWriter of JSON Lines."""

    def head(self, table: Table, head: FileHead) -> bytes:
        """The first line."""
        says = {
            "schema": table.schema,
            "campaign": head.campaign,
            "made_on": head.made_on,
            **head.facts,
            "row": table.row,
            "columns": {column.key: column.meaning for column in table.columns},
        }
        return orjson.dumps(says) + b"\n"

    def rows(self, table: Table, head: FileHead, rows: Sequence[Row]) -> bytes:
        """An object a row."""
        keys = [column.key for column in table.columns]
        changed = [(place, _json_of(column)) for place, column in enumerate(table.columns) if column.kind in JSON]
        lines = []
        for row in rows:
            values = list(row)
            for place, change in changed:
                if values[place] is not None:
                    values[place] = change(values[place])
            lines.append(orjson.dumps(dict(zip(keys, values, strict=True))))
        return b"".join(line + b"\n" for line in lines)


def _json_of(column: Column) -> Callable[[Any], Any]:
    return JSON[column.kind]


JSON: dict[ColumnKind, Callable[[Any], Any]] = {  # of kinds whose values are no JSON yet
    ColumnKind.OWN_TEXT: lambda text: dict(text.translations),
    ColumnKind.DECIMAL: plain,
    ColumnKind.MOMENT: format_datetime,
    ColumnKind.DECIMALS: lambda values: {code: plain(value) for code, value in values.items()},
}
