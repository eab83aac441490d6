"""Take a CSV apart into cells that know where they are."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from api.domain.exchange.problems import FileProblem, FileRefused, unreadable
from api.domain.texts import Text

END_OF_LINE = re.compile(r"\r\n|\r|\n")


class Cell(NamedTuple):
    """A cell. line, column: where its text begins, in lines and characters from 1. place: its row and column from 1."""

    text: str
    line: int
    column: int
    place: tuple[int, int]

    @property
    def name(self) -> str:
        """What a spreadsheet calls it, such as B7."""
        row, column = self.place
        letters = ""
        while column:
            column, digit = divmod(column - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return f"{letters}{row}"

    def problem(self, wrong: Text) -> FileProblem:
        """What is wrong with it, in sentences that go on from its name."""
        return unreadable(
            Text("单元格{cell}{wrong}", "Cell {cell} {wrong}", cell=self.name, wrong=wrong), self.line, self.column
        )


Row = list[Cell]


def rows_of(text: str, separator: str) -> Iterator[Row]:
    """The rows of a CSV, those without any text included. Raises FileRefused where quotes do not match."""
    plain = re.compile(rf"[^{re.escape(separator)}\r\n]*")
    at, line, start, row = 0, 1, 0, 1
    cells: Row = []
    while at <= len(text):
        opened_line, opened_column = line, at - start + 1
        if text.startswith('"', at):
            value, end = _quoted(text, at, opened_line, opened_column)
            for ended in END_OF_LINE.finditer(text, at, end):
                line, start = line + 1, ended.end()
            at = end
            if at < len(text) and text[at] not in f"{separator}\r\n":
                raise FileRefused([_after_quotes(line, at - start + 1)])
        else:
            match = plain.match(text, at)
            value, at = (match[0], match.end()) if match else ("", at)
        cells.append(Cell(value, opened_line, opened_column, (row, len(cells) + 1)))
        if text.startswith(separator, at):
            at += len(separator)
            continue
        yield cells
        end_of_line = END_OF_LINE.match(text, at)
        if end_of_line is None or end_of_line.end() == len(text):
            return
        at = start = end_of_line.end()
        line, row, cells = line + 1, row + 1, []


def _quoted(text: str, at: int, line: int, column: int) -> tuple[str, int]:
    """The text in quotes that begin here, and where it ends."""
    end = at
    while (end := text.find('"', end + 1)) >= 0:
        if not text.startswith('"', end + 1):
            return text[at + 1 : end].replace('""', '"'), end + 1
        end += 1
    message = Text(
        '引号没有成对。请补上缺少的引号，单元格内的引号写两个（""）。',
        'A quotation mark is not closed. Close it; within a cell write it twice ("").',
    )
    raise FileRefused([unreadable(message, line, column)])


def _after_quotes(line: int, column: int) -> FileProblem:
    return unreadable(
        Text(
            '右引号之后还有文字。单元格内的引号写两个（""），并把整个单元格放在引号内。',
            'There is text after the closing quotation mark. Within a cell write it twice (""), and put the '
            "whole cell in quotes.",
        ),
        line,
        column,
    )
