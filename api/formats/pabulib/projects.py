"""Read the section PROJECTS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from api.domain.campaigns.projects import MAX_THEMES
from api.domain.exchange.problems import unreadable
from api.domain.texts import Text
from api.formats.campaign.checks import text_that_shows
from api.formats.pabulib import names
from api.formats.pabulib.cells import Cell
from api.formats.pabulib.errors import Mistakes, cut
from api.formats.pabulib.numbers import amount, one_of, whole
from api.formats.pabulib.vocabulary import SELECTED, WITHDRAWN_COST

MAX_PROJECTS, MAX_CODE = 5_000, 64  # as campaigns have it


@dataclass(frozen=True, slots=True)
class FileProject:
    """A project as the file has it. cost: None for one that was withdrawn. cells: all that its row says, by column."""

    code: str
    line: int
    cost: Decimal | None
    votes: int | None
    selected: int | None
    cells: Mapping[str, str]


@dataclass
class ProjectRows:
    """Those read so far, in the order of the file.

    rows: how many there were, wrong ones included. crowded: cells with more categories than a project can have themes.
    """

    mistakes: Mistakes
    projects: dict[str, FileProject] = field(default_factory=dict)
    rows: int = 0
    crowded: list[Cell] = field(default_factory=list)

    def read(self, columns: Sequence[str], cells: Sequence[Cell]) -> None:
        """Read a row, which has a cell for each column."""
        self.rows += 1
        row = dict(zip(columns, cells, strict=True))
        code = row["project_id"]
        self._check_code(code)
        cost = self._cost(row["cost"], code.text)
        category = row.get("category")
        if category is not None and len(names.listed(category.text)) > MAX_THEMES:
            self.crowded.append(category)
        votes, selected = row.get("votes"), row.get("selected")
        if selected is not None and selected.text:
            one_of(selected, "selected", SELECTED, self.mistakes)
        if code.text in self.projects or self.rows > MAX_PROJECTS:
            return
        self.projects[code.text] = FileProject(
            code.text,
            code.line,
            None if cost == WITHDRAWN_COST else cost,
            whole(votes, "votes", self.mistakes) if votes is not None and votes.text else None,
            _selected(selected, is_withdrawn=cost == WITHDRAWN_COST),
            {column: cell.text for column, cell in row.items() if cell.text},
        )

    def _check_code(self, cell: Cell) -> None:
        known = self.projects.get(cell.text)
        if known is not None:
            self.mistakes.wrong(
                cell,
                Text(
                    "项目“{text}”出现了两次，第一次在第{line}行。每个project_id只能有一行。",
                    'The project "{text}" is there twice, first on line {line}. Give each project_id one row.',
                    text=cut(cell.text),
                    line=known.line,
                ),
            )
        elif not _is_code(cell.text):
            self.mistakes.wrong(
                cell,
                Text(
                    "project_id写的是“{text}”，应为1至{max_code}个可见字符，不含逗号。",
                    'project_id is "{text}". Write 1 to {max_code} characters that show, with no comma among them.',
                    text=cut(cell.text),
                    max_code=MAX_CODE,
                ),
            )

    def _cost(self, cell: Cell, code: str) -> Decimal | None:
        if cell.text:
            return amount(cell, "cost", self.mistakes)
        self.mistakes.wrong(
            cell,
            Text(
                "项目“{code}”没有cost。请写明它的费用，如1200。",
                'The project "{code}" has no cost. Write what it costs, such as 1200.',
                code=cut(code),
            ),
        )
        return None

    def check_categories(self) -> None:
        """Find projects of more categories than a rule by category would see."""
        for cell in self.crowded:
            found = len(names.listed(cell.text))
            self.mistakes.unsupported(
                cell,
                Text(
                    "category有{found}个类别，而META里有按类别的规则：此时每个项目最多{max_themes}个类别。",
                    "category names {found} categories, and META has rules by category: a project may then have at "
                    "most {max_themes}. Leave some out.",
                    found=found,
                    max_themes=MAX_THEMES,
                ),
            )

    def check_count(self, stated: Cell | None, wanted: int | None, line: int) -> None:
        """Find that there are none, more than campaigns have, or not as many as META says."""
        if not self.rows:
            self.mistakes.add(
                unreadable(
                    Text(
                        "PROJECTS里没有项目。请每个项目写一行。",
                        "PROJECTS has no project. Write a row for each project.",
                    ),
                    line,
                    1,
                )
            )
        if self.rows > MAX_PROJECTS:
            self.mistakes.add(
                unreadable(
                    Text(
                        "PROJECTS有{rows}个项目，最多可有{max_projects}个。",
                        "PROJECTS has {rows} projects. A campaign has at most {max_projects}.",
                        rows=self.rows,
                        max_projects=MAX_PROJECTS,
                    ),
                    line,
                    1,
                )
            )
        check_count("PROJECTS", self.rows, stated, wanted, self.mistakes)


def check_count(section: str, rows: int, stated: Cell | None, wanted: int | None, mistakes: Mistakes) -> None:
    """Find that a section has not as many rows as META says."""
    key = f"num_{section.lower()}"
    if stated is not None and wanted is not None and wanted != rows:
        mistakes.wrong(
            stated,
            Text(
                "{key}写的是{wanted}，但{section}有{rows}行。请改为{rows}，或补齐{section}。",
                "{key} is {wanted}, but {section} has {rows} rows. Write {rows}, or complete {section}.",
                key=key,
                wanted=wanted,
                section=section,
                rows=rows,
            ),
        )


def _selected(cell: Cell | None, *, is_withdrawn: bool) -> int | None:
    """Which of the kinds of selection; a project that was withdrawn is not among those that won, whatever is written."""
    if cell is None or cell.text not in SELECTED:
        return None
    return 0 if is_withdrawn else int(cell.text)


def _is_code(text: str) -> bool:
    try:
        return 0 < len(text) <= MAX_CODE and "," not in text and bool(text_that_shows(text))
    except ValueError:
        return False
