"""The sections of a file, in whatever order they come: which one a row belongs to, and what its header is."""

from collections.abc import Iterator, Sequence

from api.domain.exchange.ballot_files import BallotFile, FileBallot
from api.domain.exchange.problems import FileRefused
from api.domain.texts import Text
from api.formats.pabulib import errors
from api.formats.pabulib.campaign_tree import ReadFile, ballot_file
from api.formats.pabulib.cells import MAX_CELLS, Cell, Unclosed, split
from api.formats.pabulib.errors import Mistakes, cut
from api.formats.pabulib.meta import check_kind, terms_of
from api.formats.pabulib.projects import ProjectRows, check_count
from api.formats.pabulib.vocabulary import META, OBLIGATORY_COLUMNS, PROJECTS, SECTIONS, VOTES
from api.formats.pabulib.votes import VoteRows

MAX_KEPT, CELL = 20_000_000, 50  # characters of META and PROJECTS, of which each cell is so many more
HEADERS = {META: "key;value", PROJECTS: "project_id;cost;…", VOTES: "voter_id;vote;…"}


class Sections:
    """What was read of a file so far."""

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._meta: dict[str, Cell] = {}
        self._projects = ProjectRows(mistakes)
        self.votes = VoteRows(mistakes)
        self._kept = 0  # about as many characters
        self._first: dict[str, int] = {}  # the line of each section
        self._section: str | None = None
        self._columns: dict[str, Sequence[str] | None] = {}  # of each section; None: its header is of no use
        self._needs_header = self._is_again = self._is_lost = False

    @property
    def in_votes(self) -> bool:
        """Whether the next line is a ballot, if it is not of another kind."""
        is_read = self._section == VOTES and not (self._needs_header or self._is_again)
        return is_read and self._columns.get(VOTES) is not None

    def is_marker(self, line: str) -> bool:
        """Whether a line begins a section: it has the one word alone. A voter called so has a vote beside the name."""
        return len(line) < 32 and line.strip(" \t").upper() in SECTIONS

    def row(self, line: str, number: int) -> Iterator[FileBallot]:
        """Read a line without quotes."""
        if self.is_marker(line):
            self._begin(Cell(line.strip(" \t"), number, 1))
        elif line.strip(" \t"):
            cells = split(line, number)
            if not isinstance(cells, Unclosed):
                yield from self.cells(cells)

    def _is_padded_marker(self, cells: Sequence[Cell]) -> bool:
        """Whether a spreadsheet has added empty cells to the word that begins a section; a voter called so may have no vote."""
        is_new = self._section != VOTES and cells[0].text.upper() in {*SECTIONS} - self._first.keys()
        return is_new and len(cells) > 1 and not any(cell.text for cell in cells[1:])

    def skip(self) -> None:
        """Take a row as read that is wrong as a whole."""
        if self._is_again:
            return
        if self._needs_header and self._section is not None:
            self._needs_header, self._columns[self._section] = False, None
        elif self._section == PROJECTS:
            self._projects.rows += 1
        elif self._section == VOTES:
            self.votes.rows += 1

    def _begin(self, cell: Cell) -> None:
        self._end_section(cell.line)
        section = cell.text.upper()
        self._is_again = section in self._first
        if self._is_again:
            self._mistakes.add(errors.repeated_section(cell, self._first[section]))
        self._first.setdefault(section, cell.line)
        self._section, self._needs_header = section, not self._is_again

    def _end_section(self, line: int) -> None:
        if self._needs_header and self._section is not None:
            self._mistakes.add(errors.missing_header(self._section, line, HEADERS[self._section]))
            self._columns.setdefault(self._section, None)
        if self._section == META:
            check_kind(self._meta, self._mistakes)

    def cells(self, cells: Sequence[Cell]) -> Iterator[FileBallot]:
        """Read a row of the section."""
        if self._is_padded_marker(cells):
            self._begin(cells[0])
        elif len(cells) <= MAX_CELLS and not any(cell.text for cell in cells):
            return  # a blank line, to which a spreadsheet has added empty cells
        elif self._section is None:
            if not self._is_lost:
                self._mistakes.add(errors.no_section(cells[0]))
            self._is_lost = True
        elif self._is_again:
            return
        elif self._needs_header:
            self._needs_header = False
            self._read_header(self._section, cells)
        elif (columns := self._columns[self._section]) is None or (row := self._fitting(cells, len(columns))) is None:
            self.skip()
        elif self._section == META:
            self._keep(row)
            self._key(*row)
        elif self._section == PROJECTS:
            self._keep(row)
            self._projects.read(columns, row)
        else:
            yield from self.votes.read(row)

    def _keep(self, row: Sequence[Cell]) -> None:
        """Refuse a file at once that says more besides its ballots than can be kept."""
        self._kept += sum(len(cell.text) + CELL for cell in row)
        if self._kept > MAX_KEPT:
            self._mistakes.add(errors.too_much(row[0].line, MAX_KEPT))
            self._mistakes.raise_any()

    def _read_header(self, section: str, cells: Sequence[Cell]) -> None:
        names = [cell.text.lower() for cell in cells]
        while names and not names[-1]:
            names.pop()
        if section == META:
            self._columns[META] = ("key", "value")
            if names[:2] != ["key", "value"]:
                self._mistakes.add(errors.missing_header(META, cells[0].line, HEADERS[META]))
                if len(cells) > 1:
                    self._key(cells[0], cells[1])
            return
        columns = ["beneficiaries" if n == "target" and "beneficiaries" not in names else n for n in names]
        missing = [name for name in OBLIGATORY_COLUMNS[section] if name not in columns]
        for name in missing:
            self._mistakes.wrong(cells[0], errors.missing_column(section, name))
        for cell, name in zip(cells, columns, strict=False):
            if columns.index(name) != cells.index(cell):
                self._mistakes.wrong(cell, errors.column_twice(section, name))
                missing = [*missing, name]
        self._columns[section] = None if missing else columns
        if section == VOTES and not missing:
            self.votes.begin(columns)

    def _fitting(self, cells: Sequence[Cell], width: int) -> Sequence[Cell] | None:
        """The cells of a row, as many as its header has; more of them may only be empty."""
        if len(cells) < width:
            self._mistakes.add(errors.too_few_cells(cells[0], len(cells), width))
            return None
        extra = next((cell for cell in cells[width:] if cell.text), None)
        if extra is not None:
            self._mistakes.add(errors.too_many_cells(extra, len(cells), width))
            return None
        return cells[:width]

    def _key(self, key: Cell, value: Cell) -> None:
        if key.text in self._meta:
            self._mistakes.wrong(
                key,
                Text(
                    "META里“{text}”出现了两次，第一次在第{line}行。请只写一次。",
                    'META has "{text}" twice, first on line {line}. Write it once.',
                    text=cut(key.text),
                    line=self._meta[key.text].line,
                ),
            )
        elif not key.text:
            self._mistakes.wrong(
                key,
                Text(
                    "META的这一行没有键。请写出键，或删去这一行。",
                    "This row of META has no key. Write it, or remove the row.",
                ),
            )
        else:
            self._meta[key.text] = value

    def end(self, lines: int) -> BallotFile:
        """Make what the file says of what was read. Raises FileRefused with everything that is wrong."""
        self._end_section(lines)
        self._mistakes.raise_unsupported()
        if not self._first:
            if not self._is_lost:
                raise FileRefused([errors.no_section(Cell("", 1, 1))])
            self._mistakes.raise_any()
        for section in SECTIONS:
            if section not in self._first:
                self._mistakes.add(errors.missing_section(section, max(lines, 1)))
        if META in self._first:
            self._judge()
        self._mistakes.raise_any()
        votes, projects = self._columns[VOTES] or (), self._columns[PROJECTS] or ()
        terms = terms_of(self._meta, self._first[META], self._mistakes)
        return ballot_file(
            ReadFile(self._meta, terms, self._projects.projects, tuple(projects), tuple(votes), self.votes.rows)
        )

    def _judge(self) -> None:
        terms = terms_of(self._meta, self._first[META], self._mistakes)
        stated = self._meta.get
        if PROJECTS in self._first:
            self._projects.check_count(stated("num_projects"), terms.num_projects, self._first[PROJECTS])
        if terms.fewest_each or terms.most_each is not None:
            self._projects.check_categories()
        if VOTES in self._first:
            check_count(VOTES, self.votes.rows, stated("num_votes"), terms.num_votes, self._mistakes)
