"""Does a cache get to keep what is public and unchanged, and nothing about a viewer or a moment?"""

import asyncio
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.servers import Client, Response, serving

TITLES = "{ projects(first: 3) { nodes { title } } }"
RESULTS = "{ results(first: 3) { nodes { rank votes } } }"


async def got(api: Client, query: str, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await api.get("/graphql?" + urlencode({"query": query}), headers=named)


async def test_a_public_answer_may_be_kept_for_a_second(api: Client) -> None:
    answer = await got(api, TITLES)
    assert answer.headers["Cache-Control"] == "public, max-age=1, stale-while-revalidate=10"
    assert answer.headers["Vary"] == "Accept, Accept-Language, Accept-Encoding"
    again = await got(api, TITLES)
    assert again.headers["ETag"] == answer.headers["ETag"]


async def test_an_unchanged_answer_is_not_sent_again(api: Client) -> None:
    answer = await got(api, TITLES)
    kept = await got(api, TITLES, If_None_Match=f'"another", {answer.headers["ETag"]}')
    assert kept.status == 304
    assert kept.body == b""
    assert kept.headers["ETag"] == answer.headers["ETag"]


async def test_language_form_and_variables_make_other_answers(api: Client) -> None:
    tags = {
        (await got(api, TITLES)).headers["ETag"],
        (await got(api, TITLES, Accept_Language="en")).headers["ETag"],
        (await got(api, TITLES, Accept="application/graphql-response+json")).headers["ETag"],
        (await got(api, TITLES.replace("3", "4"))).headers["ETag"],
    }
    assert len(tags) == 4


async def test_a_vote_changes_the_tag(http: aiohttp.ClientSession, new_sqlite: Callable[[], str]) -> None:
    with serving(new_sqlite()) as server:
        own = Client(http, server)
        before = await got(own, RESULTS)
        await asyncio.sleep(1.1)
        assert (await got(own, RESULTS, If_None_Match=before.headers["ETag"])).status == 304
        await own.cast(await own.sign_in())
        await asyncio.sleep(1.1)
        after = await got(own, RESULTS, If_None_Match=before.headers["ETag"])
        assert after.status == 200
        assert after.headers["ETag"] != before.headers["ETag"]
        assert after.json["data"]["results"]["nodes"][0]["votes"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { id } }",
        "{ campaign { serverTime } }",
        '{ ballot(id: "ballot/aaaaaaaaaaaaaaaaaaaaaaaaaa") { id } }',
        '{ node(id: "ballot/aaaaaaaaaaaaaaaaaaaaaaaaaa") { id } }',
        "{ checkBallot(input: {projectIds: []}) { code } }",
        "{ node(id: 5) { id } }",
        "{ nothing }",
    ],
)
async def test_what_is_about_a_viewer_a_moment_or_a_mistake_is_never_kept(api: Client, query: str) -> None:
    answer = await got(api, query, Authorization=f"Bearer {await api.sign_in()}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


async def test_what_is_posted_is_not_tagged(api: Client) -> None:
    answer = await api.post({"query": TITLES})
    assert "ETag" not in answer.headers


async def test_the_same_question_of_two_viewers_has_two_answers(api: Client) -> None:
    asked = {"query": "{ viewer { id } }"}
    answers = [await api.post(asked, Authorization=f"Bearer {await api.sign_in()}") for _ in range(2)]
    assert answers[0].json["data"]["viewer"]["id"] != answers[1].json["data"]["viewer"]["id"]


async def test_a_public_question_that_was_answered_before_is_answered_alike(api: Client) -> None:
    first, second = await api.post({"query": TITLES}), await api.post({"query": TITLES})
    assert first.body == second.body
    assert first.headers["Content-Type"] == second.headers["Content-Type"] == "application/json; charset=utf-8"
    english = await api.post({"query": TITLES}, Accept_Language="en")
    assert english.body != first.body
