"""Are standings seen as of the time that is stated, by those who ask and by those who watch, and the same after a restart?"""

from collections.abc import Iterator

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.conftest import SETTINGS
from tests.servers import Client, codes, edited_campaign, project_ids
from tests.sockets import talk

DAILY = 'results_visibility = "DAILY"\nresults_at = "09:00"'
HOURLY = 'results_visibility = "LIVE"\nresults_step = "HOUR"'
SEEN = """query Seen($slug: String) { campaign(slug: $slug) { resultsAt resultsStep turnout { ballots asOf }
  results(first: 1) { asOf nodes { id votes } } } }"""
WATCH = """subscription Watch($slug: String) { resultsChanged(campaign: $slug, first: 1) { asOf nodes { votes } } }"""
RESULT = "query One($id: ID!) { node(id: $id) { id ... on Result { votes project { number } } } }"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """A sandbox with a campaign whose standings are shown every morning, and one that shows them by the hour."""
    folder = tmp_path_factory.mktemp("steps")
    files = [
        edited_campaign(folder, slug, {"results_visibility": lines})
        for slug, lines in (("daily", DAILY), ("hourly", HOURLY))
    ]
    with running(files, settings=SETTINGS) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def client(http: aiohttp.ClientSession, sandbox: SandboxServer) -> Client:
    sandbox.reset()
    return Client(http, sandbox)


async def cast(client: Client, slug: str, name: str) -> None:
    ids = project_ids(range(1, 11), slug)
    assert (await client.cast(await client.sign_in(name), campaign=slug, projectIds=ids))["ballot"]


async def test_daily_standings_begin_with_the_first_stated_time_and_are_as_of_it(
    client: Client, sandbox: SandboxServer
) -> None:
    sandbox.clock.set("2017-03-22T08:59:59+08:00")
    await cast(client, "daily", "early")
    refused = await client.ask(SEEN, {"slug": "daily"}, language="en")
    [error] = refused["errors"]
    assert error["extensions"]["visibleFrom"] == "2017-03-22T09:00:00+08:00"
    assert "2017-03-22 09:00" in error["message"]
    sandbox.clock.set("2017-03-22T09:00:00+08:00")
    await cast(client, "daily", "late")
    seen = (await client.data(SEEN, {"slug": "daily"}))["campaign"]
    nine = "2017-03-22T09:00:00+08:00"
    assert seen == {
        "resultsAt": "09:00",
        "resultsStep": "SECOND",
        "turnout": {"ballots": 1, "asOf": nine},
        "results": {"asOf": nine, "nodes": [{"id": "result/daily/1", "votes": 1}]},
    }
    sandbox.clock.set("2017-03-31T12:00:00+08:00")
    assert (await client.data(SEEN, {"slug": "daily"}))["campaign"]["results"]["nodes"][0]["votes"] == 2


async def test_who_watches_is_told_at_those_times_alone(client: Client, sandbox: SandboxServer) -> None:
    sandbox.clock.set("2017-03-22T08:30:00+08:00")
    await cast(client, "daily", "early")
    await cast(client, "hourly", "early")
    async with talk(sandbox) as daily, talk(sandbox) as hourly:
        for socket, slug in ((daily, "daily"), (hourly, "hourly")):
            await socket.greet()
            await socket.begin("1", WATCH, slug=slug)
        assert codes((await daily.hear())["payload"]) == ["RESULTS_HIDDEN"]
        assert (await hourly.hear())["payload"]["data"]["resultsChanged"]["nodes"] == [{"votes": 0}]
        await cast(client, "hourly", "a second one")
        sandbox.clock.set("2017-03-22T09:00:00+08:00")
        nine = "2017-03-22T09:00:00+08:00"
        for socket, votes in ((daily, 1), (hourly, 2)):
            told = (await socket.hear())["payload"]["data"]["resultsChanged"]
            assert told == {"asOf": nine, "nodes": [{"votes": votes}]}


async def test_a_result_is_found_by_its_id_while_it_may_be_seen(client: Client, sandbox: SandboxServer) -> None:
    sandbox.clock.set("2017-03-22T08:30:00+08:00")
    await cast(client, "daily", "early")
    one = {"id": "result/daily/1"}
    assert await client.data(RESULT, one) == {"node": None}
    sandbox.clock.set("2017-03-23T09:00:00+08:00")
    assert (await client.data(RESULT, one))["node"] == {**one, "votes": 1, "project": {"number": 1}}
    for day, votes in (("2017-03-22", 1), ("2017-03-23", 0)):
        found = (await client.data(RESULT, {"id": f"result/daily/1/{day}"}))["node"]
        assert (found["id"], found["votes"]) == (f"result/daily/1/{day}", votes)
    for unknown in ("result/daily/99", "result/daily/1/2017-05-01", "result/none/1"):
        assert await client.data(RESULT, {"id": unknown}) == {"node": None}
