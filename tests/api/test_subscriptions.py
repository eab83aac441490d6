"""Does everyone who watches see what changes, as far as they may, and nothing else?"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from api.subscriptions.manager import MIN_UPDATE_INTERVAL
from api.testing.sandbox import SandboxServer, running
from tests.conftest import SETTINGS
from tests.servers import (
    PATIENCE,
    TEN,
    Client,
    Json,
    Server,
    codes,
    edited_campaign,
    pingxuan,
    project_ids,
    serving,
    serving_together,
    without_cost,
)
from tests.sockets import WATCH, Talk, talk

pytestmark = pytest.mark.any_engine

EVENTS = {"Accept": "text/event-stream"}
MOMENTS = "subscription { resultsChanged(first: 1) { asOf totalCount } }"
HIDDEN = "subscription($slug: String) { resultsChanged(campaign: $slug, first: 1) { nodes { votes } } }"
NOON = "2017-03-31T12:00:00+08:00"
QUIET = 1.6  # seconds in which an update would have come


@pytest.fixture
def server(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    """One whose ballots are counted by nobody else."""
    with serving(new_sqlite()) as running:
        yield running


@pytest.fixture
def api(http: aiohttp.ClientSession, server: Server) -> Client:
    return Client(http, server)


def votes(told: Json) -> list[int]:
    return [node["votes"] for node in told["payload"]["data"]["resultsChanged"]["nodes"]]


async def assert_quiet(talking: Talk) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(QUIET):
            await talking.connection.recv()


async def hear_past(talking: Talk, old: Callable[[Json], bool]) -> Json:
    """What is told next, or after that if it is of the counts just before: a ballot may let its voter see those."""
    told = await talking.hear()
    return await talking.hear() if old(told) else told


async def test_results_come_at_once_and_then_when_they_change(api: Client) -> None:
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("a", WATCH)
        assert votes(await talking.hear()) == [0, 0]
        for ballot in range(1, 4):
            await api.cast(await api.sign_in())
            assert votes(await talking.hear()) == [ballot, ballot]
        await assert_quiet(talking)


async def test_those_whom_a_filter_keeps_are_watched(api: Client) -> None:
    watching = """subscription($numbers: [Int!]) {
      resultsChanged(first: 2, filter: {numbers: $numbers}) { totalCount nodes { rank votes project { number } } } }"""
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("a", watching, numbers=[40, 41])
        assert votes(await talking.hear()) == [0, 0]
        await api.cast(await api.sign_in(), range(31, 41))
        told = (await talking.hear())["payload"]["data"]["resultsChanged"]
    assert told == {
        "totalCount": 2,
        "nodes": [
            {"rank": 1, "votes": 1, "project": {"number": 40}},
            {"rank": 11, "votes": 0, "project": {"number": 41}},
        ],
    }


async def test_a_later_page_is_watched_from_its_cursor(api: Client) -> None:
    query = "{ results(first: 10) { pageInfo { endCursor } } }"
    after = (await api.data(query))["results"]["pageInfo"]["endCursor"]
    watching = "subscription($after: String) { resultsChanged(first: 2, after: $after) { nodes { votes project { number } } } }"
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("a", watching, after=after)
        told = await talking.hear()
        nodes = told["payload"]["data"]["resultsChanged"]["nodes"]
        assert [node["project"]["number"] for node in nodes] == [11, 12]
        await api.cast(await api.sign_in(), range(1, 12))
        assert votes(await talking.hear()) == [1, 0]


async def test_time_alone_changes_nothing(api: Client) -> None:
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("a", MOMENTS)
        await talking.hear()
        await api.cast(await api.sign_in())
        await assert_quiet(talking)


async def test_many_ballots_are_one_update_a_second(api: Client) -> None:
    tokens = [await api.sign_in() for _ in range(60)]
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("a", WATCH)
        await talking.hear()
        loop = asyncio.get_running_loop()
        began, heard = loop.time(), 0
        casting = asyncio.gather(*(cast_later(api, token, number / 20) for number, token in enumerate(tokens)))
        while votes(await talking.hear()) != [60, 60]:
            heard += 1
        await casting
        assert heard <= (loop.time() - began) / MIN_UPDATE_INTERVAL + 1


async def cast_later(api: Client, token: str, delay: float) -> None:
    await asyncio.sleep(delay)
    await api.cast(token)


async def test_an_operation_that_is_completed_hears_no_more(api: Client) -> None:
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("a", WATCH)
        await talking.hear()
        await talking.say({"type": "complete", "id": "a"})
        await api.cast(await api.sign_in())
        await assert_quiet(talking)


async def test_a_ballot_at_one_server_is_seen_at_another(http: aiohttp.ClientSession, seeded_url: str) -> None:
    with serving_together(seeded_url, 2) as [here, there]:
        async with talk(there) as talking:
            await talking.greet()
            await talking.begin("a", WATCH)
            assert votes(await talking.hear()) == [0, 0]
            api = Client(http, here)
            await api.cast(await api.sign_in())
            assert votes(await talking.hear()) == [1, 1]


async def test_languages_variables_and_names_are_each_their_own(api: Client) -> None:
    query = "subscription($n: Int) { resultsChanged(first: $n) { nodes { project { title } } } }"
    async with talk(api.server, Accept_Language="en") as english, talk(api.server) as chinese:
        await english.greet()
        await chinese.greet()
        heard = []
        for talking, name, count in ((english, "a", 1), (english, "b", 2), (chinese, 'ü"', 1)):
            await talking.begin(name, query, n=count)
            told = await talking.hear()
            assert told["id"] == name
            heard.append([node["project"]["title"] for node in told["payload"]["data"]["resultsChanged"]["nodes"]])
        assert [len(titles) for titles in heard] == [1, 2, 1]
        assert heard[0][0] == heard[1][0] != heard[2][0]


@pytest.mark.parametrize(
    "query",
    [
        'subscription { resultsChanged(campaign: "none") { asOf } }',
        "subscription { resultsChanged(first: -1) { asOf } }",
        "subscription { resultsChanged(first: 101) { asOf } }",
        "subscription($n: Int!) { resultsChanged(first: $n) { asOf } }",
        "subscription { a: resultsChanged { asOf } b: resultsChanged { asOf } }",
    ],
)
async def test_what_can_never_be_answered_ends_with_its_error(api: Client, query: str) -> None:
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("a", query)
        told = await talking.hear()
        assert (told["type"], told["id"]) == ("error", "a")
        assert codes({"errors": told["payload"]})[0] in ("NOT_FOUND", "BAD_INPUT")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """A server with campaigns that hide their results, by whose clock voting ends when a test says so."""
    folder = tmp_path_factory.mktemp("hiding")
    files = [
        edited_campaign(folder, "after-casting", {"results_visibility": 'results_visibility = "AFTER_CASTING"'}),
        edited_campaign(folder, "after-close", {"results_visibility": 'results_visibility = "AFTER_CLOSE"'}),
    ]
    with running(files, "2017-03-31T11:59:40+08:00", SETTINGS) as server:
        yield server


@pytest.fixture
def hiding(sandbox: SandboxServer) -> SandboxServer:
    sandbox.reset()
    return sandbox


async def test_results_are_hidden_until_the_viewer_has_cast_and_then_until_voting_closes(
    http: aiohttp.ClientSession, hiding: SandboxServer
) -> None:
    api = Client(http, hiding)
    token, other = await api.sign_in(), await api.sign_in()
    async with talk(hiding) as caster, talk(hiding) as another, talk(hiding) as nobody:
        await caster.greet(Authorization=f"Bearer {token}")
        await another.greet(token=other)
        await nobody.greet()
        for talking in (caster, another, nobody):
            await talking.begin("a", HIDDEN, slug="after-casting")
            told = await talking.hear()
            assert (told["type"], codes(told["payload"])) == ("next", ["RESULTS_HIDDEN"])
        await api.cast(token, campaign="after-casting", projectIds=project_ids(TEN, "after-casting"))
        told = await hear_past(caster, lambda told: votes(told) == [0])
        assert votes(told) == [1]
        await another.say({"type": "ping"})
        assert await another.hear() == {"type": "pong"}  # and no results before it
        hiding.clock.set(NOON)
        for talking in (another, nobody):
            assert votes(await talking.hear()) == [1]


CHANGES = """subscription($slug: String) { resultsChanged(campaign: $slug, first: 12, onlyChanges: true) {
  onlyChanges removedIds totalCount turnout { ballots } nodes { id rank votes } } }"""


def shown(result: Json) -> tuple[int, int, int]:
    """A result's project, rank and votes."""
    return int(result["id"].rsplit("/")[-1]), result["rank"], result["votes"]


async def test_who_wants_changes_is_sent_the_rows_that_have_moved_and_the_rest_whole(
    http: aiohttp.ClientSession, hiding: SandboxServer
) -> None:
    api = Client(http, hiding)
    tokens = [await api.sign_in() for _ in range(3)]
    hiding.clock.set("2017-03-22T09:00:00+08:00")

    async def cast(token: str, numbers: range) -> None:
        await api.cast(token, campaign="after-casting", projectIds=project_ids(numbers, "after-casting"))

    async with talk(hiding) as caster, talk(hiding) as nobody:
        await caster.greet(Authorization=f"Bearer {tokens[0]}")
        await caster.begin("a", CHANGES, slug="after-casting")
        assert codes((await caster.hear())["payload"]) == ["RESULTS_HIDDEN"]
        await cast(tokens[0], range(1, 11))
        told = (await caster.hear())["payload"]["data"]["resultsChanged"]
        assert (told["onlyChanges"], len(told["nodes"])) == (False, 12)
        if told["turnout"] == {"ballots": 0}:
            told = (await caster.hear())["payload"]["data"]["resultsChanged"]  # see hear_past
        assert told["turnout"] == {"ballots": 1}
        await cast(tokens[1], range(1, 11))
        told = (await caster.hear())["payload"]["data"]["resultsChanged"]
        assert (told["onlyChanges"], told["removedIds"], told["totalCount"]) == (True, [], 50)
        assert sorted(map(shown, told["nodes"])) == [(number, 1, 2) for number in range(1, 11)]
        await nobody.greet()
        await nobody.begin("t", 'subscription { turnoutChanged(campaign: "after-casting") { ballots } }')
        assert (await nobody.hear())["payload"]["data"] == {"turnoutChanged": {"ballots": 2}}
        await cast(tokens[2], range(13, 23))
        told = (await caster.hear())["payload"]["data"]["resultsChanged"]
        assert sorted(told["removedIds"]) == ["result/after-casting/11", "result/after-casting/12"]
        assert sorted(map(shown, told["nodes"])) == [(13, 11, 1), (14, 11, 1)]
        assert (await nobody.hear())["payload"]["data"] == {"turnoutChanged": {"ballots": 3}}


async def test_results_show_themselves_when_voting_closes(hiding: SandboxServer) -> None:
    async with talk(hiding) as talking:
        await talking.greet()
        await talking.begin("a", HIDDEN, slug="after-close")
        assert codes((await talking.hear())["payload"]) == ["RESULTS_HIDDEN"]
        hiding.clock.set(NOON)
        assert votes(await talking.hear()) == [0]


async def test_a_session_that_ends_closes_its_socket(http: aiohttp.ClientSession, hiding: SandboxServer) -> None:
    hiding.clock.set("2017-03-22T09:00:00+08:00")
    token = await Client(http, hiding).sign_in()
    hiding.clock.set("2017-04-21T08:59:59+08:00")  # its thirty days end in a second
    async with talk(hiding) as talking:
        await talking.greet(Authorization=f"Bearer {token}")
        await talking.begin("a", WATCH)
        assert (await talking.hear())["type"] == "next"
        hiding.clock.set("2017-04-21T09:00:00+08:00")
        assert await talking.closed() == 4403


async def test_a_session_that_is_revoked_closes_its_socket_and_its_stream_ends(api: Client) -> None:
    token = await api.sign_in()
    async with talk(api.server) as talking, streaming(api, WATCH, Authorization=f"Bearer {token}") as content:
        await talking.greet(Authorization=f"Bearer {token}")
        await talking.begin("a", WATCH)
        assert (await talking.hear())["type"] == "next"
        assert (await event(content))[0] == "next"
        revoked = await asyncio.to_thread(pingxuan, api.server.database_url, "revoke", "--everybody")
        assert revoked.returncode == 0, revoked.stderr
        assert await talking.closed() == 4403
        assert await event(content) == ("complete", None)
    async with talk(api.server) as again:
        await again.say({"type": "connection_init", "payload": {"token": token}})
        assert await again.closed() == 4403


@asynccontextmanager
async def streaming(api: Client, query: str, **headers: str) -> AsyncIterator[aiohttp.StreamReader]:
    """A stream in distinct connection mode."""
    given = EVENTS | {name.replace("_", "-"): value for name, value in headers.items()}
    async with api.session.post(api.server.url, json={"query": query}, headers=given) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield response.content


async def event(content: aiohttp.StreamReader) -> tuple[str, Any]:
    """The next event, comments left out."""
    async with asyncio.timeout(PATIENCE):
        while (block := (await content.readuntil(b"\n\n")).decode()).startswith(":"):
            pass
    kind, data = block.strip("\n").split("\n")
    text = data.removeprefix("data:").strip()
    return kind.removeprefix("event: "), without_cost(json.loads(text)) if text else None


async def test_a_stream_of_its_own_for_each_operation(api: Client) -> None:
    async with streaming(api, WATCH) as content:
        kind, result = await event(content)
        assert (kind, votes({"payload": result})) == ("next", [0, 0])
        await api.cast(await api.sign_in())
        _, result = await event(content)
        assert votes({"payload": result}) == [1, 1]
    async with streaming(api, "{ campaign { slug } }") as content:
        assert await event(content) == ("next", {"data": {"campaign": {"slug": "shanghai-2017"}}})
        assert await event(content) == ("complete", None)
        assert await content.read() == b""
    async with streaming(api, "{ nothing }") as content:
        kind, result = await event(content)
        assert (kind, codes(result)) == ("next", ["BAD_INPUT"])
        assert await event(content) == ("complete", None)


async def test_a_stream_by_get_as_event_source_asks_for_it(api: Client) -> None:
    async with api.session.get(api.server.url, params={"query": WATCH}, headers=EVENTS) as response:
        assert (await event(response.content))[0] == "next"
    mutation = 'mutation { signIn(with: {guest: {name: "x"}}) { token } }'
    async with api.session.get(api.server.url, params={"query": mutation}, headers=EVENTS) as response:
        kind, result = await event(response.content)
        assert (kind, codes(result)) == ("next", ["BAD_INPUT"])


async def test_one_stream_for_many_operations(api: Client) -> None:
    url, session = api.server.url, api.session
    async with session.put(url) as reserved:
        assert reserved.status == 201
        token = {"X-GraphQL-Event-Stream-Token": await reserved.text()}
    body = {"query": WATCH, "extensions": {"operationId": "a"}}
    async with session.get(url, headers=token | EVENTS) as response:
        for wanted, status in ((body, 202), (body, 409), ({"query": WATCH}, 400), ({**body, "variables": 5}, 400)):
            async with session.post(url, json=wanted, headers=token) as accepted:
                assert accepted.status == status
        async with session.get(url, headers=token | EVENTS) as again:
            assert again.status == 409
        kind, told = await event(response.content)
        assert (kind, told["id"], votes(told)) == ("next", "a", [0, 0])
        async with session.delete(url, params={"operationId": "a"}, headers=token) as dropped:
            assert dropped.status == 200
        await api.cast(await api.sign_in())
        async with session.post(
            url, json={"query": "{ campaign { slug } }", "extensions": {"operationId": "b"}}, headers=token
        ):
            assert await event(response.content) == (
                "next",
                {"id": "b", "payload": {"data": {"campaign": {"slug": "shanghai-2017"}}}},
            )
        assert await event(response.content) == ("complete", {"id": "b"})
    async with session.post(url, json=body, headers={"X-GraphQL-Event-Stream-Token": "none"}) as unknown:
        assert unknown.status == 404
    async with asyncio.timeout(PATIENCE):
        while True:  # the server notices a little later that the stream was left
            async with session.delete(url, params={"operationId": "a"}, headers=token) as gone:
                if gone.status == 404:
                    break


@pytest.mark.parametrize(
    "accept",
    [
        "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
        "*/*",
        "application/json",
    ],
)
async def test_only_who_asks_for_a_stream_first_gets_one(api: Client, accept: str) -> None:
    async with api.session.post(
        api.server.url, json={"query": "{ __typename }"}, headers={"Accept": accept}
    ) as response:
        assert "json" in response.headers["Content-Type"]
        assert (await response.json())["data"] == {"__typename": "Query"}
    async with api.session.post(api.server.url, json={"query": WATCH}, headers={"Accept": accept}) as response:
        assert response.status == 406
        assert "text/event-stream" in (await response.json())["errors"][0]["message"]


async def test_what_is_malformed_is_refused_before_a_stream_begins(api: Client) -> None:
    for body, status in ((b"{", 400), (b"5", 400), (b'{"query": 5}', 400)):
        assert (await api.post(body, **EVENTS)).status == status


async def test_a_server_that_stops_ends_every_stream(api: Client) -> None:
    async with streaming(api, WATCH) as content:
        await event(content)
        api.server.ask_to_stop()
        assert await asyncio.wait_for(content.read(), 20) == b""
