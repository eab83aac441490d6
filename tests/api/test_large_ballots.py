"""Is every ballot that the rules allow let through by the limits, however it is sent?"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.large_campaigns import large_campaign
from tests.servers import Client, Json, codes, prepare, project_ids, refusals, serving
from tests.sockets import talk

SLUG = "a-campaign-whose-name-is-as-long-as-names-of-campaigns-may-be-xx"
FIVE_THOUSAND = {"LIMIT_BODY": "600000", "LIMIT_SOCKET_MESSAGE": "600000", "LIMIT_TOKENS": "6000"}
CAST = """mutation Cast($input: CastBallotInput!) { castBallot(input: $input) {
  ballot { id projects { number title } } violations { code } viewer { allowance { remaining } } } }"""
CHECK = "query Check($input: CastBallotInput!) { checkBallot(input: $input) { code } }"


def inline(document: str, ids: list[str]) -> str:
    """The same operation with its ids as literals."""
    _, _, selection = document.partition(") { ")
    literal = f"{{projectIds: {json.dumps(ids)}}}"
    word = "mutation" if "castBallot" in document else "query"
    return f"{word} {{ {selection}".replace("$input", literal)


@pytest.fixture(scope="module")
def three_hundred(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a campaign of 300 candidates, all of whom a ballot may name, under limits nobody has set."""
    folder = tmp_path_factory.mktemp("large")
    prepare(f"sqlite://{folder}/large.sqlite3", large_campaign(folder, SLUG, 300, 300))
    return f"sqlite://{folder}/large.sqlite3"


@pytest.fixture(params=["compiled", "reference"])
async def large(
    http: aiohttp.ClientSession, three_hundred: str, request: pytest.FixtureRequest
) -> AsyncIterator[Client]:
    with serving(three_hundred, EXECUTION=request.param) as server:
        yield Client(http, server)


def assert_all_are_in(payload: Json, size: int) -> None:
    assert payload["violations"] == []
    assert [project["number"] for project in payload["ballot"]["projects"]] == list(range(1, size + 1))
    assert payload["viewer"]["allowance"]["remaining"] == 0


@pytest.mark.parametrize("size", [200, 201, 300])
async def test_what_the_rules_allow_is_checked_and_cast_with_variables_and_with_literals(
    large: Client, size: int
) -> None:
    ids = project_ids(range(1, size + 1), SLUG)
    given = {"input": {"projectIds": ids}}
    assert await large.data(CHECK, given) == {"checkBallot": []}
    assert await large.data(inline(CHECK, ids)) == {"checkBallot": []}
    assert_all_are_in((await large.data(CAST, given, await large.sign_in()))["castBallot"], size)
    assert_all_are_in((await large.data(inline(CAST, ids), token=await large.sign_in()))["castBallot"], size)


async def test_over_a_socket_too(large: Client) -> None:
    ids = project_ids(range(1, 301), SLUG)
    for number, document in enumerate((CAST, inline(CAST, ids))):
        async with talk(large.server) as talking:
            await talking.greet(Authorization=f"Bearer {await large.sign_in()}")
            variables: Any = {} if number else {"input": {"projectIds": ids}}
            payload = await talking.result("large", document, **variables)
            assert_all_are_in(payload["data"]["castBallot"], 300)


async def test_as_an_event_stream_too(large: Client) -> None:
    body = {"query": CAST, "variables": {"input": {"projectIds": project_ids(range(1, 301), SLUG)}}}
    response = await large.post(body, Accept="text/event-stream", Authorization=f"Bearer {await large.sign_in()}")
    data = next(line for line in response.body.decode().splitlines() if line.startswith("data: {"))
    assert_all_are_in(json.loads(data.removeprefix("data: "))["data"]["castBallot"], 300)


async def test_a_longer_list_is_too_large_and_other_lists_keep_to_the_limit(large: Client) -> None:
    for query, variables, most in (
        (CHECK, {"input": {"projectIds": ["x"] * 301}}, 300),
        ("query($n: [Int!]) { projects(filter: {numbers: $n}) { totalCount } }", {"n": [1] * 201}, 200),
    ):
        answer = await large.ask(query, variables)
        assert codes(answer) == ["QUERY_TOO_LARGE"]
        extensions = answer["errors"][0]["extensions"]
        assert (extensions["limit"], extensions["most"], extensions["actual"]) == ("items", most, most + 1)


async def test_where_fewer_may_be_chosen_than_stand_one_too_many_breaks_the_rule(
    http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    prepare(f"sqlite://{tmp_path}/large.sqlite3", large_campaign(tmp_path, SLUG, 300, 250))
    with serving(f"sqlite://{tmp_path}/large.sqlite3") as server:
        client = Client(http, server)
        given = {"input": {"projectIds": project_ids(range(1, 252), SLUG)}}
        payload = (await client.data(CAST, given, await client.sign_in()))["castBallot"]
        assert refusals(payload) == ["TOO_MANY_CHOICES"]
        assert "PINGXUAN_LIMIT" not in server.log


async def test_five_thousand_choices_are_cast_where_the_settings_allow_them(
    http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    url, ids = f"sqlite://{tmp_path}/large.sqlite3", project_ids(range(1, 5_001), SLUG)
    prepare(url, large_campaign(tmp_path, SLUG, 5_000, 5_000))
    with serving(url, **FIVE_THOUSAND) as server:
        assert "PINGXUAN_LIMIT" not in server.log
        client = Client(http, server)
        given = {"input": {"projectIds": ids}}
        assert await client.data(inline(CHECK, ids)) == {"checkBallot": []}
        assert_all_are_in((await client.data(CAST, given, await client.sign_in()))["castBallot"], 5_000)
        async with talk(server) as talking:
            await talking.greet(Authorization=f"Bearer {await client.sign_in()}")
            payload = await talking.result("inline", inline(CAST, ids))
            assert_all_are_in(payload["data"]["castBallot"], 5_000)


async def test_where_they_do_not_the_server_says_so_when_it_starts(http: aiohttp.ClientSession, tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/large.sqlite3"
    prepare(url, large_campaign(tmp_path, "large", 5_000, 5_000))
    for workers in ("1", "2"):
        with serving(url, WORKERS=workers) as server:
            assert server.log.count("large: a ballot of 5000 projects, which its rules allow, is refused by ") == 1
            assert "; set PINGXUAN_LIMIT_SOCKET_MESSAGE=" in server.log
