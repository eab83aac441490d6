"""Does a campaign of five thousand candidates work, and one of a single candidate, as one of fifty does?"""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.large_campaigns import large_campaign
from tests.servers import PATIENCE, Client, Server, prepare, project_ids, serving, serving_together
from tests.sockets import talk

pytestmark = pytest.mark.any_engine

FIVE_THOUSAND = "large-2017"
ONE = "single-2017"
PAGE = """
query Page($campaign: String!, $first: Int, $after: String, $last: Int, $before: String, $by: ResultOrder) {
  results(campaign: $campaign, first: $first, after: $after, last: $last, before: $before, orderBy: $by) {
    totalCount
    edges { cursor node { rank votes tiedCount tiedWith { number } project { number } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
PROJECTS = """
query Projects($after: String) {
  projects(campaign: "large-2017", first: 100, after: $after, orderBy: { field: TITLE, direction: DESC }) {
    nodes { number } pageInfo { hasNextPage endCursor }
  }
}
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("large")
    return [large_campaign(folder, FIVE_THOUSAND, 5_000), large_campaign(folder, ONE, 1)]


@pytest.fixture(scope="module")
def servers(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two processes on one database, in which there may be ballots already."""
    url = f"sqlite://{tmp_path_factory.mktemp('databases')}/large.sqlite3"
    prepare(url, *files)
    with serving_together(url, 2) as servers:
        yield servers


@pytest.fixture
def here(servers: list[Server], http: aiohttp.ClientSession) -> Client:
    return Client(http, servers[0])


@pytest.fixture
def there(servers: list[Server], http: aiohttp.ClientSession) -> Client:
    return Client(http, servers[1])


async def page(api: Client, **window: Any) -> Any:
    window = {"campaign": FIVE_THOUSAND} | window
    found = (await api.data(PAGE, window))["results"]
    cursors = [edge["cursor"] for edge in found["edges"]]
    assert all(len(cursor) <= 100 for cursor in cursors)
    assert found["pageInfo"]["startCursor"] in cursors[:1]
    return found


def numbers(found: Any) -> list[int]:
    return [edge["node"]["project"]["number"] for edge in found["edges"]]


async def vote(api: Client, *chosen: int) -> None:
    payload = await api.cast(
        await api.sign_in(), (), campaign=FIVE_THOUSAND, projectIds=project_ids(chosen, FIVE_THOUSAND)
    )
    assert payload["ballot"]["projects"] == [{"number": number} for number in sorted(chosen)]


async def counted(api: Client, votes: int) -> None:
    """Wait until this process counts so many votes of the first."""
    deadline = time.monotonic() + PATIENCE
    while (seen := (await page(api, first=1))["edges"][0]["node"]["votes"]) != votes:
        assert time.monotonic() < deadline, seen
        await asyncio.sleep(0.05)


async def test_paging_while_ranks_move_visits_each_of_five_thousand_once(
    fresh_url: Callable[[], str], files: list[Path], http: aiohttp.ClientSession
) -> None:
    prepare(url := fresh_url(), *files)
    with serving_together(url, 2) as servers:
        apis = [Client(http, server) for server in servers]
        await vote(apis[0], 5, 50, 500, 5_000)
        for api in apis:
            await counted(api, 1)
        seen: list[int] = []
        after, more, turn = None, True, 0
        while more:
            found = await page(apis[turn % 2], first=100, after=after)
            seen += numbers(found)
            after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
            if turn % 15 == 0:
                await vote(apis[turn % 2], *range(4_900 - turn, 4_909 - turn), 5_000)
                await counted(apis[(turn + 1) % 2], turn // 15 + 2)
            turn += 1
        assert turn == 50
        assert numbers(await page(apis[0], first=1)) == [5_000]
    assert seen == [5, 50, 500, 5_000] + [n for n in range(1, 5_000) if n not in {5, 50, 500}]
    with serving(url) as later:
        backwards = await page(api.at(later), last=3, before=after)
    assert numbers(backwards) == [4_996, 4_997, 4_998], "a process that starts later knows the order"


async def test_lists_of_five_thousand_are_read_in_pages(here: Client, there: Client) -> None:
    seen: list[int] = []
    after, more = None, True
    while more:
        found = (await (here, there)[len(seen) // 100 % 2].data(PROJECTS, {"after": after}))["projects"]
        seen += [node["number"] for node in found["nodes"]]
        after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
        assert len(after) <= 100
    assert len(seen) == 5_000
    assert sorted(seen) == list(range(1, 5_001))


async def test_those_who_are_tied_are_counted_all_and_named_a_hundred(here: Client) -> None:
    found = await page(here, last=100)
    for edge in found["edges"]:
        assert edge["node"]["votes"] == 0
        assert edge["node"]["tiedCount"] > 4_900
        assert len({project["number"] for project in edge["node"]["tiedWith"]}) == 100
        assert edge["node"]["project"] not in edge["node"]["tiedWith"]


async def test_what_changes_among_five_thousand_is_watched(here: Client, there: Client) -> None:
    watching = """
      subscription { resultsChanged(campaign: "large-2017", first: 1) {
        nodes { votes project { number } } pageInfo { endCursor } } }
    """
    assert isinstance(there.server, Server)
    async with talk(there.server) as talking:
        await talking.greet()
        await talking.begin("a", watching)
        before = (await talking.hear())["payload"]["data"]["resultsChanged"]
        await vote(here, 4_321)
        after = (await talking.hear())["payload"]["data"]["resultsChanged"]
    assert before["nodes"] == [{"votes": 0, "project": {"number": 1}}]
    assert after["nodes"] == [{"votes": 1, "project": {"number": 4_321}}]
    for found, behind in ((before, 2), (after, 1)):
        read = await page(here, first=1, after=found["pageInfo"]["endCursor"])
        assert numbers(read) == [behind]


async def test_a_campaign_of_one_works(here: Client) -> None:
    found = await page(here, campaign=ONE, first=1)
    assert (found["totalCount"], numbers(found)) == (1, [1])
    assert found["edges"][0]["node"]["tiedCount"] == 0
    assert numbers(await page(here, campaign=ONE, last=1)) == [1]
