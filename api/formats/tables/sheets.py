"""Find out how a table is written, and give its rows with the columns that have a meaning."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.domain.exchange.problems import FileRefused, unreadable
from api.domain.texts import Text
from api.formats.tables.cells import Cell, Row, rows_of
from api.formats.tables.decoding import decoded

SEPARATORS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its headings, and the rows below them that have any text in them."""

    headings: Row
    rows: Sequence[Row]

    def columns(self, of: Callable[[str], str | None]) -> Mapping[int, str]:
        """What the headings mean, by the place of the column; without those that mean nothing."""
        return {place: meaning for place, cell in enumerate(self.headings) if (meaning := of(cell.text)) is not None}


def read_table(content: bytes, is_heading: Callable[[str], bool]) -> Table:
    """Read a table whose separator is the one that makes the most headings known. Raises FileRefused for an empty file."""
    text = decoded(content)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=lambda each: _known(first, each, is_heading))
    rows = [row for row in rows_of(text, separator) if any(cell.text.strip() for cell in row)]
    if not rows:
        raise FileRefused(
            [
                unreadable(
                    Text(
                        "文件是空的。请在第一行写列标题，其下每行一条。",
                        "The file is empty. Write the headings in the first row, and one entry in each row below.",
                    ),
                    1,
                )
            ]
        )
    return Table(rows[0], rows[1:])


def _known(line: str, separator: str, is_heading: Callable[[str], bool]) -> tuple[int, int]:
    """How many of the cells of a line are known headings with this separator, and then how many cells there are."""
    cells = [cell.strip().strip('"') for cell in line.split(separator)]
    return sum(map(is_heading, cells)), len(cells)


def without_heading(table: Table) -> Iterator[Cell]:
    """The cells with text that are right of the last heading."""
    width = len(table.headings)
    return (cell for row in table.rows for cell in row[width:] if cell.text.strip())
