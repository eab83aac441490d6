"""Do the fifty candidates come as the notice has them: all, by filter, by search, in every order?"""

import re
import tomllib
from typing import Any

import pytest

from api.domain.campaigns.search import Match, SearchedField
from api.domain.texts import Language
from api.schema.search import SearchMatch
from tests.servers import SEED, Client, codes, project_ids

NOTICE: dict[int, dict[str, Any]] = {p["number"]: p for p in tomllib.loads(SEED.read_text("utf-8"))["projects"]}
DISTRICTS = {
    d["code"]: d["name"] for d in tomllib.loads(SEED.with_name("districts.toml").read_text("utf-8"))["districts"]
}
LIST = """
query List($filter: ProjectFilter, $orderBy: ProjectOrder, $campaign: String) {
  projects(campaign: $campaign, filter: $filter, orderBy: $orderBy, first: 100) { totalCount nodes { number } }
}
"""


async def listed(api: Client, language: str | None = None, **variables: Any) -> list[int]:
    """The numbers of the projects that a list has, in its order."""
    page = (await api.data(LIST, variables, language=language))["projects"]
    numbers = [project["number"] for project in page["nodes"]]
    assert page["totalCount"] == len(numbers)
    return numbers


def those(condition: Any) -> list[int]:
    """The numbers of the projects of the notice that meet a condition."""
    return [number for number, project in NOTICE.items() if condition(project)]


async def test_there_are_fifty_by_number(api: Client) -> None:
    assert await listed(api) == list(range(1, 51))


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (1, "上海市网上信访大厅建设", "Building Shanghai's Online Petitions Hall"),
        (3, "烟花爆竹安全管控", "Safety Control of Fireworks and Firecrackers"),
        (26, "“菜场书屋”", "“Market Bookrooms”"),
        (45, "“爸爸,你不是一个人在战斗”———“加油爸爸”社区父亲成长体验活动改善父亲“缺位”现象", None),
        (50, "凝聚乡贤正能量构筑基层治理新格局", None),
    ],
)
async def test_titles_are_those_of_the_notice(api: Client, number: int, zh: str, en: str | None) -> None:
    query = "query Title($n: Int!) { project(number: $n) { zh: title(language: ZH) en: title(language: EN) title } }"
    project = (await api.data(query, {"n": number}))["project"]
    assert project["zh"] == project["title"] == zh
    assert project["en"] == (en or NOTICE[number]["title"]["en"])


async def test_a_figure_counts_in_the_units_of_its_language(api: Client) -> None:
    query = """query Figures($l: Language) { projects(first: 50) { nodes { figures {
      value(language: $l) unit(language: $l) } } } }"""
    shown = {
        language: [
            f"{figure['value']} {figure['unit']}"
            for project in (await api.data(query, {"l": language}))["projects"]["nodes"]
            for figure in project["figures"]
        ]
        for language in ("ZH", "EN")
    }
    assert "300 万元" in shown["ZH"]
    assert "3 million yuan" in shown["EN"]
    assert not [figure for figure in shown["EN"] if "×" in figure and figure != "7×12 hours"]


async def test_every_fact_of_the_notice_comes_through(api: Client) -> None:
    query = """{ projects(first: 50) { nodes {
      id number title summary organization level district { id code name } themes { code } startYear outcome
      figures { label value unit year } campaign { slug } } } }"""
    for project in (await api.data(query, language="en"))["projects"]["nodes"]:
        told = NOTICE[project["number"]]
        code = told.get("district")
        figures = [
            {
                "label": figure["label"]["en"],
                "value": figure.get("value_en", figure["value"]),
                "unit": figure.get("unit", {}).get("en"),
                "year": figure.get("year"),
            }
            for figure in told.get("figures", ())
        ]
        assert project == {
            "id": f"project/shanghai-2017/{told['number']}",
            "number": told["number"],
            "title": told["title"]["en"],
            "summary": told["summary"]["en"],
            "organization": told.get("organization", {}).get("en"),
            "level": told["level"],
            "district": code and {"id": f"district/{code}", "code": code, "name": DISTRICTS[code]["en"]},
            "themes": [{"code": code} for code in told["themes"]],
            "startYear": told.get("start_year"),
            "outcome": "CANDIDATE",
            "figures": figures,
            "campaign": {"slug": "shanghai-2017"},
        }


async def test_what_the_notice_does_not_say_stays_empty(api: Client) -> None:
    query = "{ projects(first: 50) { nodes { number level organization district { code } } } }"
    projects = (await api.data(query))["projects"]["nodes"]
    assert [p["number"] for p in projects if p["organization"] is None] == [2, 6, 10, 20]
    assert [p["number"] for p in projects if p["level"] == "UNSTATED"] == [8, 20]
    assert sum(p["level"] == "MUNICIPAL" for p in projects) == 10
    assert all((p["district"] is None) == (p["level"] != "DISTRICT") for p in projects)


@pytest.mark.parametrize(
    ("kept", "count"),
    [
        ({"levels": ["MUNICIPAL"]}, 10),
        ({"levels": ["UNSTATED"]}, 2),
        ({"levels": ["MUNICIPAL", "UNSTATED"]}, 12),
        ({"districts": ["310115"]}, 4),
        ({"districts": ["310115", "310101"]}, 7),
        ({"districts": ["999999"]}, 0),
        ({"districts": []}, 0),
        ({"outcomes": ["CANDIDATE"]}, 50),
        ({"outcomes": ["WINNER", "FINALIST"]}, 0),
        ({"themes": ["CULTURE"]}, 4),
        ({}, 50),
        ({"not": {}}, 0),
        ({"not": {"levels": ["DISTRICT"]}}, 12),
        ({"not": {"not": {"districts": ["310115"]}}}, 4),
        ({"districts": ["310115"], "levels": ["MUNICIPAL"]}, 0),
        ({"districts": None, "search": None, "not": None}, 50),
    ],
)
async def test_a_filter_keeps_so_many(api: Client, kept: dict[str, Any], count: int) -> None:
    assert len(await listed(api, filter=kept)) == count


async def test_numbers_are_kept_in_the_order_of_the_list(api: Client) -> None:
    assert await listed(api, filter={"numbers": [17, 3, 3, 99, -1, 2**31 - 1]}) == [3, 17]


async def test_any_value_of_one_list_suffices_and_every_list_counts(api: Client) -> None:
    kept = {"themes": ["HEALTH", "CULTURE"], "levels": ["DISTRICT"], "not": {"numbers": [22], "search": "长宁"}}
    expected = those(
        lambda p: {"HEALTH", "CULTURE"} & set(p["themes"]) and p["level"] == "DISTRICT" and p["number"] != 22
    )
    assert await listed(api, filter=kept) == expected
    assert len(expected) > 3


@pytest.mark.parametrize("theme", sorted({theme for project in NOTICE.values() for theme in project["themes"]}))
async def test_every_theme_has_its_projects(api: Client, theme: str) -> None:
    assert await listed(api, filter={"themes": [theme]}) == those(lambda project: theme in project["themes"])


async def test_the_theme_of_a_filter_may_be_written_into_the_document(api: Client) -> None:
    page = await api.data('{ projects(filter: {themes: ["HEALTH"], not: {levels: MUNICIPAL}}) { nodes { number } } }')
    assert [p["number"] for p in page["projects"]["nodes"]] == those(
        lambda p: "HEALTH" in p["themes"] and p["level"] != "MUNICIPAL"
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("邻里中心", {35}),
        ("neighbourhood", {32, 35}),
        ("菜场书屋", {26}),
        ("市公安局", {3, 4}),
        ("浦东新区", {12, 15, 16, 17}),
        ("Pudong New Area", {12, 15, 16, 17}),
        ("公租房", {9}),
        ("AED", {13}),
        ("no such words anywhere", set()),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_search_finds_what_a_reader_expects(api: Client, words: str, expected: set[int], language: str) -> None:
    found = await listed(api, language, filter={"search": words})
    assert expected <= set(found)
    assert found == those(lambda project: all(word in folded(texts_of(project)) for word in folded(words).split()))
    assert bool(found) == bool(expected)


def folded(text: str) -> str:
    return " ".join(text.casefold().split())


def texts_of(project: dict[str, Any]) -> str:
    """All that a reader of the notice can search: title, summary, organization and district, in both languages."""
    texts = [project["title"], project["summary"], project.get("organization"), DISTRICTS.get(project.get("district"))]
    return "|".join(words for text in texts if text for words in text.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("neighbourhood", "NEIGHBOURHOOD"),
        ("neighbourhood", "ｎｅｉｇｈｂｏｕｒｈｏｏｄ"),
        ("aed", "ＡＥＤ"),
        ("工三(2)", "工三（２）"),
        ("pudong new area", "  Pudong   New\tArea "),
        ("hemo", "HEMO"),
        ("e管家", "Ｅ管家"),
    ],
)
async def test_case_width_and_spaces_make_no_difference_to_a_search(api: Client, one: str, other: str) -> None:
    found = await listed(api, filter={"search": one})
    assert found == await listed(api, filter={"search": other})
    assert found or one == "hemo"


@pytest.mark.parametrize("empty", ["", "   ", "\u3000"])
async def test_an_empty_search_keeps_everything(api: Client, empty: str) -> None:
    assert await listed(api, filter={"search": empty}) == list(NOTICE)


@pytest.mark.parametrize("wild", ["%", "_", ".*", "'", '"', "\\", "[", "(", "*"])
async def test_a_search_is_for_words_not_for_patterns(api: Client, wild: str) -> None:
    assert await listed(api, filter={"search": wild}) == those(
        lambda project: wild in re.sub("[“”]", '"', texts_of(project)).replace("（", "(")
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Shanghai’s", {1, 5}),
        ("Shanghai's", {1, 5}),
        ("邻里\u200b中心", {32, 35}),
        ("鄰里中心", {32, 35}),
        ("社区 智能化", {37}),
        ("智能化\u3000社區", {37}),
        ("smart 社区", {37}),
        ("17", {17}),
        ("07", {7}),
        ("「菜场书屋」", {26}),
        ("co‑ordination", set()),
    ],
)
async def test_a_search_forgives_what_readers_do_not_see(api: Client, words: str, expected: set[int]) -> None:
    found = await listed(api, filter={"search": words})
    assert expected <= set(found)
    assert bool(found) == bool(expected)
    assert found == await listed(api, "en", filter={"search": words})


async def test_a_search_says_where_it_has_found_its_words(api: Client) -> None:
    query = """query Find($words: String) { projects(filter: { search: $words, numbers: [35] }) {
      edges { node { number } matches { field language text found parts { text isMatch } } } } }"""
    for words in ("35 鄰裏中心 NEIGHBOURHOOD", None):
        [edge] = (await api.data(query, {"words": words}))["projects"]["edges"]
        pieces = {(match["field"], match["language"]): match["found"] for match in edge["matches"]}
        texts = [match["text"] for match in edge["matches"]]
        if words is None:
            assert edge["matches"] == []
        else:
            assert pieces["NUMBER", None] == ["35"]
            assert pieces["TITLE", "EN"] == ["Neighbourhood"]
            assert {piece for found in pieces.values() for piece in found} >= {"35", "邻里中心", "Neighbourhood"}
            assert NOTICE[35]["summary"]["zh"] in texts or NOTICE[35]["title"]["zh"] in texts
            assert all(match["text"].count(piece) for match in edge["matches"] for piece in match["found"])
            assert ["".join(part["text"] for part in match["parts"]) for match in edge["matches"]] == texts
            marked = [[part["text"] for part in match["parts"] if part["isMatch"]] for match in edge["matches"]]
            assert [list(dict.fromkeys(parts)) for parts in marked] == [match["found"] for match in edge["matches"]]


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh", Language.ZH), ("zh-Hant-HK", Language.ZH_HANT), ("en-GB", Language.EN), ("ug", None), (None, None)],
)
def test_a_match_is_in_the_closest_language(tag: str | None, language: Language | None) -> None:
    assert SearchMatch.of(Match(SearchedField.TITLE, tag, "7", (range(1),))).language is language


def in_order(value: Any, *, descending: bool) -> list[int]:
    """Numbers by a value of the notice, unknown ones last, equal ones by number."""
    known = [n for n, project in NOTICE.items() if value(project) is not None]
    unknown = [n for n, project in NOTICE.items() if value(project) is None]
    return sorted(known, key=lambda n: value(NOTICE[n]), reverse=descending) + unknown


CHINESE_TITLES = [45, 26, 42, 32, 43, 8, 21, 22, 38, 14, 4, 12, 28, 7, 18, 34, 31, 16, 20, 10, 39, 27, 46, 50, 36]
CHINESE_TITLES += [24, 49, 29, 6, 5, 11, 1, 47, 33, 17, 13, 37, 35, 23, 40, 41, 9, 44, 19, 2, 3, 30, 25, 48, 15]
ORDERS = {
    "NUMBER": lambda project: project["number"],
    "TITLE": lambda project: CHINESE_TITLES.index(project["number"]),
    "DISTRICT": lambda project: project.get("district"),
    "START_YEAR": lambda project: project.get("start_year"),
}


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ORDERS)
async def test_projects_are_listed_in_every_order(api: Client, field: str, direction: str) -> None:
    expected = in_order(ORDERS[field], descending=direction == "DESC")
    assert await listed(api, orderBy={"field": field, "direction": direction}) == expected
    if direction == "ASC":
        assert await listed(api, orderBy={"field": field}) == expected


async def test_english_titles_are_listed_by_letter_whatever_their_quotes(api: Client) -> None:
    def letters(project: dict[str, Any]) -> str:
        return re.sub(r"[^a-z0-9]", "", project["title"]["en"].casefold())

    assert await listed(api, "en", orderBy={"field": "TITLE"}) == in_order(letters, descending=False)


async def test_pages_of_titles_follow_each_other(api: Client) -> None:
    query = """query Page($after: String) { projects(orderBy: {field: TITLE}, first: 7, after: $after) {
      nodes { number } pageInfo { endCursor hasNextPage } } }"""
    numbers: list[int] = []
    after, more = None, True
    while more:
        page = (await api.data(query, {"after": after}))["projects"]
        numbers += [project["number"] for project in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert numbers == CHINESE_TITLES


async def test_a_project_is_found_by_number_and_by_id(api: Client) -> None:
    query = """query Find($id: ID!) {
      project(number: 17) { id } missing: project(number: 51) { id } below: project(number: 0) { id }
      named: project(campaign: "shanghai-2017", number: 17) { id }
      node(id: $id) { __typename id ... on Project { number } } }"""
    [name] = project_ids([17])
    found = await api.data(query, {"id": name})
    assert found == {
        "project": {"id": name},
        "missing": None,
        "below": None,
        "named": {"id": name},
        "node": {"__typename": "Project", "id": name, "number": 17},
    }


async def test_a_filter_that_asks_too_much_is_refused(api: Client) -> None:
    deep: dict[str, Any] = {}
    for _ in range(9):
        deep = {"not": deep}
    for kept in (deep, {"search": "x" * 201}):
        assert codes(await api.ask(LIST, {"filter": kept})) == ["BAD_INPUT"]
    assert await listed(api, filter=deep["not"]) == list(NOTICE)
    assert await listed(api, filter={"search": "x" * 200}) == []
