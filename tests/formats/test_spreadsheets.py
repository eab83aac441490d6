"""Does a spreadsheet show every cell as it was, and compute none?"""

import csv
import re
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats.spreadsheets import spreadsheet, undefused


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def cell(value: str | float | None) -> str:
    [_, [shown]] = read(spreadsheet([{"cell": value}]))
    return shown


def test_it_is_utf_8_with_a_mark_and_the_line_ends_of_rfc_4180() -> None:
    content = spreadsheet([{"title": "邻里中心", "votes": 3}, {"title": 'a "b", c', "votes": 0}])
    assert content == '\ufefftitle,votes\r\n邻里中心,3\r\n"a ""b"", c",0\r\n'.encode()


@pytest.mark.parametrize(
    "start",
    [
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "＝",
        "＋",
        "－",
        "＠",
        "﹦",
        "﹢",
        "﹣",
        "﹫",
        " =",
        "\u200b=",
        "\u3000＝",
        "\u2212",
        "|",
        "%",
    ],
)
def test_no_text_is_a_formula(start: str) -> None:
    assert cell(f'{start}HYPERLINK("http://example.org")') == f'\'{start}HYPERLINK("http://example.org")'


@pytest.mark.parametrize(
    "text",
    [
        "010203",
        "00",
        "310115000000",
        "2017-03-22",
        "3/8",
        "1-2",
        "1E5",
        "12:30",
        "1.50",
        "5%",
        "3月5日",
        "2017年3月22日",
        "9时30分",
        "Mar-5",
        "5 May",
        "22 March 2017",
        "May 5, 2017",
        "9:30 AM",
        "TRUE",
        "false",
        "(100)",
        "¥100",
        "$5",
        "１２",
    ],
)
def test_no_text_becomes_a_number_or_a_date(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "310115",
        "邻里中心",
        "“1+1+1”",
        "A=B",
        "x@y",
        "",
        "project/shanghai-2017/17",
        "12345热线",
        "3 in 1",
        "May",
        "March for all",
        "真",
        "true love",
        "第3届",
    ],
)
def test_any_other_text_is_left_alone(text: str) -> None:
    assert cell(text) == text


@pytest.mark.parametrize(("number", "shown"), [(3, "3"), (-3, "-3"), (0.25, "0.25"), (-0.5, "-0.5"), (None, "")])
def test_a_number_stays_a_number(number: float | None, shown: str) -> None:
    assert cell(number) == shown


TEXTS = st.lists(
    st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.sampled_from("'=+-@;\t\r\n0９ ,\""))
).map("".join)


@given(TEXTS)
def test_every_text_is_kept(text: str) -> None:
    shown = cell(text)
    assert undefused(shown) == text
    assert shown.replace("'", "") == text.replace("'", "")


@given(TEXTS)
def test_no_text_is_a_formula_where_semicolons_or_line_ends_split_it(text: str) -> None:
    for part in re.split(r"[;\t\r\n]", cell(text)):
        assert not part.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_texts_with_an_apostrophe_of_their_own_are_told_apart() -> None:
    assert [cell(text) for text in ("=1", "'=1", "'tis", "a;=1", "a;'=1")] == ["'=1", "''=1", "'tis", "a;'=1", "a;''=1"]


def test_what_other_separators_would_split_is_quoted() -> None:
    assert spreadsheet([{"cell": "a;b"}, {"cell": "c\nd"}]) == '\ufeffcell\r\n"a;b"\r\n"c\nd"\r\n'.encode()


def test_nothing_is_a_file_without_lines() -> None:
    assert read(spreadsheet([])) == [[]]
