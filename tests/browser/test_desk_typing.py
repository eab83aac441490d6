"""Does the desk understand what is typed and pasted: tables of spreadsheets, and times in the campaign's zone?"""

from typing import Any

import pytest

from tests.browser.desks import Desk, Sit

CALL = """async ([module, name, ...given]) => {
  const there = await import(document.querySelector("script[type=module]").src.replace("main.js", module));
  return there[name](...given);
}"""
KNOWN = {
    "last": 7,
    "language": "zh",
    "themes": [{"code": "CARE", "name": "助老"}, {"code": "GREEN", "name": "环保"}],
    "districts": [{"code": "310101", "name": "黄浦区"}],
}


async def call(desk: Desk, module: str, name: str, *given: Any) -> Any:
    """What a function of one of the desk's modules returns."""
    return await desk.page.evaluate(CALL, [module, name, *given])


@pytest.mark.browser
async def test_tables_are_read_as_spreadsheets_copy_them(sit: Sit) -> None:
    desk = await sit()
    await desk.open()

    async def cells(text: str) -> Any:
        return await call(desk, "paste.js", "cellsOf", text)

    assert await cells("") == []
    assert await cells("1\t张三\r\n2\t李四\r\n") == [["1", "张三"], ["2", "李四"]]
    assert await cells('1\t"他说""好""\n第二行\t仍在内"\t甲\n\n2\t\t乙') == [
        ["1", '他说"好"\n第二行\t仍在内', "甲"],
        ["2", "", "乙"],
    ]


@pytest.mark.browser
async def test_columns_go_by_their_names_or_else_by_the_usual_order(sit: Sit) -> None:
    desk = await sit()
    await desk.open()

    async def found(text: str, **known: Any) -> Any:
        return await call(desk, "paste.js", "candidatesFrom", text, KNOWN | known)

    assert await found("姓名\t类别\t地区\t费用\t无关\n张三\t助老、GREEN\t黄浦区\t1,200.50\tx\n李四") == [
        {"number": 8, "title": {"zh": "张三"}, "themes": ["CARE", "GREEN"], "district": "310101", "cost": "1200.50"},
        {"number": 9, "title": {"zh": "李四"}},
    ]
    assert await found("20\t张三\t一街道\t环保\t热心\n李四") == [
        {
            "number": 20,
            "title": {"zh": "张三"},
            "organization": {"zh": "一街道"},
            "summary": {"zh": "热心"},
            "themes": ["GREEN"],
        },
        {"number": 21},
    ]
    assert await found("Title\nA dance", language="ug") == [
        {"number": 8, "title": {"other": [{"tag": "ug", "text": "A dance"}]}}
    ]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        ("2026-12-01T09:00", "Asia/Shanghai", "2026-12-01T09:00:00+08:00"),
        ("2026-03-29T01:59", "Europe/Berlin", "2026-03-29T01:59:00+01:00"),
        ("2026-03-29T03:00", "Europe/Berlin", "2026-03-29T03:00:00+02:00"),
        ("2026-07-01T12:30", "America/St_Johns", "2026-07-01T12:30:00-02:30"),
    ],
)
async def test_times_are_in_the_campaigns_zone(sit: Sit, local: str, zone: str, instant: str) -> None:
    desk = await sit(timezone_id="Pacific/Kiritimati")
    await desk.open()
    assert await call(desk, "times.js", "toInstant", local, zone) == instant
    assert await call(desk, "times.js", "toLocal", instant, zone) == local
