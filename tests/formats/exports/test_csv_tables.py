"""Do people read in CSV what programs read in JSON Lines, in their language, whatever texts there are?"""

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest

from api.domain.exchange.formats import ExportContent
from api.domain.exchange.tables import Column, ColumnKind, FileHead, Table
from api.domain.texts import Language, localized
from api.formats.exports import CsvTables, JsonLines
from api.formats.spreadsheets import undefused

K = ColumnKind
COLUMNS = (
    Column("name", "名称", K.TEXT, "A name.", optional=True),
    Column("title", "标题", K.OWN_TEXT, "A title.", parts=("zh", "en")),
    Column("note", "说明", K.OWN_TEXT, "A note.", optional=True),
    Column("votes", "票数", K.INTEGER, "Votes.", optional=True),
    Column("share", "得票率", K.SHARE, "A share."),
    Column("cost", "费用", K.DECIMAL, "A cost.", optional=True),
    Column("open", "公开", K.TRUTH, "Whether it is open."),
    Column("day", "日期", K.DAY, "A day."),
    Column("at", "时间", K.MOMENT, "A moment."),
    Column("projects", "项目", K.NUMBERS, "Numbers."),
    Column("themes", "主题", K.TEXTS, "Codes."),
    Column("details", "详情", K.PAIRS, "More."),
    Column("scores", "分数", K.DECIMALS, "Scores.", parts=("A", "B")),
)
TABLE = Table(ExportContent.PROJECTS, 1, "A row.", COLUMNS)
TITLE, DAY, AT = localized(zh="标题", en="Title"), date(2017, 3, 22), datetime(2017, 3, 22, 1, tzinfo=UTC)
ROW = (
    "x",
    TITLE,
    TITLE,
    3,
    0.25,
    Decimal("1.50"),
    True,
    DAY,
    AT,
    [3, 17],
    ["A", "B"],
    {"a": "b"},
    {"B": Decimal("8.0")},
)
NASTY = [
    "a, b",
    'say "yes"',
    "=1+1",
    "＝SUM(A1)",
    "two\nlines",
    "two\r\n-lines",
    "a;=b;-c",
    "👩‍👩‍👧 🇨🇳",
    "\u202eright to left עברית",
    "007",
    "1-2",
    "123456789012345678",
    "３／８",
    "'quoted",
    "'=1",
    " blank ",
    "\u2028",
]


def head(language: Language) -> FileHead:
    return FileHead("town", DAY, language, {})


def in_csv(row, language: Language = Language.ZH) -> list[str]:
    text = CsvTables().rows(TABLE, head(language), [row]).decode()
    [line] = csv.reader(StringIO(text, newline=""))
    return line


def in_json(row):
    return json.loads(JsonLines().rows(TABLE, head(Language.ZH), [row]))


def test_headings_are_in_the_language_asked_for_and_texts_too() -> None:
    zh, en = (CsvTables().head(TABLE, head(language)).decode() for language in (Language.ZH, Language.EN))
    assert zh.startswith("\ufeff名称,标题_zh,标题_en,说明,票数,")
    assert zh.endswith("分数_A,分数_B\r\n")
    assert en.startswith("\ufeffname,title_zh,title_en,note,votes,")
    assert in_csv(ROW)[:4] == ["x", "标题", "Title", "标题"]
    assert in_csv(ROW, Language.EN)[:4] == ["x", "标题", "Title", "Title"]


def test_every_kind_of_value_is_written() -> None:
    rest = ["3", "0.25", "1.5", "是", "2017-03-22", "2017-03-22T01:00:00+00:00", "3;17", "A;B", "a=b", "", "8"]
    assert in_csv(ROW)[4:] == rest
    assert in_csv(ROW, Language.EN)[7] == "yes"
    assert in_json(ROW) == {
        "name": "x",
        "title": {"zh": "标题", "en": "Title"},
        "note": {"zh": "标题", "en": "Title"},
        "votes": 3,
        "share": 0.25,
        "cost": "1.5",
        "open": True,
        "day": "2017-03-22",
        "at": "2017-03-22T01:00:00+00:00",
        "projects": [3, 17],
        "themes": ["A", "B"],
        "details": {"a": "b"},
        "scores": {"B": "8"},
    }


def test_what_there_is_not_is_empty_and_null() -> None:
    row = (None, TITLE, None, None, 0.0, None, False, DAY, AT, [], [], {}, {})
    assert [cell for place, cell in enumerate(in_csv(row)) if place in (0, 3, 4, 6, 10, 11, 12, 13, 14)] == [""] * 9
    assert [in_json(row)[key] for key in ("name", "note", "votes", "cost")] == [None] * 4


@pytest.mark.parametrize("text", NASTY)
def test_every_text_is_the_same_in_both(text: str) -> None:
    row = (text, localized(zh=text, en="x"), localized(en=text), *ROW[3:])
    assert [undefused(cell) for cell in in_csv(row)[:4]] == [text, text, "x", text]
    assert in_json(row)["name"] == in_json(row)["note"]["en"] == text
    assert JsonLines().rows(TABLE, head(Language.ZH), [row]).count(b"\n") == 1


def test_a_number_of_more_digits_than_a_cell_keeps_is_a_text() -> None:
    assert in_csv((*ROW[:5], Decimal("12345678901234.567"), *ROW[6:]))[6] == "'12345678901234.567"
