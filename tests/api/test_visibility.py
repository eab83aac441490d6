"""Is there no way to the standings before they may be seen, and none closed afterwards?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.conftest import SETTINGS
from tests.servers import Client, Json, codes, edited_campaign, project_ids

PUBLISHED = "2017-04-10T10:00:00+08:00"
CLOSES = "2017-03-31T12:00:00+08:00"
CAMPAIGNS = {
    "live": ("LIVE", False),
    "after-casting": ("AFTER_CASTING", False),
    "after-close": ("AFTER_CLOSE", False),
    "after-publication": ("AFTER_PUBLICATION", True),
    "unpublished": ("AFTER_PUBLICATION", False),
}
LIFTS = {"after-casting": CLOSES, "after-close": CLOSES, "after-publication": PUBLISHED, "unpublished": None}
CLOCKS = {
    "before": "2017-03-21T12:00:00+08:00",
    "during": "2017-03-25T09:00:00+08:00",
    "after": "2017-03-31T12:00:00+08:00",
    "published": PUBLISHED,
}
VISIBLE = {
    "live": set(CLOCKS),
    "after-casting": {"after", "published"},
    "after-close": {"after", "published"},
    "after-publication": {"published"},
    "unpublished": set(),
}
# Every field that could show a standing, each in an operation with $slug.
REFUSED = {
    "results": "results(campaign: $slug) { totalCount }",
    "of the campaign": "campaign(slug: $slug) { results { nodes { votes } } }",
    "of a list of campaigns": "campaigns { nodes { results(first: 0) { asOf } } }",
    "ordered": "results(campaign: $slug, orderBy: {field: VOTES, direction: DESC}) { nodes { rank } }",
    "of a day": 'results(campaign: $slug, day: "2017-03-25") { nodes { votes } }',
    "filtered": "results(campaign: $slug, filter: {numbers: [1]}) { nodes { project { number } } }",
    "the line": "results(campaign: $slug, first: 0) { cutLine { votes } }",
    "no items": "results(campaign: $slug, last: 0) { pageInfo { hasNextPage } }",
    "through a project": "project(campaign: $slug, number: 1) { campaign { results { totalCount } } }",
}
NULL = {
    "project": "project(campaign: $slug, number: 1) { result { votes } }",
    "district": 'district(code: "310115") { projects(campaign: $slug) { nodes { result { rank } } } }',
    "list": "projects(campaign: $slug, first: 2) { nodes { result { share } } }",
    "campaign": "campaign(slug: $slug) { projects(first: 2) { nodes { result { byDay { votes } } } } }",
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """A sandbox with a campaign of every visibility."""
    folder = tmp_path_factory.mktemp("visibility")
    with running([campaign_file(folder, slug) for slug in CAMPAIGNS], settings=SETTINGS) as server:
        yield server
        assert "Traceback" not in server.log, server.log


def campaign_file(folder: Path, slug: str) -> Path:
    visibility, published = CAMPAIGNS[slug]
    lines = f'results_visibility = "{visibility}"' + (f"\npublished_at = {PUBLISHED}" if published else "")
    return edited_campaign(folder, slug, {"results_visibility": lines})


class Visited:
    """A client of the sandbox, which is asked at one of the moments."""

    def __init__(self, client: Client, sandbox: SandboxServer) -> None:
        self._client = client
        self._sandbox = sandbox

    def __getitem__(self, when: str) -> Client:
        self._sandbox.clock.set(CLOCKS[when])
        return self._client


@pytest.fixture
async def clients(http: aiohttp.ClientSession, sandbox: SandboxServer) -> Visited:
    """A client at each moment, where one voter has cast a ballot in every campaign."""
    sandbox.reset()
    found = Visited(Client(http, sandbox), sandbox)
    voter = await found["during"].sign_in("has cast")
    for slug in CAMPAIGNS:
        ids = project_ids(range(1, 11), slug)
        await found["during"].cast(voter, campaign=slug, projectIds=ids)
    return found


async def ask(client: Client, selection: str, slug: str, token: str | None = None) -> Json:
    return await client.ask(
        f"query Look($slug: String) {{ at: campaign(slug: $slug) {{ slug }} {selection} }}", {"slug": slug}, token, "en"
    )


def leaves(value: Any) -> list[Any]:
    """What is at the ends of a result field: its values, or None where it is null."""
    if isinstance(value, dict):
        return [value["result"]] if "result" in value else [x for inner in value.values() for x in leaves(inner)]
    return [x for inner in value for x in leaves(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("when", CLOCKS)
@pytest.mark.parametrize("slug", CAMPAIGNS)
async def test_the_standings_are_seen_when_they_may_be_and_by_no_way_before(
    clients: Visited, slug: str, when: str
) -> None:
    for way, selection in REFUSED.items():
        if way == "of a list of campaigns":
            continue
        answer = await ask(clients[when], selection, slug)
        assert (codes(answer) == []) == (when in VISIBLE[slug]), way
        if codes(answer):
            assert_refused(answer, slug)
    for way, selection in NULL.items():
        answer = await ask(clients[when], selection, slug)
        assert "errors" not in answer, way
        found = leaves(answer["data"])
        assert found, way
        assert all((result is not None) == (when in VISIBLE[slug]) for result in found), way


def assert_refused(answer: Json, slug: str) -> None:
    """The error has the code and the moment, and the answer holds no number of votes."""
    [error] = answer["errors"]
    assert error["extensions"] == {
        "code": "RESULTS_HIDDEN",
        "visibleFrom": LIFTS[slug],
        "visibility": CAMPAIGNS[slug][0],
    }
    assert LIFTS[slug] is None or LIFTS[slug][:16].replace("T", " ") in error["message"]
    assert answer["data"] is None or answer["data"]["at"] == {"slug": slug}


async def test_a_list_of_campaigns_refuses_the_hidden_ones(clients: Visited) -> None:
    answer = await ask(clients["during"], REFUSED["of a list of campaigns"], "live")
    assert set(codes(answer)) == {"RESULTS_HIDDEN"}
    shown = [campaign["results"] for campaign in answer["data"]["campaigns"]["nodes"]]
    assert sorted(map(bool, shown)) == [False] * 4 + [True]
    answer = await ask(clients["published"], "campaigns { nodes { slug phase } }", "live")
    phases = {campaign["slug"]: campaign["phase"] for campaign in answer["data"]["campaigns"]["nodes"]}
    assert phases == dict.fromkeys(CAMPAIGNS, "CLOSED") | {"after-publication": "PUBLISHED"}


async def test_whoever_has_cast_sees_the_results_that_open_after_casting_and_nobody_else(
    clients: Visited,
) -> None:
    during = clients["during"]
    voter, other = await during.sign_in("has cast"), await during.sign_in("has not cast")
    for token, sees in ((voter, True), (other, False), (None, False), ("garbage", False)):
        answer = await ask(during, REFUSED["results"], "after-casting", token)
        assert codes(answer) == ([] if sees else ["RESULTS_HIDDEN"])
        found = await ask(during, NULL["project"], "after-casting", token)
        assert (found["data"]["project"]["result"] is not None) == sees
    for slug in ("after-close", "after-publication", "unpublished"):
        assert codes(await ask(during, REFUSED["results"], slug, voter)) == ["RESULTS_HIDDEN"]
        assert (await ask(during, NULL["project"], slug, voter))["data"]["project"] == {"result": None}


async def test_casting_opens_the_results_in_the_same_request(clients: Visited) -> None:
    query = """mutation Cast($input: CastBallotInput!) { castBallot(input: $input) {
      ballot { projects { result { rank } } campaign { results { totalCount } } } } }"""
    given = {"campaign": "after-casting", "projectIds": project_ids(range(1, 11), "after-casting")}
    during = clients["during"]
    data = await during.data(query, {"input": given}, await during.sign_in())
    ballot = data["castBallot"]["ballot"]
    assert ballot["campaign"]["results"]["totalCount"] == 50
    assert all(project["result"] for project in ballot["projects"])


async def test_a_ballot_in_one_campaign_opens_no_other(clients: Visited) -> None:
    during = clients["during"]
    token = await during.sign_in()
    ids = project_ids(range(1, 11), "live")
    assert (await during.cast(token, campaign="live", projectIds=ids))["ballot"]
    assert codes(await ask(during, REFUSED["results"], "after-casting", token)) == ["RESULTS_HIDDEN"]


async def test_ones_own_ballot_shows_no_hidden_standing(clients: Visited) -> None:
    during = clients["during"]
    token = await during.sign_in("has cast")
    query = '{ viewer { ballots(campaign: "after-close") { projects { number result { votes } } } } }'
    [ballot] = (await during.data(query, token=token))["viewer"]["ballots"]
    assert [project["number"] for project in ballot["projects"]] == list(range(1, 11))
    assert {project["result"] for project in ballot["projects"]} == {None}


@pytest.mark.parametrize("when", CLOCKS)
@pytest.mark.parametrize("slug", CAMPAIGNS)
async def test_turnout_is_always_public(clients: Visited, slug: str, when: str) -> None:
    answer = await ask(clients[when], "campaign(slug: $slug) { turnout { ballots choices byDay { ballots } } }", slug)
    assert "errors" not in answer
    assert isinstance(answer["data"]["campaign"]["turnout"]["ballots"], int)


async def test_a_hidden_order_is_not_given_away_by_cursors(clients: Visited) -> None:
    """A cursor of a time when the results were open, or of a campaign whose are, opens nothing."""
    live = await ask(clients["during"], "results(campaign: $slug, first: 1) { edges { cursor } }", "live")
    cursor = live["data"]["results"]["edges"][0]["cursor"]
    late = await ask(clients["published"], "results(campaign: $slug, first: 1) { edges { cursor } }", "after-close")
    for one in (cursor, late["data"]["results"]["edges"][0]["cursor"]):
        hidden = f'results(campaign: $slug, after: "{one}") {{ nodes {{ rank }} }}'
        assert codes(await ask(clients["during"], hidden, "after-close")) == ["RESULTS_HIDDEN"]


async def test_refusals_are_in_the_callers_language(clients: Visited) -> None:
    query = '{ results(campaign: "after-close") { totalCount } }'
    answer = await clients["during"].ask(query)
    assert answer["errors"][0]["message"] == "投票结束后公布结果。将于2017年3月31日12:00（北京时间）公开。"
