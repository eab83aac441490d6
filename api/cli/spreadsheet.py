"""CSV that spreadsheets open as it is meant: in UTF-8, numbers as numbers, and every text as that text.

Excel takes a file without a byte order mark for one of the system's old encoding. It computes a cell that begins like a
formula, whoever wrote it, and makes a number or a date of a text that looks like one; an apostrophe in front keeps it a text.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from io import StringIO

FORMULA = tuple("=+-@\t\r\n")
# What would be shown as something else: with a leading zero, with more digits than a cell shows, and dates and the like.
CHANGED = re.compile(r"0[0-9]+|[0-9]{12,}|[0-9]+[0-9 .,:/eE%-]*[.,:/eE%-][0-9 .,:/eE%-]*")

Cell = str | int | float | bool | None


def spreadsheet(rows: Sequence[Mapping[str, Cell]]) -> bytes:
    """Return rows with the same keys as CSV, with a heading."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(rows[0] if rows else ())
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and (_is_formula(value) or CHANGED.fullmatch(value)) else value


def _is_formula(text: str) -> bool:
    """Whether the text begins like a formula, in whatever width its first character is and with whatever blanks before it."""
    visible = next((c for c in text if not c.isspace() and unicodedata.category(c) != "Cf"), "")
    return text.startswith(FORMULA) or unicodedata.normalize("NFKC", visible).startswith(FORMULA)
