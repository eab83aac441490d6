"""Read a .pb file that comes in pieces of bytes, its ballots one by one, in as little memory however long it is."""

from collections.abc import Iterator, Sequence

from api.domain.exchange.ballot_files import BallotFile, FileBallot
from api.domain.exchange.problems import FileRefused
from api.formats.pabulib import errors
from api.formats.pabulib.cells import QUOTE, Cell, Unclosed, split
from api.formats.pabulib.errors import Mistakes
from api.formats.pabulib.sections import Sections

BOM, UTF16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
MAX_LINE = 1_000_000  # bytes of a line
MAX_QUOTED, MAX_QUOTED_TEXT = 200, 100_000  # lines and characters of a row with a cell that goes over several


class PabulibParser:
    """A BallotFileParser of approval files in Pabulib's format."""

    def __init__(self) -> None:
        self._mistakes = Mistakes()
        self._sections = Sections(self._mistakes)
        self._rest: list[bytes] = []  # of a line whose end has not come
        self._length = 0  # of it
        self._line = 0  # those before
        self._quoted: list[str] = []  # lines of a row that has a quote open
        self._quoted_text = 0  # characters of them
        self._has_begun = False
        self._file: BallotFile | None = None

    def feed(self, piece: bytes) -> Sequence[FileBallot]:
        """Read on. Raises FileRefused for a kind of file that is not taken; other mistakes are told at the end, all at once."""
        end = piece.rfind(b"\n") + 1
        if not end:
            self._keep(piece)
            return ()
        block = b"".join([*self._rest, piece[:end]])
        self._rest, self._length = [], 0
        self._keep(piece[end:])
        found = self._read(block)
        self._mistakes.raise_unsupported()
        return found

    def close(self) -> Sequence[FileBallot]:
        """Take the file as ended. Raises FileRefused with everything that is wrong."""
        block = b"".join(self._rest)
        found = self._read(block + b"\n") if block else []
        while self._quoted:
            found += self._resume_after_quote()
        self._file = self._sections.end(self._line)
        return found

    def file(self) -> BallotFile:
        """All that it says besides its ballots. After close."""
        if self._file is None:
            raise ValueError("the file has not been read to its end")
        return self._file

    def _keep(self, piece: bytes) -> None:
        if piece:
            self._rest.append(piece)
            self._length += len(piece)
        if self._length > MAX_LINE:
            self._mistakes.add(errors.too_long(self._line + 1))
            self._mistakes.raise_any()

    def _read(self, block: bytes) -> list[FileBallot]:
        """Read whole lines."""
        if not self._has_begun:
            self._has_begun = True
            if block.startswith(UTF16):
                raise FileRefused([errors.utf16()])
            block = block.removeprefix(BOM)
        try:
            text, is_sound = block.decode(), True
        except UnicodeDecodeError:
            text, is_sound = block.decode(errors="surrogateescape"), False
        text = text.replace("\r\n", "\n")
        is_sound = is_sound and "\r" not in text and "\0" not in text
        lines = text.split("\n")
        lines.pop()
        if not is_sound:
            lines = [self._mended(line, number) for number, line in enumerate(lines, self._line + 1)]
        return self._rows(lines, has_quotes=QUOTE in text)

    def _mended(self, line: str, number: int) -> str:
        """A line without what no line may hold; the first of it is a mistake."""
        for column, character in enumerate(line, 1):
            if "\udc80" <= character <= "\udcff":
                self._mistakes.add(errors.not_utf8(number, column))
            elif character == "\0":
                self._mistakes.add(errors.nul(number, column))
            elif character == "\r":
                self._mistakes.add(errors.lone_return(number, column))
            else:
                continue
            return "".join("\ufffd" if "\udc80" <= c <= "\udcff" or c in "\0\r" else c for c in line)
        return line

    def _rows(self, lines: Sequence[str], *, has_quotes: bool) -> list[FileBallot]:
        found: list[FileBallot] = []
        index = 0
        while index < len(lines):
            if not self._quoted and not has_quotes and self._sections.in_votes:
                done = self._sections.votes.read_plain(lines, index, self._line, found)
                self._line += done - index
                index = done
                if index == len(lines):
                    break
            found += self._row(lines[index])
            index += 1
        return found

    def _row(self, line: str) -> Iterator[FileBallot]:
        """Read a line that may have quotes."""
        is_marker = self._sections.is_marker(line)
        if self._quoted and is_marker:
            yield from self._resume_after_quote()
        self._line += 1
        if not self._quoted and (is_marker or QUOTE not in line):
            yield from self._sections.row(line, self._line)
            return
        self._quoted.append(line)
        self._quoted_text = len(line) + (self._quoted_text if len(self._quoted) > 1 else 0)
        cells = self._split() if QUOTE in line else None
        is_long = len(self._quoted) > 1 and (len(self._quoted) > MAX_QUOTED or self._quoted_text > MAX_QUOTED_TEXT)
        if isinstance(cells, list):
            self._quoted = []
            yield from self._sections.cells(cells)
        elif is_long or (cells is not None and cells.is_certain):
            yield from self._resume_after_quote()

    def _split(self) -> list[Cell] | Unclosed:
        return split("\n".join(self._quoted), self._line - len(self._quoted) + 1)

    def _resume_after_quote(self) -> list[FileBallot]:
        """Tell of a quote that is never closed, and read the lines after it as if it were not there."""
        place, lines = self._split(), self._quoted
        if isinstance(place, Unclosed):
            self._mistakes.add(errors.unclosed(place.line, place.column))
        self._sections.skip()
        self._line -= len(lines) - 1
        self._quoted = []
        found: list[FileBallot] = []
        for line in lines[1:]:
            found += self._row(line)
        return found
