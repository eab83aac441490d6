"""Can a known query travel as its digest alone, and can nobody put another document under it?"""

import hashlib
import json
from urllib.parse import urlencode

import pytest

from tests.servers import Client, Response, codes

QUERY = "query Listed($first: Int) { projects(first: $first) { nodes { number } } }"


def persisted(query: str | None, digest: str) -> dict:
    body = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}, "variables": {"first": 2}}
    return body if query is None else body | {"query": query}


def digest_of(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


async def test_an_unknown_digest_asks_for_the_document_once(api: Client) -> None:
    query = QUERY.replace("Listed", "First")
    unknown = await api.post(persisted(None, digest_of(query)))
    assert unknown.status == 200
    assert codes(unknown.json) == ["PERSISTED_QUERY_NOT_FOUND"]
    assert "data" not in unknown.json
    taught = await api.post(persisted(query, digest_of(query)))
    known = await api.post(persisted(None, digest_of(query)))
    assert taught.json == known.json == {"data": {"projects": {"nodes": [{"number": 1}, {"number": 2}]}}}


async def test_a_digest_works_by_get_too(api: Client) -> None:
    await api.post(persisted(QUERY, digest_of(QUERY)))
    extensions = json.dumps(persisted(None, digest_of(QUERY))["extensions"])
    answer = await api.get("/graphql?" + urlencode({"extensions": extensions, "variables": '{"first": 1}'}))
    assert answer.json == {"data": {"projects": {"nodes": [{"number": 1}]}}}


async def test_a_digest_of_another_document_is_refused_and_not_learnt(api: Client) -> None:
    wrong = digest_of(QUERY + " ")
    refused = await api.post(persisted(QUERY, wrong))
    assert refused.status == 400
    assert codes((await api.post(persisted(None, wrong))).json) == ["PERSISTED_QUERY_NOT_FOUND"]


async def test_an_invalid_document_is_not_learnt(api: Client) -> None:
    invalid = "{ nothing }"
    assert codes((await api.post(persisted(invalid, digest_of(invalid)))).json) == ["BAD_INPUT"]
    assert codes((await api.post(persisted(None, digest_of(invalid)))).json) == ["PERSISTED_QUERY_NOT_FOUND"]


@pytest.mark.parametrize(
    "wanted",
    [
        5,
        {},
        {"version": 2, "sha256Hash": "a" * 64},
        {"version": 1, "sha256Hash": "A" * 64},
        {"version": 1, "sha256Hash": 5},
    ],
)
async def test_a_malformed_digest_is_refused_with_its_form(api: Client, wanted: object) -> None:
    answer: Response = await api.post({"extensions": {"persistedQuery": wanted}})
    assert answer.status == 400
    assert "sha256Hash" in answer.json["errors"][0]["message"]
