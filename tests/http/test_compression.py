"""Is what everybody may get compressed, once, for those who take it, and never what is about one person?"""

import gzip
import json
from typing import Any

import aiohttp
import pytest

from api.http.compression import MIN_BYTES, CompressibleResponse
from api.http.responses import HttpResponse
from api.testing.sandbox import SandboxServer
from tests.api.test_root_path import CREATE
from tests.servers import TEN, project_ids

pytestmark = pytest.mark.any_engine

TITLES = "{ projects(first: 50) { nodes { title summary } } }"
OWN = "{ viewer { id } projects(first: 50) { nodes { title summary } } }"
WRONG = '{ projects(first: 50) { nodes { title summary } } ballot(id: "ballot/x") { id } }'
SHORT = "{ projects(first: 3) { nodes { title } } }"
INPUT = '{campaignInput(campaign: "shanghai-2017")}'
CAST = """mutation ($ids: [ID!]!) { castBallot(input: {projectIds: $ids}) {
  ballot { id projects { title summary } } violations { code } } }"""


class Answer:
    """What came back, as it was sent."""

    def __init__(self, response: aiohttp.ClientResponse, body: bytes) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = body

    @property
    def is_packed(self) -> bool:
        packed = self.headers.get("Content-Encoding") == "gzip"
        assert packed == self.body.startswith(b"\x1f\x8b")
        return packed


async def got(server: SandboxServer, encodings: str, method: str = "POST", query: str = TITLES, **more: Any) -> Answer:
    headers = {"Accept-Encoding": encodings, **more.pop("headers", {})}
    sent = {"params": {"query": query}} if method == "GET" else {"json": {"query": query, **more}}
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.request(method, server.url, headers=headers, **sent) as response,
    ):
        return Answer(response, await response.read())


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_public_answer_comes_packed_to_those_who_can_unpack_it(
    pingxuan_server: SandboxServer, method: str
) -> None:
    plain = await got(pingxuan_server, "identity", method)
    for encodings in ("gzip", "br;q=1.0, gzip;q=0.5", "deflate, GZIP"):
        packed = await got(pingxuan_server, encodings, method)
        assert packed.is_packed
        assert gzip.decompress(packed.body) == plain.body
        assert len(packed.body) < len(plain.body) * 0.6
        assert "Accept-Encoding" in packed.headers["Vary"]
    for encodings in ("", "br", "gzip;q=0"):
        assert not (await got(pingxuan_server, encodings, method)).is_packed


async def test_caches_are_told_that_answers_differ_by_encoding(pingxuan_server: SandboxServer) -> None:
    plain, packed = [await got(pingxuan_server, each, "GET") for each in ("identity", "gzip")]
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept, Accept-Language, Accept-Encoding"
    assert plain.headers["ETag"] == packed.headers["ETag"]
    assert plain.headers["ETag"].startswith("W/"), "which is of all its encodings"
    kept = await got(pingxuan_server, "gzip", "GET", headers={"If-None-Match": packed.headers["ETag"]})
    assert (kept.status, kept.body, kept.is_packed) == (304, b"", False)


async def test_nothing_about_one_person_is_packed_nor_what_is_short_or_wrong(pingxuan_server: SandboxServer) -> None:
    voter = {"Authorization": f"Bearer {pingxuan_server.sign_in('packed').token}"}
    for asked_before in (TITLES, OWN, WRONG, SHORT):
        await got(pingxuan_server, "gzip", query=asked_before, headers=voter)
    assert (await got(pingxuan_server, "gzip", headers=voter)).is_packed, "which is the same for everybody"
    cast = await got(pingxuan_server, "gzip", query=CAST, variables={"ids": project_ids(TEN)}, headers=voter)
    for private in (cast, *[await got(pingxuan_server, "gzip", query=each, headers=voter) for each in (OWN, WRONG)]):
        assert len(private.body) > MIN_BYTES
        assert not private.is_packed
    assert not (await got(pingxuan_server, "gzip", query=SHORT)).is_packed


async def test_the_first_answer_to_a_question_is_not_packed(pingxuan_server: SandboxServer) -> None:
    unlike = "query Unlike { projects(first: 50) { nodes { title summary } } }"
    first, second = [await got(pingxuan_server, "gzip", query=unlike) for _ in range(2)]
    assert (first.is_packed, second.is_packed) == (False, True)
    assert gzip.decompress(second.body) == first.body


@pytest.fixture
def staff(pingxuan_server: SandboxServer) -> dict[str, str]:
    """The headers of an organizer."""
    return {"Authorization": f"Bearer {pingxuan_server.voters['organizer'].token}"}


@pytest.mark.parametrize("query", [INPUT, f"{{ campaign {{ serverTime }} {INPUT.strip('{}')} }}"])
async def test_what_staff_has_put_in_comes_packed_to_staff(
    pingxuan_server: SandboxServer, staff: dict[str, str], query: str
) -> None:
    packed = await got(pingxuan_server, "gzip", query=query, headers=staff)
    assert packed.is_packed
    assert len(json.loads(gzip.decompress(packed.body))["data"]["campaignInput"]["projects"]) == 50
    assert not (await got(pingxuan_server, "identity", query=query, headers=staff)).is_packed


@pytest.mark.parametrize(
    "beside",
    [
        "viewer { id }",
        "campaign { stages { selection { record } } }",
        "trail(first: 1) { nodes { at } }",
        "suspicions(first: 1) { nodes { id } }",
        "grants { viewer }",
        "jobs(first: 1) { nodes { url } }",
        'ballot(id: "ballot/x") { id }',
    ],
)
async def test_nothing_of_others_stands_beside_it(
    pingxuan_server: SandboxServer, staff: dict[str, str], beside: str
) -> None:
    mixed = await got(pingxuan_server, "gzip", query=f"{{ {beside} {INPUT.strip('{}')} }}", headers=staff)
    assert b"campaignInput" in mixed.body
    assert not mixed.is_packed


async def test_a_draft_comes_packed_to_those_who_see_it(pingxuan_server: SandboxServer, staff: dict[str, str]) -> None:
    assert (await got(pingxuan_server, "gzip", query=CREATE, headers=staff)).status == 200
    assert (await got(pingxuan_server, "gzip", headers=staff)).is_packed
    assert not (await got(pingxuan_server, "gzip", query=OWN, headers=staff)).is_packed


def test_a_response_is_packed_once() -> None:
    response = CompressibleResponse(HttpResponse(200, [(b"content-length", b"2000")], b"x" * 2000))
    assert response.to("gzip") is response.to("br, gzip")
    assert response.to("gzip").body == gzip.compress(b"x" * 2000, 1, mtime=0)
    assert response.to("br").body == b"x" * 2000


@pytest.mark.parametrize("page", ["/", "/desk", "/review", "/verify", "/graphql"])
async def test_pages_come_packed_too(pingxuan_server: SandboxServer, page: str) -> None:
    bodies = {}
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        for encodings in ("identity", "gzip"):
            headers = {"Accept": "text/html", "Accept-Encoding": encodings}
            async with session.get(pingxuan_server.origin + page, headers=headers) as response:
                assert response.headers["Vary"].startswith("Accept, Accept-Encoding")
                assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src ")
                bodies[response.headers.get("Content-Encoding", "identity")] = await response.read()
    assert gzip.decompress(bodies["gzip"]) == bodies["identity"]
