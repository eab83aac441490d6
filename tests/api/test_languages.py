"""Does everyone read their own language, and Chinese when that is unclear?"""

import pytest

from tests.servers import Client

ZH, EN = "浦东新区", "Pudong New Area"
NAME = '{ district(code: "310115") { name } }'


async def name(api: Client, header: str | None) -> str:
    found: str = (await api.data(NAME, language=header))["district"]["name"]
    return found


@pytest.mark.parametrize(
    "header",
    [
        "en",
        "EN",
        "en-GB",
        "en-US,en;q=0.9",
        "zh;q=0.5, en",
        "fr, en;q=0.2",
        "en;q=0.9,zh;q=0.8",
        "zh;q=0,en;q=0.1",
        " en ",
    ],
)
async def test_whoever_asks_for_english_reads_english(api: Client, header: str) -> None:
    assert await name(api, header) == EN


@pytest.mark.parametrize(
    "header",
    ["zh", "ZH-hans-CN", "zh-CN", "zh-TW;q=0.9,en;q=0.8", "zh-Hant", "en;q=0.5, zh", "en;q=0, zh;q=0.1", "zh, en"],
)
async def test_whoever_asks_for_chinese_reads_chinese(api: Client, header: str) -> None:
    assert await name(api, header) == ZH


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "*",
        "fr",
        "de-DE,fr;q=0.9",
        "english",
        "e n",
        ";q=1",
        "en;q=0",
        "en;q=garbage",
        ",,,",
        "en" * 3000,
        "é",
    ],
)
async def test_whoever_is_unclear_reads_chinese(api: Client, header: str | None) -> None:
    assert await name(api, header) == ZH


@pytest.mark.parametrize("header", [None, "en", "zh"])
async def test_an_argument_says_more_than_the_header(api: Client, header: str | None) -> None:
    query = '{ district(code: "310115") { zh: name(language: ZH) en: name(language: EN) } }'
    assert (await api.data(query, language=header))["district"] == {"zh": ZH, "en": EN}


@pytest.mark.parametrize(("header", "expected"), [("en", EN), ("zh", ZH)])
async def test_a_language_that_is_null_is_the_headers(api: Client, header: str, expected: str) -> None:
    query = 'query Name($l: Language) { district(code: "310115") { name(language: $l) } }'
    for variables in ({"l": None}, {}):
        assert (await api.data(query, variables, language=header))["district"]["name"] == expected


async def test_errors_are_in_the_callers_language(api: Client) -> None:
    messages = {
        language: (await api.ask("{ projects(first: 101) { totalCount } }", language=language))["errors"][0]["message"]
        for language in ("zh", "en")
    }
    assert messages["en"].isascii()
    assert not messages["zh"].isascii()
    assert all("101" in message and "100" in message for message in messages.values())


WRONG = {
    "{ campaign { titel } }": ("类型“Campaign”没有字段“titel”。是否应为“title”？", "Did you mean 'title'?"),
    "{ campaign {": ("语法错误：此处须为名称，而不是文档结尾。", "Syntax Error: Expected Name, found <EOF>."),
    '{ results(day: "2017") { totalCount } }': ("Date须为写作YYYY-MM-DD的日期", "Date must be"),
}
DAY = "query Day($day: Date) { results(day: $day) { totalCount } }"


@pytest.mark.parametrize("language", ["zh", None, "en"])
@pytest.mark.parametrize(("document", "expected"), WRONG.items())
async def test_what_is_wrong_with_a_document_is_in_the_callers_language(
    api: Client, language: str | None, document: str, expected: tuple[str, str]
) -> None:
    message = (await api.ask(document, language=language))["errors"][0]["message"]
    assert expected[language == "en"] in message


@pytest.mark.parametrize(
    ("language", "expected"), [("zh", "变量“$day”的值无效：Date须为"), ("en", "invalid value: Date must")]
)
async def test_what_is_wrong_with_a_variable_is_in_the_callers_language(
    api: Client, language: str, expected: str
) -> None:
    assert expected in (await api.ask(DAY, {"day": "tomorrow"}, language=language))["errors"][0]["message"]


@pytest.mark.parametrize("header", ["zh-TW", "zh-Hant", "zh-HK;q=0.9,en;q=0.8", "zh-Hant-MO, zh;q=0.9"])
async def test_whoever_asks_for_traditional_chinese_is_told_all_of_ours_in_it(api: Client, header: str) -> None:
    answer = await api.ask('{ results(campaign: "nowhere") { totalCount } }', language=header)
    assert "没有" not in str(answer)
    assert "沒有" in str(answer)
    assert await name(api, header) == ZH, "a text of the campaign is in no third language"


async def test_a_script_that_is_named_counts_more_than_a_region(api: Client) -> None:
    answer = await api.ask('{ results(campaign: "nowhere") { totalCount } }', language="zh-Hans-HK")
    assert "没有" in str(answer)
