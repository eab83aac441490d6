"""CSV that spreadsheets open as it is meant: in UTF-8, numbers as numbers, and every text as that text.

Excel takes a file without a byte order mark for one of the system's old encoding. It computes a cell that begins like a
formula, whoever wrote it, and makes a number or a date of a text that looks like one; an apostrophe in front keeps it a text.
Where it goes by semicolons it also splits at those within a text, and at line ends: an apostrophe stands behind these as well.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

BYTE_ORDER_MARK = "\ufeff"
LINE_END = "\r\n"
FORMULA = tuple("=+-\u2212@|%\t\r\n")  # | and % begin commands of some spreadsheets; U+2212 is a minus sign
SEPARATORS = re.compile(r"([;\t\r\n])")
TO_BE_QUOTED = re.compile(r'[,;"\t\r\n]|^\s|\s$')
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
    lines = [rows[0] if rows else (), *([_cell(value) for value in row.values()] for row in rows)]
    return (BYTE_ORDER_MARK + "".join(map(csv_line, lines))).encode()


def csv_line(cells: Iterable[Cell]) -> str:
    """Return a line of CSV, ended; what of its texts has to be defused is already."""
    written = [_quoted(cell) for cell in cells]
    return ('""' if written == [""] else ",".join(written)) + LINE_END


def defused(text: str) -> str:
    """Return a text so that a spreadsheet shows it and does nothing with it."""
    parts = SEPARATORS.split(text)
    parts[2::2] = [f"'{part}" if _is_formula(part.lstrip("'")) else part for part in parts[2::2]]
    shown = "".join(parts)
    return f"'{shown}" if _is_risky(text) else shown


def undefused(cell: str) -> str:
    """Return the text that a cell was defused from."""
    if cell.startswith("'"):
        text = _joined(cell[1:])
        if _is_risky(text):
            return text
    return _joined(cell)


def _joined(shown: str) -> str:
    """Take off the apostrophes behind separators."""
    parts = SEPARATORS.split(shown)
    parts[2::2] = [part[1:] if part[:1] == "'" and _is_formula(part.lstrip("'")) else part for part in parts[2::2]]
    return "".join(parts)


def _cell(value: Cell) -> Cell:
    return defused(value) if isinstance(value, str) else value


def _quoted(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    return '"' + text.replace('"', '""') + '"' if TO_BE_QUOTED.search(text) else text


def _is_risky(text: str) -> bool:
    """Whether the text needs an apostrophe; one that has apostrophes already gets another, so that they can be told apart."""
    core = text.lstrip("'")
    return _is_formula(core) or _is_changed(core)


def _is_changed(text: str) -> bool:
    """Whether the text would be shown as another number, or taken for a date, a truth or the like."""
    plain = unicodedata.normalize("NFKC", text)  # full-width digits are digits to a Chinese Excel
    is_like_a_value = any(each.fullmatch(plain) for each in (NUMBER_LIKE, DATE_LIKE, LOGICAL))
    return is_like_a_value and SHOWN_AS_IT_IS.fullmatch(text) is None


def _is_formula(text: str) -> bool:
    """Whether the text begins like a formula, in whatever width its first character is and with whatever blanks before it."""
    visible = next((c for c in text if not c.isspace() and unicodedata.category(c) != "Cf"), "")
    return text.startswith(FORMULA) or unicodedata.normalize("NFKC", visible).startswith(FORMULA)
