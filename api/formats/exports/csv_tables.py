"""Tables as CSV, for people and their spreadsheets: headings and texts in one language."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from api.domain.exact import plain
from api.domain.exchange.tables import Column, ColumnKind, FileHead, Row, Table
from api.domain.rfc3339 import format_datetime
from api.domain.texts import Language, LocalizedText, Text
from api.formats.spreadsheets import BYTE_ORDER_MARK, Cell, csv_line, defused

EXACT_DIGITS = 15  # of a number, that spreadsheets keep
TRUTHS = Text("否", "no"), Text("是", "yes")


class CsvTables:
    """ports.exports.TableWriter of CSV."""

    def head(self, table: Table, head: FileHead) -> bytes:
        """The headings."""
        return (BYTE_ORDER_MARK + csv_line(_headings(table.columns, head.language))).encode()

    def rows(self, table: Table, head: FileHead, rows: Sequence[Row]) -> bytes:
        """A line a row."""
        writers = [_cells_of(column, head.language) for column in table.columns]
        lines = (
            csv_line(cell for write, value in zip(writers, row, strict=True) for cell in write(value)) for row in rows
        )
        return "".join(lines).encode()


def _headings(columns: Iterable[Column], language: Language) -> Iterator[str]:
    for column in columns:
        heading = column.heading(language)
        yield from [defused(f"{heading}_{part}") for part in column.parts] or [heading]


def _cells_of(column: Column, language: Language) -> Callable[[Any], Sequence[Cell]]:
    """The function from a value to the cells that it has."""
    match column.kind:
        case ColumnKind.OWN_TEXT if column.parts:
            return partial(_translations, column.parts)
        case ColumnKind.DECIMALS:
            return partial(_decimals, column.parts)
        case ColumnKind.OWN_TEXT:
            return _one(lambda text: defused(text.to(language)))
        case ColumnKind.TRUTH:
            return _one(lambda truth: TRUTHS[truth].to(language))
        case _:
            return _one(CELLS[column.kind])


def _one(cell: Callable[[Any], Cell]) -> Callable[[Any], Sequence[Cell]]:
    return lambda value: ("",) if value is None else (cell(value),)


def _translations(tags: Sequence[str], text: LocalizedText | None) -> list[Cell]:
    by_tag = {} if text is None else dict(text.translations)
    return [defused(by_tag.get(tag, "")) for tag in tags]


def _decimals(codes: Sequence[str], values: Any) -> list[Cell]:
    return [_decimal(values[code]) if code in values else "" for code in codes]


def _decimal(value: Decimal) -> str:
    text = plain(value)
    return text if len(text.strip("-").replace(".", "")) <= EXACT_DIGITS else f"'{text}"


CELLS: dict[ColumnKind, Callable[[Any], Cell]] = {
    ColumnKind.TEXT: defused,
    ColumnKind.INTEGER: int,
    ColumnKind.SHARE: float,
    ColumnKind.DECIMAL: _decimal,
    ColumnKind.DAY: lambda day: str(day.isoformat()),
    ColumnKind.MOMENT: format_datetime,
    ColumnKind.NUMBERS: lambda numbers: ";".join(map(str, numbers)),
    ColumnKind.TEXTS: lambda texts: defused(";".join(texts)),
    ColumnKind.PAIRS: lambda pairs: defused("; ".join(f"{name}={value}" for name, value in pairs.items())),
}
