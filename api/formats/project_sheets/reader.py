"""Read the rows of a sheet of projects as trees with the keys that campaign files have."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.projects import District
from api.domain.exchange.problems import FileProblem, FileRefused, unreadable
from api.domain.exchange.project_rows import ProjectRow
from api.domain.folding import fold
from api.domain.texts import LocalizedText, Text
from api.formats.project_sheets.headings import TEXTS, Meaning, is_heading, meanings
from api.formats.spreadsheets import undefused
from api.formats.tables import Cell, plain, read_table, whole_number
from api.formats.tables.sheets import without_heading

LEVELS = {"市级": "MUNICIPAL", "市": "MUNICIPAL", "区级": "DISTRICT", "区": "DISTRICT", "未注明": "UNSTATED"}
BETWEEN = re.compile(r"[;；、,，\n]+")
GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]+)?")
Codes = Mapping[str, frozenset[str]]  # of what may be named by its code or its name: the codes by either, folded


def read_project_sheet(
    content: bytes, campaign: Campaign, districts: Mapping[str, District]
) -> tuple[Sequence[ProjectRow], Sequence[FileProblem]]:
    """Return the projects of the rows that can be read, and what is wrong with the others: ports.ProjectSheetReader."""
    table = read_table(content, is_heading)
    columns, wrong = meanings(table.headings, campaign)
    if wrong or not columns:
        raise FileRefused(wrong or [_no_headings()])
    reading = _Reading(campaign, districts)
    problems = [
        cell.problem(
            Text(
                "不在任何标题之下。请删去，或补上标题。", "is under no heading. Remove it, or write a heading above it."
            )
        )
        for cell in without_heading(table)
    ]
    rows: list[ProjectRow] = []
    for row in table.rows:
        values: dict[str, Any] = {}
        columns_of_keys: dict[str, int] = {}
        found = list(problems)
        for place, meaning in columns.items():
            cell = row[place] if place < len(row) else None
            columns_of_keys.setdefault(meaning.key, cell.column if cell else row[-1].column)
            reading.take(values, meaning, cell, problems)
        if len(found) == len(problems):
            rows.append(ProjectRow(row[0].line, values, columns_of_keys))
    return rows, problems


class _Reading:
    """Reads cells of one campaign's sheet."""

    def __init__(self, campaign: Campaign, districts: Mapping[str, District]) -> None:
        own = {each.code: each for each in campaign.own_districts}
        self._districts = _codes((code, each.name) for code, each in {**districts, **own}.items())
        self._themes = _codes((each.code, each.name) for each in campaign.themes)

    def take(self, values: dict[str, Any], meaning: Meaning, cell: Cell | None, problems: list[FileProblem]) -> None:
        """Put what a cell says among the values of its row; an empty one takes a value away."""
        text = "" if cell is None else undefused(cell.text).strip()
        if meaning.key in TEXTS:
            values.setdefault(meaning.key, {})[meaning.language] = text or None
        elif cell is None or not text:
            values[meaning.key] = [] if meaning.key == "themes" else None
        else:
            read: Mapping[str, Callable[[Cell, str], Any]] = {
                "number": _whole,
                "start_year": _whole,
                "cost": _amount,
                "code": lambda _, code: code,
                "level": lambda _, level: LEVELS.get(plain(level), plain(level).upper()),
                "district": lambda cell, name: _named(cell, name, self._districts),
                "themes": lambda cell, names: [
                    _named(cell, name.strip(), self._themes) for name in BETWEEN.split(names) if name.strip()
                ],
            }
            try:
                values[meaning.key] = read[meaning.key](cell, text)
            except FileRefused as refused:
                problems += refused.file_problems


def _codes(named: Iterable[tuple[str, LocalizedText]]) -> Codes:
    found: dict[str, set[str]] = {}
    for code, name in named:
        for text in (code, *(text for _, text in name.translations)):
            found.setdefault(fold(text), set()).add(code)
    return {text: frozenset(codes) for text, codes in found.items()}


def _named(cell: Cell, text: str, codes: Codes) -> str:
    """The code of what is named. What nobody has named goes to the validator as it is, which says what there is."""
    found = codes.get(fold(text), frozenset())
    if text in found or not found:
        return text
    if len(found) > 1:
        listed = ", ".join(sorted(found))
        raise FileRefused(
            [
                cell.problem(
                    Text(
                        "中的“{text}”可指{replace}。请写代码。",
                        "has “{text}”, which may mean {listed}. Write the code.",
                        text=text[:40],
                        replace=listed.replace(", ", "、"),
                        listed=listed,
                    ),
                )
            ]
        )
    return next(iter(found))


def _whole(cell: Cell, text: str) -> int:
    whole = whole_number(plain(text))
    if whole is None:
        raise FileRefused(
            [
                cell.problem(
                    Text(
                        "的“{text}”不是整数。请写数字，如17。",
                        "has “{text}”, which is no whole number. Write one, such as 17.",
                        text=text[:40],
                    ),
                )
            ]
        )
    return whole


def _amount(cell: Cell, text: str) -> Decimal:
    written = plain(text).lstrip("¥￥$€£").replace(" ", "")
    if GROUPED.fullmatch(written):
        written = written.replace(",", "")
    if not AMOUNT.fullmatch(written):
        raise FileRefused(
            [
                cell.problem(
                    Text(
                        "的“{text}”不是金额。请写数字，如1200.50。",
                        "has “{text}”, which is no amount. Write a number, such as 1200.50.",
                        text=text[:40],
                    ),
                )
            ]
        )
    return Decimal(written)


def _no_headings() -> FileProblem:
    return unreadable(
        Text(
            "第一行没有标题。请写“编号”“标题”等列标题。",
            "The first row has no headings. Write them, such as number and title.",
        ),
        1,
    )
