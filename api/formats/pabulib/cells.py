"""Split a line at its semicolons, and text at the ends of its lines. Quotes are as in CSV: where a cell begins with one."""

from typing import NamedTuple

SEPARATOR, QUOTE = ";", '"'
MAX_CELLS = 1_000  # of a row; those after them are as good as one


class Cell(NamedTuple):
    """What a cell says, and where it stands."""

    text: str
    line: int
    column: int


class Unclosed(NamedTuple):
    """A quote that no other closes: its line and column. is_certain: no line that follows can close it either."""

    line: int
    column: int
    is_certain: bool = False


def split(text: str, line: int) -> list[Cell] | Unclosed:
    """Split a row, which begins on this line and may go over several where a cell is quoted."""
    cells: list[Cell] = []
    start, is_last = 0, False
    while not is_last:
        if text.startswith(QUOTE, start):
            close = _closing(text, start + 1)
            if close is None:
                return Unclosed(*_place(text, start, line))
            inner = text[start + 1 : close].replace(QUOTE * 2, QUOTE)
            end = text.find(SEPARATOR, close)
            end = len(text) if end < 0 else end
            after = text[close + 1 : end].rstrip(" \t")
            if after and "\n" in inner:
                return Unclosed(*_place(text, start, line), is_certain=True)
            inner += after
        else:
            end = text.find(SEPARATOR, start)
            end = len(text) if end < 0 else end
            inner = text[start:end]
        cells.append(Cell(inner.strip(" \t"), *_place(text, start, line)))
        is_last, start = end == len(text) or len(cells) > MAX_CELLS, end + 1
    return cells


def _closing(text: str, start: int) -> int | None:
    """Where the quote is that ends a cell; two of them stand for one in it."""
    while (found := text.find(QUOTE, start)) >= 0:
        if not text.startswith(QUOTE, found + 1):
            return found
        start = found + 2
    return None


def _place(text: str, offset: int, line: int) -> tuple[int, int]:
    return line + text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset)
