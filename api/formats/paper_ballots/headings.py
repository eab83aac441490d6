"""What the columns of a sheet of ballots mean, by their headings in Chinese or English."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.domain.campaigns.campaign import Campaign
from api.domain.exchange.problems import FileProblem, FileRefused, unreadable
from api.domain.han import simplified
from api.domain.texts import Text
from api.formats.paper_ballots.projects import NamedProjects
from api.formats.tables import Table, plain

HEADER = ("选票编号", "所选项目")
NUMBER = frozenset(
    {
        "选票编号",
        "选票号",
        "选票号码",
        "票号",
        "编号",
        "ballot",
        "ballot number",
        "ballot no",
        "ballot no.",
        "ballot_number",
    }
    | {"number", "no", "no."}
)
CHOICES = frozenset(
    {
        "所选项目",
        "所选候选人",
        "所选作品",
        "所选",
        "选择",
        "选择项目",
        "选项",
        "choices",
        "choice",
        "chosen",
        "projects",
    }
)
CHOICES_BY_NUMBER = frozenset({"所选项目编号", "项目编号", "project numbers", "numbers", "project_numbers"})
CHOICES_BY_CODE = frozenset({"所选项目代码", "项目代码", "project codes", "codes", "project_codes"})
ONE_CHOICE = re.compile(r"(?:选择|选项|choice) ?#? ?[0-9]{1,4}|第[0-9]{1,4}(?:选|项)", re.I)
IGNORED = frozenset({"", "序号", "备注", "录入人", "note", "notes", "remark", "remarks", "entered by"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Where what stands, by places in a row. listed: many projects in a cell; single: one each; marked: a mark, by project."""

    number: int
    projects: NamedProjects
    listed: int | None = None
    single: tuple[int, ...] = ()
    marked: Mapping[int, int] | None = None


def is_heading(text: str) -> bool:
    """Whether this is a heading in every campaign."""
    name = _name(text)
    return name in NUMBER | CHOICES | CHOICES_BY_NUMBER | CHOICES_BY_CODE | IGNORED - {""} or bool(
        ONE_CHOICE.fullmatch(name)
    )


def columns_of(table: Table, campaign: Campaign) -> Columns:
    """Find out what the columns mean. Raises FileRefused with all that is wrong with the headings."""
    names = [_name(cell.text) for cell in table.headings]
    numbers = [place for place, name in enumerate(names) if name in NUMBER]
    by_number, by_code = (
        {place for place, name in enumerate(names) if name in known} for known in (CHOICES_BY_NUMBER, CHOICES_BY_CODE)
    )
    lists = sorted({place for place, name in enumerate(names) if name in CHOICES} | by_number | by_code)
    singles = [place for place, name in enumerate(names) if ONE_CHOICE.fullmatch(name)]
    others = [p for p, name in enumerate(names) if name not in IGNORED and p not in {*numbers, *lists, *singles}]
    named = NamedProjects(campaign, codes_alone=bool(by_code), numbers_alone=bool(by_number))
    meant = {place: named.meant(table.headings[place].text) for place in others}
    marked = {place: found[0] for place, found in meant.items() if len(found) == 1}
    layouts = sum(map(bool, (lists, singles, marked)))
    problems = [
        *_number_problems(numbers),
        *(_unknown(table, place, len(meant[place])) for place in others if place not in marked),
        *_repeated(table, marked),
    ]
    if layouts != 1 or len(lists) > 1:
        problems.append(_layout(layouts))
    if problems:
        raise FileRefused(problems)
    return Columns(numbers[0], named, lists[0] if lists else None, tuple(singles), marked or None)


def _name(text: str) -> str:
    return simplified(re.sub(r"\s+", " ", plain(text)).casefold())


def _number_problems(places: list[int]) -> Iterator[FileProblem]:
    if len(places) != 1:
        found = NUMBER_COLUMNS[bool(places)]
        yield unreadable(
            Text(
                "第一行{found}。请用一列写选票上印的编号，标题为“选票编号”。",
                "The first row has {found_2}. Write the printed numbers of the ballots in one column headed "
                "“ballot number”.",
                found=found[0],
                found_2=found[1],
            ),
            1,
        )


NUMBER_COLUMNS = {
    False: ("没有选票编号的标题", "no heading for the numbers of the ballots"),
    True: ("有不止一个选票编号的标题", "more than one heading for the numbers of the ballots"),
}


def _unknown(table: Table, place: int, meant: int) -> FileProblem:
    cell = table.headings[place]
    shown = cell.text.strip()[:40]
    if meant:
        return cell.problem(
            Text(
                "的标题“{shown}”可指不止一个项目。请写项目的代码。",
                "has the heading “{shown}”, which may mean more than one project. Write the project's code.",
                shown=shown,
            ),
        )
    return cell.problem(
        Text(
            "的标题“{shown}”无法识别。请写“选票编号”“所选项目”“选择1”，或项目的编号、代码；说明性的列请用“备注”。",
            "has the heading “{shown}”, which is not known. Write “ballot number”, “choices”, “choice 1”, a "
            "project's number or code; for remarks write “notes”.",
            shown=shown,
        ),
    )


def _repeated(table: Table, marked: Mapping[int, int]) -> Iterator[FileProblem]:
    first: dict[int, int] = {}
    for place, number in marked.items():
        if (before := first.setdefault(number, place)) != place:
            cell, earlier = table.headings[place], table.headings[before]
            yield cell.problem(
                Text(
                    "与{earlier}是同一个项目。每个项目只用一列。",
                    "names the same project as {earlier}. Have one column for each project.",
                    earlier=earlier.name,
                ),
            )


def _layout(layouts: int) -> FileProblem:
    if layouts:
        return unreadable(
            Text(
                "第一行混用了几种写法。请只用一种：一列“所选项目”；或“选择1”“选择2”等各列；或每个项目一列。",
                "The first row mixes several layouts. Use one: a column “choices”; columns “choice 1”, “choice "
                "2” and so on; or a column for each project.",
            ),
            1,
        )
    return unreadable(
        Text(
            "第一行没有所选项目的标题。请加一列“所选项目”，或“选择1”“选择2”等各列，或每个项目一列。",
            "The first row has no heading for what was chosen. Add a column “choices”, columns “choice 1”, "
            "“choice 2” and so on, or a column for each project.",
        ),
        1,
    )
