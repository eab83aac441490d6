"""Does the endpoint keep to GraphQL over HTTP, and do clients that do not get told so?"""

import gzip
import json
from typing import Any
from urllib.parse import quote

import pytest
from multidict import CIMultiDict

from tests.servers import CAST, TEN, Client, Response, project_ids

GRAPHQL, JSON = "application/graphql-response+json", "application/json"
NAME = '{ district(code: "310115") { name } }'
NAMED = {"data": {"district": {"name": "浦东新区"}}}


def told(response: Response) -> str:
    """The one error of an answer without data."""
    assert "data" not in response.json
    [error] = response.json["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"
    message: str = error["message"]
    return message


def media(response: Response) -> str:
    return response.headers["Content-Type"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        ("text/html, */*;q=0.1", JSON),
        (f"{JSON};q=0, */*", GRAPHQL),
        (f"*/*, {JSON};q=0.5", GRAPHQL),
        (f"{JSON};q=nan, application/*;q=0.1", GRAPHQL),
        (f"{GRAPHQL}, */*", GRAPHQL),
        (f"*/*, {GRAPHQL}", JSON),
        (f"{GRAPHQL}; charset=utf-8", GRAPHQL),
        (GRAPHQL.upper(), GRAPHQL),
    ],
)
async def test_the_answer_has_the_form_that_was_asked_for(api: Client, accept: str | None, expected: str) -> None:
    response = await api.post({"query": NAME}, **({"Accept": accept} if accept else {}))
    assert (response.status, media(response)) == (200, f"{expected}; charset=utf-8")
    assert response.json == NAMED


@pytest.mark.parametrize("accept", ["text/html", "image/*", f"{JSON};q=0", "garbage", "multipart/mixed"])
async def test_a_form_that_is_not_to_be_had_is_refused(api: Client, accept: str) -> None:
    for response in (
        await api.post({"query": NAME}, Accept=accept),
        await api.get(f"/graphql?query={quote(NAME)}", headers={"Accept": accept}),
    ):
        assert (response.status, media(response)) == (406, f"{JSON}; charset=utf-8")
        assert JSON in told(response)


@pytest.mark.parametrize(
    "query", ["{", "{ nothing }", "query Q($x: Int) { __typename }", "{ project(number: 1.5) { id } }"]
)
async def test_what_cannot_be_begun_has_no_data(api: Client, query: str) -> None:
    for accept, status in ((GRAPHQL, 400), (JSON, 200)):
        response = await api.post({"query": query}, Accept=accept)
        assert (response.status, media(response)) == (status, f"{accept}; charset=utf-8")
        assert "data" not in response.json
        assert response.json["errors"][0]["locations"]


@pytest.mark.parametrize("variables", [{}, {"n": "x"}, {"n": None}])
async def test_variables_that_are_wrong_begin_nothing(api: Client, variables: dict[str, Any]) -> None:
    body = {"query": "query Q($n: Int!) { project(number: $n) { id } }", "variables": variables}
    for accept, status in ((GRAPHQL, 400), (JSON, 200)):
        response = await api.post(body, Accept=accept)
        assert (response.status, "data" in response.json) == (status, False)


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_what_fails_on_the_way_has_data_with_null(api: Client, accept: str) -> None:
    response = await api.post({"query": '{ node(id: "x") { id } __typename }'}, Accept=accept)
    assert response.status == 200
    assert response.json["data"] == {"node": None, "__typename": "Query"}
    [error] = response.json["errors"]
    assert (error["path"], error["locations"]) == (["node"], [{"line": 1, "column": 3}])
    response = await api.post({"query": "{ projects(first: -1) { totalCount } }"}, Accept=accept)
    assert (response.status, response.json["data"]) == (200, {"projects": None})


async def test_one_of_several_operations_is_named(api: Client) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    assert (await api.post({"query": query, "operationName": "B"})).json == {"data": {"b": "Query"}}
    for name in (None, "", "C", "a"):
        response = await api.post({"query": query, "operationName": name}, Accept=GRAPHQL)
        assert (response.status, "data" in response.json) == (400, False)
        assert response.json["errors"][0]["message"]


async def test_an_only_operation_under_another_name_is_refused(api: Client) -> None:
    response = await api.post({"query": "query A { __typename }", "operationName": "B"}, Accept=GRAPHQL)
    assert response.status == 400
    assert "B" in response.json["errors"][0]["message"]


async def test_what_means_nothing_may_be_null(api: Client) -> None:
    body = {"query": NAME, "variables": None, "operationName": None, "extensions": None, "further": 1}
    assert (await api.post(body)).json == NAMED


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "json",
        "application/jsonx",
        "application/json; charset=latin-1",
    ],
)
async def test_another_content_type_is_refused(api: Client, kind: str) -> None:
    response = await api.post({"query": NAME}, Content_Type=kind)
    assert response.status == 415
    assert JSON in told(response)


@pytest.mark.parametrize(
    "kind", [JSON, f"{JSON}; charset=utf-8", f'{JSON};charset="UTF-8"', "Application/JSON", f"{JSON} ; charset=utf8"]
)
async def test_json_in_utf_8_is_taken_however_it_is_spelled(api: Client, kind: str) -> None:
    assert (await api.post({"query": NAME}, Content_Type=kind)).json == NAMED


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "deflate", "identity, gzip", "x", "aws-chunked"])
@pytest.mark.parametrize("accept", [JSON, "text/event-stream"])
async def test_a_body_that_is_compressed_is_refused_as_such(api: Client, coding: str, accept: str) -> None:
    body = gzip.compress(json.dumps({"query": NAME}).encode())
    response = await api.post(body, Content_Encoding=coding, Accept=accept, Accept_Language="en")
    assert response.status == 415
    assert "Content-Encoding" in told(response)
    assert response.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("coding", ["identity", "Identity", "identity, identity", ""])
async def test_a_body_may_say_that_it_is_not_compressed(api: Client, coding: str) -> None:
    assert (await api.post({"query": NAME}, Content_Encoding=coding)).json == NAMED


async def test_a_second_line_may_not_hide_a_compression(api: Client) -> None:
    lines = [("Content-Type", JSON), ("Content-Encoding", "identity"), ("Content-Encoding", "gzip")]
    async with api.session.post(api.server.url, data=b"{}", headers=CIMultiDict(lines)) as response:
        assert response.status == 415


@pytest.mark.parametrize(
    ("document", "places"),
    [
        ("{ __typename @aa @aa @aa @aa @aa @aa @aa @aa @aa @aa }", 10),
        ("{ " + "x " * 10 + "}", 10),
        ("query { a: projects(x: 1) { totalCount } }", 1),
        ("{ " + "campaign { x } " * 10 + "}", 10),
    ],
)
async def test_what_is_wrong_in_many_places_is_told_once(api: Client, document: str, places: int) -> None:
    response = await api.post({"query": document})
    told(response)
    assert len(response.json["errors"][0]["locations"]) == places


@pytest.mark.parametrize(
    "document",
    [
        "{ __typename " + " ".join(f"@a{n}" for n in range(10)) + " }",
        "{ " + " ".join(f"x{n}" for n in range(10)) + " }",
        "{ campaign { " + " ".join(f"x{n}" for n in range(300)) + " } }",
        "query(" + " ".join(f"$v{n}: Int" for n in range(10)) + ") { __typename }",
        "{ __typename " + " ".join(f"...F{n}" for n in range(10)) + " }",
        "{ campaign { projects(" + " ".join(f"x{n}: 1" for n in range(10)) + ") { totalCount } } }",
    ],
)
async def test_of_many_mistakes_the_first_are_told_and_how_many_more_there_are(api: Client, document: str) -> None:
    errors = (await api.post({"query": document}, Accept_Language="en")).json["errors"]
    assert len(errors) == 6
    assert "more are not listed" in errors[-1]["message"]
    assert {error["extensions"]["code"] for error in errors} == {"BAD_INPUT"}


async def test_of_many_mistakes_in_variables_the_first_are_told(api: Client) -> None:
    token = await api.sign_in()
    variables = {"input": {"projectIds": [None] * 40}}
    response = await api.post({"query": CAST, "variables": variables}, Authorization=f"Bearer {token}")
    assert len(response.json["errors"]) == 6


async def test_a_query_may_come_by_get(api: Client) -> None:
    query = quote("query D($c: String!) { district(code: $c) { name } }")
    found = await api.get(f"/graphql?query={query}&variables={quote(json.dumps({'c': '310115'}))}&operationName=D")
    assert (found.status, found.json) == (200, NAMED)
    assert (await api.get(f"/graphql?query={quote(NAME)}&variables=&operationName=")).json == NAMED


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "?query=",
        "?variables={}",
        f"?query={quote(NAME)}&variables=x",
        f"?query={quote(NAME)}&variables=[]",
        f"?query={quote(NAME)}&variables=%22%5Cud800%22",
        f"?query={quote(NAME)}&extensions=1",
        "?query=%00",
        "?query=%ed%a0%80",
        "?query=%ff%fe",
        f"?query={quote(NAME)}&operationName={'n' * 300}",
        f"?query={quote(NAME)}&operationName=X",
        "?query=%7B%20%5Cud800%20%7D",
    ],
)
async def test_what_makes_no_sense_by_get_is_refused(api: Client, parameters: str) -> None:
    response = await api.get(f"/graphql{parameters}", headers={"Accept": GRAPHQL})
    assert response.status == 400
    assert "data" not in response.json
    assert response.json["errors"][0]["message"]


async def test_nothing_is_changed_by_get(api: Client) -> None:
    token = await api.sign_in()
    variables = quote(json.dumps({"input": {"projectIds": project_ids(TEN)}}))
    for accept in (JSON, GRAPHQL):
        response = await api.get(
            f"/graphql?query={quote(CAST)}&variables={variables}",
            headers={"Authorization": f"Bearer {token}", "Accept": accept},
        )
        assert (response.status, response.headers["Allow"]) == (405, "POST")
        assert "POST" in told(response)
    assert (await api.cast(token))["ballot"], "nothing had been cast"


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_another_method_is_refused(api: Client, method: str) -> None:
    async with api.session.request(method, api.server.url, json={"query": NAME}) as response:
        assert response.status == 405
        assert {"GET", "POST"} <= set(response.headers["Allow"].replace(" ", "").split(","))
        assert (await response.json())["errors"][0]["message"]


async def test_an_address_that_does_not_exist_is_not_found(api: Client) -> None:
    for path in ("/nothing", "/%00", "/graphql/x", "/.env", "/../etc/passwd"):
        assert (await api.get(path)).status == 404, path
