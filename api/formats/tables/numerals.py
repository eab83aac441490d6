"""What a cell meant before a spreadsheet made a number of it, or an input method wrote wide characters."""

import re
import unicodedata

WHOLE = re.compile(r"([0-9]+)(?:\.0*)?")
SHORTENED = re.compile(r"[0-9]+(?:\.[0-9]+)?E\+?[0-9]+", re.I)  # 1.23E+11: digits are lost


def plain(text: str) -> str:
    """The text with characters of usual width and without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def whole_number(text: str) -> int | None:
    """The whole number that a plain text is, written 17, 17.0 or 017; None for any other text."""
    match = WHOLE.fullmatch(text)
    return int(match[1]) if match and len(match[1]) <= 18 else None


def is_shortened(text: str) -> bool:
    """Whether a spreadsheet has cut digits off a number, as in 1.23E+11."""
    return SHORTENED.fullmatch(text) is not None
