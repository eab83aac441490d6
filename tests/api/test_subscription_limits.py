"""Is whoever watches, or asks over a socket or a stream, bound and counted like everybody else?"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import pytest

from tests.api.test_metrics import samples
from tests.api.test_subscriptions import event, streaming
from tests.databases import drop_table
from tests.servers import CAST, TEN, Client, Server, codes, project_ids, serving
from tests.sockets import WATCH, talk

pytestmark = pytest.mark.any_engine

FILTERED = """subscription($filter: ProjectFilter) {
  resultsChanged(first: 1) { nodes { project { campaign { projects(filter: $filter, first: 1) { totalCount } } } } }
}"""
TENS = (
    "subscription($after: String) { resultsChanged(first: 10, after: $after) { nodes { votes project { number } } } }"
)


@pytest.fixture(scope="module")
def guarded(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    """A server that tells little, keeps little up to date, and is read by Prometheus."""
    with serving(new_sqlite(), INTROSPECTION="off", LIMIT_LIVE_COST="800", METRICS="127.0.0.1:0") as server:
        yield server


@pytest.fixture
def api(http: aiohttp.ClientSession, guarded: Server) -> Client:
    return Client(http, guarded)


async def test_without_introspection_no_name_is_suggested_to_who_watches(api: Client) -> None:
    wrong = {"filter": {"level": []}}
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("a", FILTERED, **wrong)
        told = await talking.hear()
    request = {"query": FILTERED, "variables": wrong}
    async with api.session.post(api.server.url, json=request, headers={"Accept": "text/event-stream"}) as response:
        _, streamed = await event(response.content)
    for errors in (told["payload"], streamed["errors"]):
        assert codes({"errors": errors}) == ["BAD_INPUT"]
        assert "level" in errors[0]["message"]
        assert "levels" not in json.dumps(errors)


async def test_without_introspection_there_is_no_schema_to_fetch(api: Client) -> None:
    answer = await api.get("/schema.graphql", headers={"Accept-Language": "en"})
    assert (answer.status, codes(answer.json)) == (404, ["NOT_FOUND"])
    assert "introspection is off" in answer.json["errors"][0]["message"]


async def test_who_watches_too_much_is_told_the_limit_and_goes_on_watching_the_rest(api: Client) -> None:
    cursors = (await api.data("{ results(first: 3) { edges { cursor } } }"))["results"]["edges"]
    async with talk(api.server) as talking:
        await talking.greet()
        heard = []
        for number, edge in enumerate(cursors):
            await talking.begin(str(number), TENS, after=edge["cursor"])
            heard.append(await talking.hear())
        assert [told["type"] for told in heard] == ["next", "error", "error"]
        told = heard[1]["payload"][0]["extensions"]
        assert (told["code"], told["limit"], told["most"], told["actual"]) == ("QUERY_TOO_LARGE", "live_cost", 800, 964)
        await api.cast(await api.sign_in())
        assert (await talking.hear())["id"] == "0"
        await talking.say({"type": "complete", "id": "0"})
        await talking.begin("1", TENS, after=cursors[1]["cursor"])
        assert (await talking.hear())["type"] == "next", "what is not watched any more makes room"


async def test_what_is_watched_is_not_too_long_to_tell(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with serving(new_sqlite(), LIMIT_ANSWER="1000") as server:
        async with talk(server) as talking:
            await talking.greet()
            await talking.begin("long", WATCH.replace("first: 2", "first: 50"))
            told = await talking.hear()
            await talking.begin("short", WATCH)
            assert (await talking.hear())["type"] == "next"
        error = told["payload"][0]["extensions"]
        assert told["type"] == "error"
        assert (error["code"], error["limit"], error["most"]) == ("QUERY_TOO_LARGE", "answer", 1000)
        assert error["actual"] > 1000
        async with streaming(Client(http, server), WATCH.replace("first: 2", "first: 50")) as content:
            _, streamed = await event(content)
        assert codes(streamed) == ["QUERY_TOO_LARGE"]


async def test_operations_errors_sockets_and_streams_are_counted(api: Client) -> None:
    before = await samples(api)
    named = WATCH.replace("subscription", "subscription Watching")
    async with talk(api.server) as talking, streaming(api, named) as content:
        await talking.greet()
        await talking.begin("a", named)
        await talking.hear()
        await event(content)
        await talking.result("b", "query Asking { campaign { slug } }")
        await talking.begin("c", "{ nothing }")
        await talking.hear()
        assert (await api.post({"query": "{"}, X_GraphQL_Event_Stream_Token="none")).status == 404
        now = await samples(api)
    for gauge in ("sockets", "streams", "topics"):
        assert now[f"pingxuan_{gauge}", ""] >= 1
    moved = now - before
    assert moved["pingxuan_operation_seconds_count", "Watching"] == 2
    assert moved["pingxuan_operation_seconds_count", "Asking"] == 1
    assert moved["pingxuan_errors_total", "BAD_INPUT"] == 2


async def test_a_failure_on_a_socket_is_counted(http: aiohttp.ClientSession, new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    with serving(url, METRICS="127.0.0.1:0", noisy=True) as server:
        api = Client(http, server)
        token = await api.sign_in()
        drop_table(url, "tallies")
        async with talk(server, Authorization=f"Bearer {token}") as talking:
            await talking.greet()
            given: dict[str, Any] = {"projectIds": project_ids(TEN)}
            assert codes(await talking.result("a", CAST, input=given)) == ["INTERNAL"]
        assert (await samples(api))["pingxuan_errors_total", "INTERNAL"] == 1
