"""Are ballots read as staff write them, and is every wrong row named with its place?"""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.campaigns.campaign import Campaign
from api.domain.exchange.problems import FileRefused
from api.domain.texts import Language
from api.formats.paper_ballots import read_paper_ballots
from tests.campaigns import a_campaign, a_project

CODES = {1: "M/01/VII", 2: "17", 3: "007", 4: "A1", 5: "a1", 6: "B-6", 7: "C 7"}
CAMPAIGN = a_campaign(projects=tuple(a_project(n, code=CODES.get(n)) for n in range(1, 31)))


def read(text: str | bytes, campaign: Campaign = CAMPAIGN) -> dict[str, tuple[int, ...]]:
    content = text.encode() if isinstance(text, str) else text
    ballots, problems = read_paper_ballots(content, campaign)
    assert list(problems) == []
    return {ballot.number: ballot.projects for ballot in ballots}


def wrong(text: str | bytes, campaign: Campaign = CAMPAIGN) -> list[tuple[int | None, int | None]]:
    """The places of everything that is wrong, each of which has to be said in both languages, with a remedy."""
    content = text.encode() if isinstance(text, str) else text
    try:
        _, problems = read_paper_ballots(content, campaign)
    except FileRefused as refused:
        problems = refused.file_problems
    for problem in problems:
        assert all(
            len(problem.message.to(language).rstrip("。.").split("。" if language.is_chinese else ". ")) >= 2
            for language in Language
        ), problem.message
    return [(problem.line, problem.column) for problem in problems]


@pytest.mark.parametrize("between", [" ", "、", ",", ";", "，", "；", " 、 ", "\u3000", "\n"])
def test_choices_in_one_column_have_anything_usual_between_them(between: str) -> None:
    assert read(f'选票编号,所选项目\n1,"8{between}9{between}10"\n') == {"1": (8, 9, 10)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_spreadsheets_write_what_they_like(encoding: str, separator: str, end: str) -> None:
    rows = [
        ["选票编号", "选择1", "选择2", "备注"],
        ["甲-1", "8", "9", "字迹清楚"],
        ["", "", "", ""],
        ["甲-2", "10", "", ""],
    ]
    text = end.join(separator.join(row) for row in rows) + end
    assert read(text.encode(encoding)) == {"甲-1": (8, 9), "甲-2": (10,)}


def test_a_column_for_each_project_holds_marks() -> None:
    sheet = "Ballot No.,8,第9号,M/01/VII,B-6\n1,√,,x,0\n2,是,1.0,,否\n3,,TRUE,ｘ,no\n"
    assert read(sheet) == {"1": (8, 1), "2": (8, 9), "3": (9, 1)}
    assert wrong("Ballot No.,8,9\n1,√,?\n2,,\n") == [(2, 5), (3, 1)]
    assert wrong("Ballot No.,8,第8号\n1,√,\n") == [(1, 14)]


def test_numbers_survive_spreadsheets_and_input_methods() -> None:
    assert read("编号,选择 1,choice 2\n017.0,８.0,第９号\n") == {"17": (8, 9)}
    assert wrong("编号,选择\n1.23E+11,8\n") == [(2, 1)]


def test_a_code_goes_before_a_number_and_nobody_guesses_between_equals() -> None:
    assert read('票号,选择\n1,"17、8"\n2,17.0\n3,A1 a1\n4,m/01/vii\n5,C 7\n') == {
        "1": (2, 8), "2": (2,), "3": (4, 5), "4": (1,), "5": (7,)
    }  # fmt: skip
    assert wrong("票号,选择\n1,7\n") == [(2, 3)]  # number 7, or the code 007 as a spreadsheet shows it
    assert read("票号,所选项目编号\n1,17 7\n") == {"1": (17, 7)}
    assert read("票号,所选项目代码\n1,17 7\n") == {"1": (2, 3)}
    assert wrong("票号,所选项目代码\n1,8\n") == [(2, 3)]


def test_every_wrong_row_is_named_and_the_others_are_read() -> None:
    sheet = "选票编号,所选项目\n1,8 99\n2,\n,9\n4,9\n5,8\n4.0,10\n7,8,9\n"
    ballots, problems = read_paper_ballots(sheet.encode(), CAMPAIGN)
    assert [(ballot.line, ballot.number, ballot.projects) for ballot in ballots] == [(6, "5", (8,))]
    assert [(problem.line, problem.column) for problem in problems] == [(2, 3), (3, 1), (4, 1), (5, 1), (7, 1), (8, 5)]
    assert [problem.violations for problem in problems[:3]] == [("UNKNOWN_PROJECTS",), ("TOO_FEW_CHOICES",), ()]
    assert "B2" in problems[0].message.zh
    assert "A7" in problems[3].message.en
    wrong(sheet)


@pytest.mark.parametrize(
    ("sheet", "places"),
    [
        ("", [(1, None)]),
        ("\n ,\n", [(1, None)]),
        ("所选项目\n8\n", [(1, None)]),
        ("选票编号,票号,选择\n1,1,8\n", [(1, None)]),
        ("选票编号\n1\n", [(1, None)]),
        ("选票编号,选择,选择1\n1,8,9\n", [(1, None)]),
        ("选票编号,选择,合计\n1,8,9\n", [(1, 9)]),
        ('选票编号,选择\n1,"8\n', [(2, 3)]),
        ('选票编号,选择\n1,"8"9\n', [(2, 6)]),
        (b"\xef\xbb\xbf\xd1\xd1", [(1, None)]),
        (b"number,choices\n1,8\n2,\xff\xff\n", [(3, None)]),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_with_the_place(sheet: str | bytes, places: list[object]) -> None:
    assert wrong(sheet) == places


def test_repeats_are_left_to_the_rules() -> None:
    assert read("选票编号,选择1,选择2\n1,8,8\n") == {"1": (8, 8)}


NUMBERS = (
    st.text("ABC甲乙0123456789-/ ", min_size=1, max_size=6).map(str.strip).filter(lambda text: text.strip(" ") != "")
)
SHEETS = st.dictionaries(
    NUMBERS, st.lists(st.sampled_from(range(8, 31)), min_size=1, unique=True), min_size=1, max_size=5
)


@given(SHEETS, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_a_written_sheet_read_back_is_the_same(sheet: dict[str, list[int]], separator: str, encoding: str) -> None:
    plain = replace(CAMPAIGN, projects=tuple(a_project(n) for n in range(1, 31)))
    canonical = {str(int(name)) if name.isdecimal() else name.casefold(): name for name in sheet}
    text = StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(["选票编号", "所选项目"])
    writer.writerows([name, "、".join(map(str, sheet[name]))] for name in canonical.values())
    assert read(text.getvalue().encode(encoding), plain) == {
        number: tuple(sheet[name]) for number, name in canonical.items()
    }
