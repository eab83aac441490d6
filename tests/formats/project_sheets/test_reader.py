"""Are projects read as staff write them, by code or name, and is every wrong cell named?"""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from api.domain.campaigns.projects import Theme
from api.domain.exchange.problems import FileRefused
from api.domain.exchange.project_rows import ProjectRow, project_trees
from api.formats.project_sheets import HEADER, read_project_sheet
from tests.campaigns import HUANGPU, PUDONG, a_campaign, both

PAGE = Path(__file__).parents[3] / "docs/paper-ballots.md"
CAMPAIGN = a_campaign(
    themes=(
        Theme("CULTURE", both("文化", "Culture")),
        Theme("CARE", both("养老", "Care")),
        Theme("OLD", both("養老", "Age")),
    )
)
DISTRICTS = {each.code: each for each in (HUANGPU, PUDONG)}


def read(text: str | bytes) -> list[dict[str, object]]:
    content = text.encode() if isinstance(text, str) else text
    rows, problems = read_project_sheet(content, CAMPAIGN, DISTRICTS)
    assert list(problems) == []
    return [dict(row.values) for row in rows]


def wrong(text: str) -> list[tuple[int | None, int | None]]:
    try:
        _, problems = read_project_sheet(text.encode(), CAMPAIGN, DISTRICTS)
    except FileRefused as refused:
        problems = refused.file_problems
    return [(problem.line, problem.column) for problem in problems]


def test_a_sheet_with_the_template_s_headings_is_read() -> None:
    text = ",".join(HEADER) + '\r\n17,M/01,读书会,Book club,图书馆,区级,浦东新区,文化、CARE,"¥1,200.50",每周一次\r\n'
    expected = {
        "number": 17,
        "code": "M/01",
        "title": {"zh": "读书会", "en": "Book club"},
        "organization": {"zh": "图书馆"},
        "level": "DISTRICT",
        "district": "310115",
        "themes": ["CULTURE", "CARE"],
        "cost": Decimal("1200.50"),
        "summary": {"zh": "每周一次"},
    }
    assert read(text) == [expected]
    assert read(text.encode("gb18030")) == [expected]


def test_the_sheet_on_the_page_is_read() -> None:
    (sheet,) = re.findall(r"```csv\n(编号.*?)```", PAGE.read_text(), re.DOTALL)
    assert [(row["number"], row["code"]) for row in read(sheet)] == [(1, "M/01"), (None, "M/02")]
    assert sheet.splitlines()[0] == ",".join(HEADER)


def test_a_sheet_with_the_desk_s_labels_for_headings_is_read() -> None:
    expected = [{"number": 1, "code": "M/01", "title": {"zh": "读书会"}, "level": "DISTRICT", "start_year": 2015}]
    assert read("编号,自有编码,名称或姓名,级别,开始年份\n1,M/01,读书会,区级,2015\n") == expected


def test_english_headings_and_tags_of_languages_mean_the_same() -> None:
    text = "number;title_zh;Title_EN;theme;level;start year;notes\n8.0;甲;A;culture;MUNICIPAL;2016;later\n9;乙;;;;;\n"
    assert read(text) == [
        {
            "number": 8,
            "title": {"zh": "甲", "en": "A"},
            "themes": ["CULTURE"],
            "level": "MUNICIPAL",
            "start_year": 2016,
        },
        {"number": 9, "title": {"zh": "乙", "en": None}, "themes": [], "level": None, "start_year": None},
    ]


def test_what_a_spreadsheet_was_kept_from_computing_is_read_as_it_was() -> None:
    assert read("编号,标题\n1,'=SUM(A1)\n2,'Round the corner\n") == [
        {"number": 1, "title": {"zh": "=SUM(A1)"}},
        {"number": 2, "title": {"zh": "'Round the corner"}},
    ]


@pytest.mark.parametrize(
    ("sheet", "places"),
    [
        ("编号,标题,奖金\n1,甲,5\n", [(1, 7)]),
        ("编号,标题,title\n1,甲,乙\n", [(1, 7)]),
        ("编号,标题_pl\n1,甲\n", [(1, 4)]),
        ("编号,标题\n一,甲\n2,乙,丙\n", [(3, 5), (2, 1)]),
        ("标题,主题,费用\n甲,养老,-5\n", [(2, 3), (2, 6)]),
        ("1,2\n3,4\n", [(1, 1), (1, 3)]),
    ],
)
def test_every_wrong_cell_is_named(sheet: str, places: list[tuple[int, int]]) -> None:
    assert sorted(wrong(sheet)) == sorted(places)


def test_what_a_sheet_does_not_say_of_a_stored_project_stays() -> None:
    stored = [
        {"number": 1, "code": "A", "title": {"zh": "甲", "en": "A"}, "cost": "5", "links": ["…"]},
        {"number": 3, "title": {"zh": "丙"}},
    ]
    rows = [
        ProjectRow(2, {"title": {"en": "New"}, "code": "A", "cost": None}, {}),
        ProjectRow(3, {"title": {"zh": "丁"}}, {}),
        ProjectRow(4, {"number": 4, "title": {"zh": "戊"}}, {}),
    ]
    assert project_trees(rows, stored, 4) == [
        {"number": 1, "code": "A", "title": {"zh": "甲", "en": "New"}, "links": ["…"]},
        {"number": 5, "title": {"zh": "丁"}},
        {"number": 4, "title": {"zh": "戊"}},
    ]
