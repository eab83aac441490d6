"""Is an answer that grew too long withheld, whichever way it would have gone, and the limit named?"""

from collections.abc import Callable, Iterator

import aiohttp
import pytest

from tests.servers import CAST, TEN, Client, Json, Server, project_ids, serving
from tests.sockets import talk

MOST = 3_000  # bytes
LONG = "{ projects(first: 50) { nodes { summary } } }"
SHORT = "{ projects(first: 2) { nodes { title } } }"


@pytest.fixture(scope="module")
def brief(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    with serving(new_sqlite(), LIMIT_ANSWER=str(MOST)) as server:
        yield server


@pytest.fixture
async def api(http: aiohttp.ClientSession, brief: Server) -> Client:
    return Client(http, brief)


def assert_withheld(answer: Json) -> None:
    assert answer.keys() == {"errors"}
    told = answer["errors"][0]["extensions"]
    assert (told["code"], told["limit"], told["most"]) == ("QUERY_TOO_LARGE", "answer", MOST)
    assert told["actual"] > MOST


@pytest.mark.parametrize(("media", "status"), [("application/json", 200), ("application/graphql-response+json", 400)])
async def test_by_post_and_by_get(api: Client, media: str, status: int) -> None:
    posted = await api.post({"query": LONG}, Accept=media)
    got = await api.get("/graphql", params={"query": LONG}, headers={"Accept": media})
    for response in (posted, got):
        assert response.status == status
        assert_withheld(response.json)
    assert "ETag" not in got.headers
    assert len((await api.data(SHORT))["projects"]["nodes"]) == 2


async def test_over_a_socket(api: Client) -> None:
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("long", LONG)
        told = await talking.hear()
        assert (told["type"], told["id"]) == ("error", "long")
        assert_withheld({"errors": told["payload"]})
        assert len((await talking.result("short", SHORT))["data"]["projects"]["nodes"]) == 2


async def test_what_a_mutation_has_done_is_done(api: Client) -> None:
    token = await api.sign_in()
    wordy = CAST.replace("projects { number }", "projects { number summary }")
    given = {"projectIds": project_ids(range(1, 31)), "idempotencyKey": "the same key"}
    assert_withheld(await api.ask(wordy, {"input": given}, token))
    again = await api.cast(token, TEN, **given)
    assert len(again["ballot"]["projects"]) == 30
