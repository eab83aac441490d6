"""What may be wrong with a file, in words: what it is, and what would be right."""

from api.domain.campaigns.problems import ProblemCode
from api.domain.exchange.problems import MAX_KEPT_PROBLEMS, FileProblem, FileRefused, unreadable
from api.domain.texts import Text
from api.formats.pabulib.cells import Cell
from api.formats.pabulib.vocabulary import SECTIONS

MAX_SHOWN = 60  # characters of what a file says, in a message


class Mistakes:
    """Those found so far."""

    def __init__(self) -> None:
        self._kept: list[FileProblem] = []

    def __bool__(self) -> bool:
        return bool(self._kept)

    def add(self, problem: FileProblem) -> None:
        """Keep one. Raises FileRefused once there are as many as are kept: then it is enough."""
        self._kept.append(problem)
        if len(self._kept) >= MAX_KEPT_PROBLEMS:
            self.raise_any()

    def wrong(self, cell: Cell, message: Text) -> None:
        """Keep one of a cell."""
        self.add(unreadable(message, cell.line, cell.column))

    def unsupported(self, cell: Cell, message: Text) -> None:
        """Keep one of a kind of file that is not taken."""
        self.add(FileProblem(ProblemCode.UNSUPPORTED_FILE, message, (), cell.line, cell.column))

    def raise_any(self) -> None:
        """Raise FileRefused if there are any: those of kinds that are not taken alone, since others follow from them."""
        kinds = [each for each in self._kept if each.code is ProblemCode.UNSUPPORTED_FILE]
        if self._kept:
            raise FileRefused(sorted(kinds or self._kept, key=lambda each: (each.line or 10**9, each.column or 0)))

    def raise_unsupported(self) -> None:
        """Raise FileRefused if the kind is not taken, without reading on."""
        if any(each.code is ProblemCode.UNSUPPORTED_FILE for each in self._kept):
            self.raise_any()


def cut(text: str) -> str:
    """What a file says, as much of it as a message shows."""
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def not_utf8(line: int, column: int) -> FileProblem:
    return unreadable(
        Text(
            "此处的字节不是UTF-8（可能是Latin-1或Windows-1250）。请将文件另存为UTF-8。",
            "These bytes are not UTF-8, but Latin-1 or Windows-1250 perhaps. Save the file as UTF-8.",
        ),
        line,
        column,
    )


def utf16() -> FileProblem:
    return unreadable(
        Text("文件是UTF-16编码。请将文件另存为UTF-8。", "The file is in UTF-16. Save the file as UTF-8."), 1, 1
    )


def nul(line: int, column: int) -> FileProblem:
    return unreadable(
        Text(
            "此处有NUL字符，文本文件中不应出现。请删去，或改为传送.pb文件本身。",
            "There is a NUL character, which no text has. Remove it, or send the .pb file itself.",
        ),
        line,
        column,
    )


def lone_return(line: int, column: int) -> FileProblem:
    return unreadable(
        Text(
            "此处有单独的CR，行只能以LF或CRLF结尾。请删去，或以LF换行保存。",
            "There is a CR alone; lines end with LF or CRLF. Remove it, or save the file with LF at the ends of lines.",
        ),
        line,
        column,
    )


def too_long(line: int) -> FileProblem:
    return unreadable(
        Text(
            "这一行超过一百万字节，不像是.pb文件。请检查换行。",
            "This line has more than a million bytes, as no .pb file has. Look whether its lines end with LF.",
        ),
        line,
        1,
    )


def too_much(line: int, most: int) -> FileProblem:
    return unreadable(
        Text(
            "到这一行为止，META和PROJECTS已超过{most}个字符。请缩短文本。",
            "Up to this line META and PROJECTS have more than {most} characters. Shorten their texts.",
            most=most,
        ),
        line,
        1,
    )


def unclosed(line: int, column: int) -> FileProblem:
    return unreadable(
        Text(
            '此处的引号没有结束。请在单元格末尾加上"，单元格内的引号写两次。',
            'This quote is never closed. End the cell with ", and write quotes within it twice.',
        ),
        line,
        column,
    )


def no_section(cell: Cell) -> FileProblem:
    names = "、".join(SECTIONS)
    return unreadable(
        Text(
            "“{text}”出现在任何部分之前。.pb文件以单独一行META开头，其后有{names}三个部分。",
            '"{text}" stands before any section. A .pb file begins with META on a line of its own; its '
            "sections are {sections}.",
            text=cut(cell.text),
            names=names,
            sections=", ".join(SECTIONS),
        ),
        cell.line,
        cell.column,
    )


def missing_section(name: str, line: int) -> FileProblem:
    return unreadable(
        Text(
            "文件没有{name}部分。请添加单独一行{name}，其下为表头和各行。",
            "The file has no section {name}. Add a line {name}, and below it the header and the rows.",
            name=name,
        ),
        line,
        1,
    )


def repeated_section(cell: Cell, first: int) -> FileProblem:
    name = cell.text.upper()
    return unreadable(
        Text(
            "{name}部分出现了两次，第一次在第{first}行。请合并为一个部分。",
            "The section {name} is there twice, first on line {first}. Make one section of the two.",
            name=name,
            first=first,
        ),
        cell.line,
        cell.column,
    )


def missing_header(name: str, line: int, header: str) -> FileProblem:
    return unreadable(
        Text(
            "{name}之下没有表头。请写一行“{header}”。",
            "There is no header below {name}. Write a line {header} there.",
            name=name,
            header=header,
        ),
        line,
        1,
    )


def too_few_cells(cell: Cell, found: int, wanted: int) -> FileProblem:
    return unreadable(
        Text(
            "这一行有{found}个单元格，表头有{wanted}个。请用分号补齐到{wanted}个。",
            "This row has {found} cells, and the header {wanted}. Write {wanted}, with a semicolon between them.",
            found=found,
            wanted=wanted,
        ),
        cell.line,
        cell.column,
    )


def too_many_cells(cell: Cell, found: int, wanted: int) -> FileProblem:
    return unreadable(
        Text(
            "这一行有{found}个单元格，表头只有{wanted}个。请删去多余的；含分号的文本须放在引号内。",
            "This row has {found} cells, and the header only {wanted}. Leave out what is too much; put a "
            "text with a semicolon in quotes.",
            found=found,
            wanted=wanted,
        ),
        cell.line,
        cell.column,
    )


def missing_column(section: str, name: str) -> Text:
    """Say that a section's header lacks a column."""
    return Text(
        "{section}的表头没有{name}。请添加这一列。",
        "The header of {section} has no column {name}. Add it.",
        section=section,
        name=name,
    )


def column_twice(section: str, name: str) -> Text:
    """Say that a section's header has a column twice."""
    return Text(
        "{section}的表头里“{name}”出现了两次。请删去一列。",
        'The header of {section} has the column "{name}" twice. Leave one of them out.',
        section=section,
        name=cut(name),
    )
