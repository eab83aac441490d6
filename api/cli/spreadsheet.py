"""CSV that spreadsheets open as it is meant: in UTF-8, numbers as numbers, and every text as that text.

Excel takes a file without a byte order mark for one of the system's old encoding. It computes a cell that begins like a
formula, whoever wrote it, and makes a number or a date of a text that looks like one; an apostrophe in front keeps it a text.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from io import StringIO

FORMULA = tuple("=+-@|%\t\r\n")  # | and % begin commands of some spreadsheets
NUMBER_LIKE = re.compile(r"[($¥€£]*[0-9][0-9 .,:/eE%()年月日时分秒APMapm-]*")
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DATE_LIKE = re.compile(
    rf"[0-9]{{1,4}}[ ./-]?(?:{MONTHS})[a-z]*[ ,./-]*[0-9]{{0,4}}|(?:{MONTHS})[a-z]*[ ./-]?[0-9]{{1,4}}(?:, ?[0-9]{{4}})?",
    re.I,
)
LOGICAL = re.compile(r"true|false", re.I)
SHOWN_AS_IT_IS = re.compile(r"0|[1-9][0-9]{0,10}")  # with no leading zero, and no more digits than a cell shows

Cell = str | int | float | bool | None


def spreadsheet(rows: Sequence[Mapping[str, Cell]]) -> bytes:
    """Return rows with the same keys as CSV, with a heading."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(rows[0] if rows else ())
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and (_is_formula(value) or _is_changed(value)) else value


def _is_changed(text: str) -> bool:
    """Whether the text would be shown as another number, or taken for a date, a truth or the like."""
    plain = unicodedata.normalize("NFKC", text)  # full-width digits are digits to a Chinese Excel
    is_like_a_value = any(each.fullmatch(plain) for each in (NUMBER_LIKE, DATE_LIKE, LOGICAL))
    return is_like_a_value and SHOWN_AS_IT_IS.fullmatch(text) is None


def _is_formula(text: str) -> bool:
    """Whether the text begins like a formula, in whatever width its first character is and with whatever blanks before it."""
    visible = next((c for c in text if not c.isspace() and unicodedata.category(c) != "Cf"), "")
    return text.startswith(FORMULA) or unicodedata.normalize("NFKC", visible).startswith(FORMULA)
