"""Are long lists of candidates read as people read them: by alternatives, counted by group, shuffled, by cost and by code?"""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from api.domain.campaigns.projects import District, ProjectOrderField, Standing, Theme
from api.domain.texts import localized
from tests.campaigns import a_campaign, a_project
from tests.servers import Client, serving
from tests.stored import store

SHUFFLED = ProjectOrderField.SHUFFLED
A, B = Theme("A", localized(zh="甲类")), Theme("B", localized(zh="乙类"))
EAST = District("EAST", localized(zh="东片"), "shanghai-2017")
TWELVE = localized(zh="十二", ug="ئون ئىككى")
LIST = """query List($filter: ProjectFilter, $field: ProjectOrderField!, $first: Int, $after: String) {
  projects(filter: $filter, orderBy: {field: $field}, first: $first, after: $after) {
    nodes { number } pageInfo { endCursor } } }"""
FACETS = """query Facets($filter: ProjectFilter) { campaign { facets(filter: $filter) {
  districts { value name count } levels { value count name(language: EN) } themes { value count } } } }"""


@pytest.fixture
async def api(http: aiohttp.ClientSession, tmp_path: Path) -> AsyncIterator[Client]:
    """A server with twelve projects in two themes, one of them in a district of the campaign's own, one without a cost."""
    projects = [
        a_project(number, code=f"M/{number:02}", themes=(A,) if number % 2 else (B,), cost=Decimal(1000 - number))
        for number in range(1, 12)
    ]
    projects.append(a_project(12, district=EAST, themes=(A, B), standing=Standing.WITHDRAWN, title=TWELVE))
    campaign = a_campaign(
        projects=tuple(projects), themes=(A, B), own_districts=(EAST,), currency="CNY", project_order=SHUFFLED
    )
    url = f"sqlite://{tmp_path}/lists.sqlite3"
    store(url, campaign)
    with serving(url) as server:
        yield Client(http, server)


async def numbers(api: Client, field: str = "NUMBER", token: str | None = None, **filter: Any) -> list[int]:
    data = await api.data(LIST, {"field": field, "first": 100, "filter": filter}, token)
    return [node["number"] for node in data["projects"]["nodes"]]


async def test_filters_by_alternatives_code_standing_and_cost(api: Client) -> None:
    assert await numbers(api, any=[{"numbers": [3]}, {"codes": ["M/07"]}]) == [3, 7]
    assert await numbers(api, any=[]) == []
    assert await numbers(api, themes=["A"], any=[{"numbers": [1, 2]}, {"numbers": [4]}]) == [1]
    assert await numbers(api, standing=["WITHDRAWN"]) == [12]
    assert await numbers(api, cost={"min": "990", "max": "991"}) == [9, 10]
    assert await numbers(api, search="m/07") == [7]
    assert await numbers(api, "COST") == [*range(11, 0, -1), 12]


async def test_counts_by_group_under_a_filter(api: Client) -> None:
    facets = (await api.data(FACETS, {"filter": {"numbers": [1, 2, 12]}}))["campaign"]["facets"]
    assert facets["themes"] == [{"value": "A", "count": 2}, {"value": "B", "count": 2}]
    assert {"value": "EAST", "name": "东片", "count": 1} in facets["districts"]
    assert sum(level["count"] for level in facets["levels"]) == 3
    everything = (await api.data(FACETS))["campaign"]["facets"]
    assert [theme["count"] for theme in everything["themes"]] == [7, 6]


async def test_a_shuffled_list_is_one_order_for_a_viewer_and_holds_while_one_pages(api: Client) -> None:
    anonymous = await numbers(api, "SHUFFLED")
    assert sorted(anonymous) == list(range(1, 13))
    assert await numbers(api, "SHUFFLED") == anonymous
    signed_in = [await api.sign_in(name) for name in ("lin", "wang")]
    orders = [await numbers(api, "SHUFFLED", token) for token in signed_in]
    assert len({tuple(order) for order in (anonymous, *orders)}) == 3
    assert await numbers(api, "SHUFFLED", signed_in[0]) == orders[0]
    assert await numbers(api, "SHUFFLED") == anonymous
    paged: list[int] = []
    after = None
    while len(paged) < 12:
        data = (await api.data(LIST, {"field": "SHUFFLED", "first": 5, "after": after}, signed_in[0]))["projects"]
        paged += [node["number"] for node in data["nodes"]]
        after = data["pageInfo"]["endCursor"]
    assert paged == orders[0]


async def test_candidates_that_are_equal_are_listed_by_further_orders(api: Client) -> None:
    query = """query Then($then: [ProjectOrder!]) { campaign { projects(orderBy: {field: START_YEAR}, thenBy: $then) {
      nodes { number } } } }"""
    by_year_alone = [7, 1, 8, 2, 9, 3, 4, 11, 12, 6, 5, 10]
    by_year_then_cost = [7, 8, 1, 9, 2, 3, 11, 4, 12, 6, 10, 5]
    for then, expected in ([], by_year_alone), ([{"field": "COST"}], by_year_then_cost):
        nodes = (await api.data(query, {"then": then}))["campaign"]["projects"]["nodes"]
        assert [node["number"] for node in nodes] == expected


async def test_where_nobody_asks_for_an_order_it_is_the_campaigns(api: Client) -> None:
    query = """{ campaign { projectOrder projects { nodes { number } } } projects { nodes { number } }
      district(code: "EAST", campaign: "shanghai-2017") { projects { nodes { number } } } }"""
    for token in (None, await api.sign_in("lin")):
        data = await api.data(query, token=token)
        assert data["campaign"]["projectOrder"] == "SHUFFLED"
        shuffled = [{"number": number} for number in await numbers(api, "SHUFFLED", token)]
        assert data["campaign"]["projects"]["nodes"] == data["projects"]["nodes"] == shuffled
        assert data["district"]["projects"]["nodes"] == [{"number": 12}]


async def test_a_project_by_its_code_and_a_district_by_its_campaign(api: Client) -> None:
    data = await api.data(
        """{ project(code: "M/05") { number code } other: project(code: "M/05", number: 6) { number }
        last: project(number: 12) { district { id code } }
        node(id: "district/shanghai-2017/EAST") { id ... on District { name } }
        district(code: "EAST", campaign: "shanghai-2017") { id } nobody: district(code: "EAST") { id } }"""
    )
    assert data["project"] == {"number": 5, "code": "M/05"}
    assert data["other"] is None
    assert data["last"]["district"] == {"id": "district/shanghai-2017/EAST", "code": "EAST"}
    assert data["node"] == {"id": "district/shanghai-2017/EAST", "name": "东片"}
    assert (data["district"], data["nobody"]) == ({"id": "district/shanghai-2017/EAST"}, None)


async def test_a_text_in_any_language_that_it_has(api: Client) -> None:
    data = await api.data(
        """{ project(number: 12) { ug: title(tag: "ug") en: title(language: EN) pl: title(tag: "pl")
        both: title(language: EN, tag: "zh") district { name(tag: "ug") } } }"""
    )
    titles = {"ug": "ئون ئىككى", "en": "十二", "pl": "十二", "both": "十二"}
    assert data["project"] == {**titles, "district": {"name": "东片"}}
