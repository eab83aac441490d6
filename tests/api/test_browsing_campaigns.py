"""Do campaigns and districts come as they were loaded, and does a campaign know where it stands?"""

from datetime import datetime
from typing import Any

import pytest

from api.testing.sandbox import SandboxClock
from tests.servers import Client, codes, project_ids

STATE = '{ campaign(slug: "shanghai-2017") { slug phase serverTime stages { code seats status } } }'


async def test_a_campaign_tells_what_it_is(api: Client) -> None:
    query = """{ campaign { id slug title edition organizer timeZone resultsVisibility
      votingWindow { opensAt closesAt } source { publisher published url }
      criteria { code name } districts { code } } }"""
    campaign = (await api.data(query))["campaign"]
    districts = campaign.pop("districts")
    assert campaign == {
        "id": "campaign/shanghai-2017",
        "slug": "shanghai-2017",
        "title": "第三届上海社会建设十大创新项目",
        "edition": 3,
        "organizer": "上海市社会建设委员会办公室",
        "timeZone": "Asia/Shanghai",
        "resultsVisibility": "LIVE",
        "votingWindow": {"opensAt": "2017-03-22T00:00:00+08:00", "closesAt": "2017-03-31T12:00:00+08:00"},
        "source": {"publisher": "上海报业集团", "published": "2017-03-21", "url": None},
        "criteria": [
            {"code": "INNOVATION", "name": "创新性强"},
            {"code": "DEMONSTRATION", "name": "示范性强"},
            {"code": "PRACTICE", "name": "实践性强"},
            {"code": "RECOGNITION", "name": "认同度高"},
        ],
    }
    assert len(districts) == 16


async def test_the_rules_are_data(api: Client) -> None:
    query = """query Rules { campaign { rules { __typename code zh: description(language: ZH) en: description(language: EN)
      ... on ChoiceCountRule { minimum maximum } ... on QuotaRule { limit period }
      ... on VotingWindowRule { opensAt closesAt } } } }"""
    rules = (await api.data(query))["campaign"]["rules"]
    texts = [(rule.pop("zh"), rule.pop("en")) for rule in rules]
    assert rules == [
        {"__typename": "ChoiceCountRule", "code": "CHOICE_COUNT", "minimum": 10, "maximum": 30},
        {"__typename": "DistinctChoicesRule", "code": "DISTINCT_CHOICES"},
        {"__typename": "EligibleProjectsRule", "code": "ELIGIBLE_PROJECTS"},
        {"__typename": "QuotaRule", "code": "QUOTA", "limit": 1, "period": "DAY"},
        {
            "__typename": "VotingWindowRule",
            "code": "VOTING_WINDOW",
            "opensAt": "2017-03-22T00:00:00+08:00",
            "closesAt": "2017-03-31T12:00:00+08:00",
        },
    ]
    assert all("10" in text and "30" in text for text in texts[0])
    assert all("1" in text for text in texts[3])
    assert all("2017-03-31 12:00" in text for text in texts[4])
    assert all(zh != en for zh, en in texts)


@pytest.mark.parametrize(
    ("moment", "standing"),
    [
        ("2017-03-21T23:59:59.999999+08:00", ("UPCOMING", "PENDING")),
        ("2017-03-22T00:00:00+08:00", ("VOTING", "OPEN")),
        ("2017-03-31T11:59:59.999999+08:00", ("VOTING", "OPEN")),
        ("2017-03-31T12:00:00+08:00", ("CLOSED", "OPEN")),
    ],
)
async def test_a_campaign_knows_where_it_stands(
    api: Client, pingxuan_clock: SandboxClock, moment: str, standing: tuple[str, str]
) -> None:
    pingxuan_clock.set(moment)
    campaign = (await api.data(STATE))["campaign"]
    phase, finalists = standing
    assert campaign["phase"] == phase
    assert campaign["serverTime"] == moment
    assert campaign["stages"] == [
        {"code": "SUBMITTED", "seats": 117, "status": "DECIDED"},
        {"code": "CANDIDATE", "seats": 50, "status": "DECIDED"},
        {"code": "FINALIST", "seats": 30, "status": finalists},
        {"code": "WINNER", "seats": 10, "status": "PENDING"},
    ]


async def test_the_servers_clock_ticks(api: Client, pingxuan_clock: SandboxClock) -> None:
    pingxuan_clock.tick()
    times = [datetime.fromisoformat((await api.data(STATE))["campaign"]["serverTime"]) for _ in range(2)]
    assert times[0] < times[1]


async def test_campaigns_are_listed_the_latest_first(api: Client) -> None:
    query = "{ campaigns { totalCount nodes { slug title edition phase } edges { node { slug } } } }"
    campaigns = (await api.data(query))["campaigns"]
    assert campaigns["totalCount"] == 2
    assert [campaign["slug"] for campaign in campaigns["nodes"]] == ["shanghai-2017", "trial-2016"]
    assert [edge["node"]["slug"] for edge in campaigns["edges"]] == ["shanghai-2017", "trial-2016"]
    assert campaigns["nodes"][1] == {"slug": "trial-2016", "title": "试投", "edition": None, "phase": "CLOSED"}


async def test_a_campaign_that_does_not_exist_is_null_and_nothing_lists_it(api: Client) -> None:
    assert await api.data('{ campaign(slug: "none") { slug } }') == {"campaign": None}
    for field in ("projects", "results"):
        answer = await api.ask(f'{{ {field}(campaign: "none") {{ totalCount }} }}', language="en")
        assert codes(answer) == ["NOT_FOUND"]
        assert "none" in answer["errors"][0]["message"]
        assert "shanghai-2017" in answer["errors"][0]["message"]


async def test_there_are_sixteen_districts(api: Client) -> None:
    districts = (await api.data("{ districts { id code name } }"))["districts"]
    assert len(districts) == 16
    assert [d["code"] for d in districts] == sorted(d["code"] for d in districts)
    assert {"id": "district/310115", "code": "310115", "name": "浦东新区"} in districts


async def test_a_district_lists_its_projects(api: Client) -> None:
    query = """query Of($kept: ProjectFilter, $order: ProjectOrder, $campaign: String) {
      district(code: "310115") { name(language: EN)
        projects(campaign: $campaign, filter: $kept, orderBy: $order, first: 3) {
          totalCount nodes { number campaign { slug } } pageInfo { hasNextPage } } } }"""

    async def of(**variables: Any) -> Any:
        return (await api.data(query, variables))["district"]["projects"]

    projects = await of()
    assert [p["number"] for p in projects["nodes"]] == [12, 15, 16]
    assert (projects["totalCount"], projects["pageInfo"]["hasNextPage"]) == (4, True)
    descending = await of(order={"field": "NUMBER", "direction": "DESC"})
    assert [p["number"] for p in descending["nodes"]] == [17, 16, 15]
    assert (await of(kept={"numbers": [1, 17]}))["totalCount"] == 1
    assert (await of(kept={"districts": ["310101"]}))["totalCount"] == 0
    assert (await of(kept={"not": {"numbers": [12]}}))["totalCount"] == 3
    assert (await of(campaign="trial-2016"))["nodes"][0] == {"number": 12, "campaign": {"slug": "trial-2016"}}


async def test_a_district_that_does_not_exist_is_null(api: Client) -> None:
    assert await api.data('{ a: district(code: "310100") { id } b: district(code: "") { id } }') == {
        "a": None,
        "b": None,
    }


async def test_anything_is_found_by_its_id(api: Client) -> None:
    query = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    ids = [*project_ids([50, 1]), "district/310151", "campaign/trial-2016", "campaign/none", "district/999999"]
    missing = [*project_ids([51]), *project_ids([1], "none"), "ballot/" + "a" * 26]
    nodes = (await api.data(query, {"ids": [*ids, *missing, ids[0]]}))["nodes"]
    kinds = [node and node["__typename"] for node in nodes]
    assert kinds == ["Project", "Project", "District", "Campaign", None, None, None, None, None, "Project"]
    assert [node["id"] for node in nodes if node] == [*ids[:4], ids[0]]


async def test_too_many_ids_are_refused_with_the_limit(api: Client) -> None:
    answer = await api.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": project_ids(range(1, 102))})
    told = answer["errors"][0]["extensions"]
    assert told == {"code": "BAD_INPUT", "argument": "ids", "limit": "nodes", "most": 100, "actual": 101}


async def test_a_text_that_is_no_id_is_refused_with_examples(api: Client) -> None:
    for text in (
        "",
        "17",
        "project/shanghai-2017",
        "project/shanghai-2017/017",
        "viewer/x",
        "district/3101a5",
        "x" * 999,
    ):
        answer = await api.ask("query Node($id: ID!) { node(id: $id) { id } }", {"id": text}, language="en")
        assert codes(answer) == ["BAD_INPUT"]
        assert "district/310115" in answer["errors"][0]["message"]
        assert answer["data"] == {"node": None}
