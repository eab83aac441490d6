"""Read the rows of a sheet of ballots: the number of each ballot, and the projects that were chosen on it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ProblemCode
from api.domain.exchange.ballot_files import PaperBallot
from api.domain.exchange.problems import FileProblem
from api.domain.texts import Text, joined
from api.formats.paper_ballots.headings import Columns, columns_of, is_heading
from api.formats.tables import Cell, plain, read_table, whole_number
from api.formats.tables.numerals import is_shortened
from api.formats.tables.sheets import without_heading

MARKED = frozenset({"√", "✓", "✔", "☑", "x", "×", "✕", "✖", "1", "1.0", "是", "选", "選", "y", "yes", "true"})
UNMARKED = frozenset({"", "0", "0.0", "否", "n", "no", "false"})
BETWEEN = re.compile(r"[\s,;、]+")  # after wide characters have become plain ones
MAX_NUMBER_LENGTH = 64  # characters of a ballot's number
NO_NUMBER = Text("没有选票编号。请写选票上印的编号。", "has no number of a ballot. Write the printed one.")
NUMBER_LENGTH = Text(
    "的选票编号须为1至{most}个可见字符。",
    "has to hold a ballot's number of 1 to {most} printable characters.",
    most=MAX_NUMBER_LENGTH,
)


def read_paper_ballots(content: bytes, campaign: Campaign) -> tuple[Sequence[PaperBallot], Sequence[FileProblem]]:
    """Return the ballots of the rows that are in order, and what is wrong with the others: ports.PaperBallotReader."""
    table = read_table(content, is_heading)
    columns = columns_of(table, campaign)
    problems = [
        cell.problem(
            Text(
                "不在任何标题之下。请删去，或补上标题。", "is under no heading. Remove it, or write a heading above it."
            )
        )
        for cell in without_heading(table)
    ]
    ballots: list[PaperBallot] = []
    seen: defaultdict[str, list[Cell]] = defaultdict(list)
    for row in table.rows:
        number, wrong = _number(row, columns)
        if number is not None:
            seen[number].append(row[columns.number])
        chosen, unknown = _choices(row, columns)
        wrong += unknown
        if not chosen and not unknown:
            wrong.append(_blank(row))
        problems += wrong
        if not wrong and number is not None:
            ballots.append(PaperBallot(row[0].line, number, chosen, row[0].column))
    problems += _repeats(seen)
    wrong_lines = {problem.line for problem in problems}
    ordered = sorted(problems, key=lambda each: (each.line or 0, each.column or 0))
    return [ballot for ballot in ballots if ballot.line not in wrong_lines], ordered


def _number(row: Sequence[Cell], columns: Columns) -> tuple[str | None, list[FileProblem]]:
    """The number of a ballot, the same however a spreadsheet shows it: 017, 17 and 17.0 are one."""
    cell = row[columns.number] if columns.number < len(row) else row[0]._replace(text="")
    written = plain(cell.text)
    if not written:
        return None, [cell.problem(NO_NUMBER)]
    if is_shortened(written):
        shortened = Text(
            "“{written}”已被表格软件缩写，丢失了数字。请把该列设为“文本”格式后重新录入编号。",
            "has {written}, of which the spreadsheet has cut digits off. Format the column as text, and enter the "
            "numbers anew.",
            written=written,
        )
        return None, [cell.problem(shortened)]
    if len(written) > MAX_NUMBER_LENGTH or not written.isprintable():
        return None, [cell.problem(NUMBER_LENGTH)]
    whole = whole_number(written)
    return written.casefold() if whole is None else str(whole), []


def _choices(row: Sequence[Cell], columns: Columns) -> tuple[tuple[int, ...], list[FileProblem]]:
    """The projects that a row names, and what is wrong with it."""
    if columns.marked is not None:
        return _marked(row, columns.marked)
    places = columns.single if columns.listed is None else (columns.listed,)
    chosen: list[int] = []
    problems: list[FileProblem] = []
    for place in places:
        if place < len(row) and row[place].text.strip():
            for name in _names(row[place].text, columns):
                meant = columns.projects.meant(name)
                if len(meant) == 1:
                    chosen.append(meant[0])
                else:
                    problems.append(_not_one(row[place], name, meant))
    return tuple(chosen), problems


def _names(text: str, columns: Columns) -> Sequence[str]:
    """The projects that a cell names; a cell that is the code of one project names that one, whatever is in it."""
    if columns.listed is None or len(columns.projects.meant(text)) == 1:
        return [text]
    return [name for name in BETWEEN.split(plain(text)) if name]


def _marked(row: Sequence[Cell], marked: Mapping[int, int]) -> tuple[tuple[int, ...], list[FileProblem]]:
    chosen: list[int] = []
    problems: list[FileProblem] = []
    for place, number in marked.items():
        mark = plain(row[place].text).casefold() if place < len(row) else ""
        if mark in MARKED:
            chosen.append(number)
        elif mark not in UNMARKED:
            problems.append(
                row[place].problem(
                    Text(
                        "的“{mark}”不是可识别的记号。选中请写√、x、1或是，未选请留空。",
                        "has “{mark}”, which is no mark that is known. Write √, x, 1 or yes where the project was "
                        "chosen; leave other cells empty.",
                        mark=mark[:40],
                    ),
                )
            )
    return tuple(chosen), problems


def _not_one(cell: Cell, name: str, meant: tuple[int, ...]) -> FileProblem:
    shown = name.strip()[:40]
    if meant:
        numbers = ", ".join(map(str, meant))
        return cell.problem(
            Text(
                "中的“{shown}”可指不止一个项目：{replace}号。请写项目的代码。",
                "has “{shown}”, which may mean more than one project: numbers {numbers}. Write the project's code.",
                shown=shown,
                replace=numbers.replace(", ", "、"),
                numbers=numbers,
            ),
        )
    message = Text(
        "单元格{cell}中的“{shown}”不是本次评选的项目。请写项目的编号或代码，多个之间用空格、顿号或分号隔开。",
        "Cell {cell} has “{shown}”, which is no project of this campaign. Write projects' numbers or "
        "codes, with blanks, commas or semicolons between them.",
        cell=cell.name,
        shown=shown,
    )
    return FileProblem(ProblemCode.BALLOT_REFUSED, message, (), cell.line, cell.column, ("UNKNOWN_PROJECTS",))


def _blank(row: Sequence[Cell]) -> FileProblem:
    cell = row[0]
    message = Text(
        "第{place}行没有选择任何项目。空白票不计票，请删去此行；若漏录，请补上所选项目。",
        "Row {place} names no project. A blank ballot is not counted: remove the row, or write what was chosen.",
        place=cell.place[0],
    )
    return FileProblem(ProblemCode.BALLOT_REFUSED, message, (), cell.line, cell.column, ("TOO_FEW_CHOICES",))


def _repeats(seen: dict[str, list[Cell]]) -> Iterator[FileProblem]:
    """Of rows with one number nobody knows which is right: all of them are wrong."""
    for number, cells in seen.items():
        for cell in cells if len(cells) > 1 else ():
            others = [other.name for other in cells if other is not cell]
            yield cell.problem(
                Text(
                    "的选票编号{number}也在{others}。同一编号只能录入一次，请核对。",
                    "has the number {number}, which is in {others} as well. Enter each ballot once; see which is "
                    "right.",
                    number=number,
                    others=joined(others[:5]),
                ),
            )
