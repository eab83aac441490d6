"""Do the standings say what the ballots say, within a second or so?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from api.testing.sandbox import SandboxClock, SandboxServer
from tests.servers import Client, assert_audit_agrees, codes, serving

RESULTS = """
query Results($filter: ProjectFilter, $orderBy: ResultOrder, $day: Date) {
  results(filter: $filter, orderBy: $orderBy, day: $day, first: 50) {
    totalCount asOf cutLine { seats votes crossesTie }
    nodes {
      project { number district { code } } votes share rank districtRank gain expertScore finalScore asOf
      byDay { day votes } tiedWith { number }
    }
  }
}
"""
TURNOUT = "{ campaign { turnout { ballots choices meanChoices asOf byDay { day ballots } } } }"
# The first day's ballots: 1 to 10 have three votes, 11 to 20 two, 21 to 30 one, the others none.
BALLOTS = (range(1, 11), range(1, 21), range(1, 31))
VOTES = {number: 3 if number <= 10 else 2 if number <= 20 else 1 if number <= 30 else 0 for number in range(1, 51)}


@pytest.fixture
async def counted(api: Client) -> Client:
    """A client of a server that shows the three ballots."""
    for name, chosen in enumerate(BALLOTS):
        await api.cast(await api.sign_in(f"counted {name}"), chosen)
    return api


async def results(api: Client, **variables: Any) -> Any:
    return (await api.data(RESULTS, variables))["results"]


async def test_votes_shares_ranks_and_ties(counted: Client) -> None:
    page = await results(counted)
    assert [node["project"]["number"] for node in page["nodes"]] == list(range(1, 51))
    for node in page["nodes"]:
        number, votes = node["project"]["number"], node["votes"]
        assert votes == node["gain"] == VOTES[number]
        assert node["share"] == pytest.approx(votes / 3)
        assert node["rank"] == {3: 1, 2: 11, 1: 21, 0: 31}[votes]
        tied = [other for other, theirs in VOTES.items() if theirs == votes and other != number]
        assert [project["number"] for project in node["tiedWith"]] == tied
        assert node["byDay"] == [{"day": "2017-03-22", "votes": votes}]
        assert (node["expertScore"], node["finalScore"]) == (None, None)
        assert node["asOf"] == page["asOf"]
    assert page["cutLine"] == {"seats": 30, "votes": 1, "crossesTie": False}


async def test_turnout(counted: Client) -> None:
    turnout = (await counted.data(TURNOUT))["campaign"]["turnout"]
    del turnout["asOf"]
    assert turnout == {
        "ballots": 3,
        "choices": 60,
        "meanChoices": 20.0,
        "byDay": [{"day": "2017-03-22", "ballots": 3}],
    }


async def test_ranks_within_a_district(counted: Client) -> None:
    nodes = (await results(counted))["nodes"]
    ranks = {node["project"]["number"]: node["districtRank"] for node in nodes}
    assert [ranks[number] for number in (12, 15, 16, 17)] == [1, 1, 1, 1]
    assert [ranks[number] for number in (9, 27, 28)] == [1, 2, 2]
    for node in nodes:
        assert (node["districtRank"] is None) == (node["project"]["district"] is None)


async def test_the_votes_of_districts_are_those_of_the_whole_campaign(counted: Client) -> None:
    asked = "totalCount byDistrict { district { code } votes } nodes { votes project { district { code } } }"
    everybody = (await counted.data(f"{{ results(first: 50) {{ {asked} }} }}"))["results"]
    sums: dict[str, int] = {}
    for node in everybody["nodes"]:
        if district := node["project"]["district"]:
            sums[district["code"]] = sums.get(district["code"], 0) + node["votes"]
    found = {each["district"]["code"]: each["votes"] for each in everybody["byDistrict"]}
    assert found == sums
    assert list(found.values()) == sorted(sums.values(), reverse=True)
    filtered = await counted.data(f'{{ results(filter: {{districts: ["310115"]}}, first: 1) {{ {asked} }} }}')
    assert filtered["results"]["totalCount"] < 50
    assert filtered["results"]["byDistrict"] == everybody["byDistrict"]


async def test_a_filter_keeps_the_ranks_of_the_whole_campaign(counted: Client) -> None:
    page = await results(counted, filter={"districts": ["310101", "310112"], "not": {"numbers": [30]}})
    assert [(n["project"]["number"], n["rank"]) for n in page["nodes"]] == [(29, 21), (31, 31), (35, 31), (36, 31)]
    assert page["totalCount"] == 4
    assert page["cutLine"] == {"seats": 30, "votes": 1, "crossesTie": False}


def key(field: str, node: dict[str, Any]) -> Any:
    district = node["project"]["district"]
    values = {
        "RANK": node["rank"],
        "VOTES": node["votes"],
        "NUMBER": node["project"]["number"],
        "DISTRICT": district and district["code"],
        "GAIN": node["gain"],
        "FINAL_SCORE": node["finalScore"],
    }
    return values[field]


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["RANK", "VOTES", "NUMBER", "DISTRICT", "GAIN", "FINAL_SCORE"])
async def test_results_are_listed_in_every_order(counted: Client, field: str, direction: str) -> None:
    by_number = (await results(counted, orderBy={"field": "NUMBER"}))["nodes"]
    known = [node for node in by_number if key(field, node) is not None]
    unknown = [node for node in by_number if key(field, node) is None]
    expected = sorted(known, key=lambda node: key(field, node), reverse=direction == "DESC") + unknown
    listed = (await results(counted, orderBy={"field": field, "direction": direction}))["nodes"]
    assert [n["project"]["number"] for n in listed] == [n["project"]["number"] for n in expected]


async def test_results_that_are_equal_are_listed_by_further_orders(counted: Client) -> None:
    nodes = (await results(counted))["nodes"]
    code = {node["project"]["number"]: key("DISTRICT", node) for node in nodes}
    query = """query Then($first: ResultOrder, $then: [ResultOrder!], $after: String) {
      results(orderBy: $first, thenBy: $then, first: 30, after: $after) {
        nodes { project { number } } pageInfo { endCursor } } }"""
    then = [{"field": "DISTRICT", "direction": "DESC"}, {"field": "NUMBER", "direction": "DESC"}]
    expected = sorted(VOTES, reverse=True)
    expected.sort(key=lambda number: code[number] or "", reverse=True)
    expected.sort(key=lambda number: -VOTES[number])
    listed, after = [], None
    for _ in range(2):
        page = (await counted.data(query, {"then": then, "after": after}))["results"]
        listed += [node["project"]["number"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert listed == expected
    refused = await counted.ask(query, {"then": then * 3})
    assert codes(refused) == ["BAD_INPUT"]
    other = await counted.ask(query, {"after": after})
    assert codes(other) == ["BAD_INPUT"]


async def test_a_result_has_neighbours_in_the_ranking_of_the_same_days(counted: Client) -> None:
    fields = "id ahead { id rank behind { id } } behind { id project { number } }"
    query = f"""query Near($day: Date) {{ results(day: $day, first: 50) {{ nodes {{ {fields} }} }}
      filtered: results(filter: {{numbers: [31]}}) {{ nodes {{ {fields} }} }} }}"""
    for day in (None, "2017-03-22"):
        data = await counted.data(query, {"day": day})
        nodes = data["results"]["nodes"]
        ids = [node["id"] for node in nodes]
        assert [node["ahead"] and node["ahead"]["id"] for node in nodes] == [None, *ids[:-1]]
        assert [node["behind"] and node["behind"]["id"] for node in nodes] == [*ids[1:], None]
        assert all(node["ahead"]["behind"]["id"] == node["id"] for node in nodes[1:])
    [alone] = data["filtered"]["nodes"]
    assert (alone["ahead"]["rank"], alone["behind"]["project"]["number"]) == (21, 32)


async def test_the_same_standing_by_every_way_to_it(counted: Client) -> None:
    query = """query Ways { project(number: 15) { result { votes rank } }
      node(id: "project/shanghai-2017/15") { ... on Project { result { votes rank } } }
      campaign { results(filter: {numbers: [15]}) { nodes { votes rank project { result { votes } } } } }
      district(code: "310115") { projects(filter: {numbers: [15]}) { nodes { result { votes rank } } } } }"""
    data = await counted.data(query)
    result = {"votes": 2, "rank": 11}
    assert data["project"]["result"] == data["node"]["result"] == result
    assert data["campaign"]["results"]["nodes"] == [result | {"project": {"result": {"votes": 2}}}]
    assert data["district"]["projects"]["nodes"] == [{"result": result}]


async def test_freshness_is_at_most_a_second_old(http: aiohttp.ClientSession, new_sqlite: Callable[[], str]) -> None:
    with serving(new_sqlite()) as server:
        data = await Client(http, server).data(
            "{ campaign { serverTime turnout { asOf } } results(first: 0) { asOf } }"
        )
    now, shown = (datetime.fromisoformat(t) for t in (data["campaign"]["serverTime"], data["results"]["asOf"]))
    assert timedelta(0) <= now - shown < timedelta(seconds=1)
    assert data["campaign"]["turnout"]["asOf"] == data["results"]["asOf"]


async def test_a_new_day_counts_apart_and_gains_from_the_day_before(
    counted: Client, pingxuan_server: SandboxServer, pingxuan_clock: SandboxClock
) -> None:
    pingxuan_clock.set("2017-03-23T08:00:00+08:00")
    token = await counted.sign_in("counted 0")
    assert (await counted.cast(token, range(1, 11)))["ballot"]["day"] == "2017-03-23"
    nodes = {node["project"]["number"]: node for node in (await results(counted))["nodes"]}
    assert nodes[1]["byDay"] == [{"day": "2017-03-22", "votes": 3}, {"day": "2017-03-23", "votes": 1}]
    assert nodes[11]["byDay"] == [{"day": "2017-03-22", "votes": 2}, {"day": "2017-03-23", "votes": 0}]
    assert (nodes[1]["votes"], nodes[1]["gain"], nodes[1]["share"]) == (4, 4, 1.0)
    second = await results(counted, day="2017-03-23")
    assert second["cutLine"] is None
    ranked = {node["project"]["number"]: (node["rank"], node["votes"], node["share"]) for node in second["nodes"]}
    assert (ranked[10], ranked[11]) == ((1, 1, 1.0), (11, 0, 0.0))
    turnout = (await counted.data(TURNOUT))["campaign"]["turnout"]["byDay"]
    assert turnout == [{"day": "2017-03-22", "ballots": 3}, {"day": "2017-03-23", "ballots": 1}]
    ballots = (await counted.data("{ viewer { ballots { day } } }", token=token))["viewer"]["ballots"]
    assert ballots == [{"day": "2017-03-22"}, {"day": "2017-03-23"}]
    assert_audit_agrees(pingxuan_server.database_url, 4)


async def test_the_gain_forgets_what_lies_before_the_day_before(counted: Client, pingxuan_clock: SandboxClock) -> None:
    pingxuan_clock.set("2017-03-24T08:00:00+08:00")
    nodes = (await results(counted))["nodes"]
    assert [(node["votes"], node["gain"], len(node["byDay"])) for node in nodes[:1]] == [(3, 0, 3)]


@pytest.mark.parametrize("day", ["2017-03-21", "2017-04-01", "1970-01-01", "9999-12-31"])
async def test_a_day_that_is_no_voting_day_is_refused_with_those_there_are(api: Client, day: str) -> None:
    answer = await api.ask(RESULTS, {"day": day}, language="en")
    assert codes(answer) == ["BAD_INPUT"]
    assert answer["errors"][0]["message"] == (
        f"{day} is no voting day; the voting days run from 2017-03-22 to 2017-03-31."
    )


@pytest.mark.parametrize(
    "day", ["2017-3-22", "20170322", "2017-02-30", "2017-03-22T00:00:00", "", 20170322, True, "明天"]
)
async def test_what_is_no_date_is_refused_with_the_form(api: Client, day: object) -> None:
    answer = await api.ask(RESULTS, {"day": day}, language="en")
    assert codes(answer) == ["BAD_INPUT"]
    assert "YYYY-MM-DD" in answer["errors"][0]["message"]


async def test_a_day_that_has_not_begun_has_no_votes(api: Client) -> None:
    nodes = (await results(api, day="2017-03-31"))["nodes"]
    assert {(node["votes"], node["rank"], node["share"]) for node in nodes} == {(0, 1, 0.0)}


async def test_a_campaign_nobody_voted_in_has_everyone_first(api: Client) -> None:
    query = """{ results(campaign: "trial-2016", first: 50) { cutLine { votes crossesTie } nodes { rank votes share } }
      campaign(slug: "trial-2016") { turnout { ballots choices meanChoices byDay { ballots } } } }"""
    data = await api.data(query)
    assert {(node["rank"], node["votes"], node["share"]) for node in data["results"]["nodes"]} == {(1, 0, 0.0)}
    assert data["results"]["cutLine"] == {"votes": 0, "crossesTie": True}
    turnout = data["campaign"]["turnout"]
    assert (turnout["ballots"], turnout["choices"], turnout["meanChoices"]) == (0, 0, 0.0)
    assert turnout["byDay"] == [{"ballots": 0}] * 10
