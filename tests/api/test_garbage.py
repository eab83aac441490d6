"""Does garbage of every kind get an answer that says what was wrong, and do the server and its ballots survive it?"""

import asyncio
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.servers import TEN, Client, Response, Server, assert_audit_agrees, codes, project_ids, serving

INTERNALS = re.compile(
    r'Traceback|File "|<[a-z_.]+ object|0x[0-9a-f]{6}|NoneType|api\.[a-z]+\.|sys\.[a-z]'
    r"|\b[A-Z][A-Za-z]{0,40}(Error|Exception)\b"
)
NAME = '{ district(code: "310115") { name } }'
FIND = "query Find($id: ID!) { node(id: $id) { id } }"
SEARCH = "query Search($f: ProjectFilter) { projects(filter: $f) { totalCount } }"
SIGN_IN = "mutation In($name: String!) { signIn(with: {guest: {name: $name}}) { viewer { id } } }"
CHECK = "query Check($input: CastBallotInput!) { checkBallot(input: $input) { code } }"
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def bombarded(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    """A server of its own, with one ballot that has to be there in the end."""
    with serving(new_sqlite()) as server:
        yield server
    assert_audit_agrees(server.database_url, 1)


@pytest.fixture
async def api(http: aiohttp.ClientSession, bombarded: Server) -> AsyncIterator[Client]:
    """A client that looks after each test whether the server still answers and still has the ballot."""
    client = Client(http, bombarded)
    token = await client.sign_in("before the garbage")
    ballot = (await client.cast(token, idempotencyKey="before the garbage"))["ballot"]
    yield client
    assert await client.data(NAME) == {"district": {"name": "浦东新区"}}
    assert (await client.data(FIND, {"id": ballot["id"]}))["node"] == {"id": ballot["id"]}


def assert_told(response: Response) -> list[dict[str, Any]]:
    """The answer is no failure, has the form of a GraphQL answer, and its errors are for people."""
    assert response.status < 500, response
    assert response.headers["Content-Type"].split(";")[0] in ("application/json", "application/graphql-response+json")
    body = response.json
    assert body.keys() <= {"data", "errors"}
    errors: list[dict[str, Any]] = body.get("errors", [])
    for error in errors:
        assert len(error["message"].strip()) > 5, error
        assert not INTERNALS.search(error["message"]), error
        assert re.fullmatch(r"[A-Z_]+", error["extensions"]["code"]), error
        assert error["extensions"]["code"] != "INTERNAL", error
    return errors


def assert_refused(response: Response, status: int | tuple[int, ...] = 400) -> str:
    """It is refused with this status, and for one reason."""
    assert response.status in (status if isinstance(status, tuple) else (status,)), response
    assert response.status == 200 or "data" not in response.json
    errors = assert_told(response)
    assert errors, response
    message: str = errors[0]["message"]
    return message


BAD_BODIES = {
    "nothing": b"",
    "a space": b" ",
    "no JSON": b"query",
    "half of it": b'{"query": "{ __typename }"',
    "two": b'{"query": "{ __typename }"}{}',
    "single quotes": b"{'query': '{ __typename }'}",
    "a comment": b'{"query": "{ __typename }" /* */}',
    "a trailing comma": b'{"query": "{ __typename }",}',
    "NaN": b'{"query": "{ __typename }", "variables": {"x": NaN}}',
    "Infinity": b'{"query": "{ __typename }", "variables": {"x": -Infinity}}',
    "a byte order mark": b'\xef\xbb\xbf{"query": "{ __typename }"}',
    "UTF-16": '{"query": "{ __typename }"}'.encode("utf-16"),
    "Latin 1": b'{"query": "{ __typename } # \xe9"}',
    "a cut character": b'{"query": "{ __typename } # \xe4\xb8"}',
    "an overlong character": b'{"query": "{ __typename } # \xc0\xaf"}',
    "a raw surrogate": b'{"query": "{ __typename } # \xed\xa0\x80"}',
    "an escaped surrogate": b'{"query": "{ __typename } # \\ud800"}',
    "a surrogate the wrong way round": b'{"query": "{ __typename } # \\udc00\\ud800"}',
    "a surrogate as a variable": b'{"query": "{ __typename }", "variables": {"x": "\\udfff"}}',
    "a surrogate as a key": b'{"query": "{ __typename }", "variables": {"\\ud800": 1}}',
    "a raw NUL": b'{"query": "{ __typename } \x00"}',
    "NULs": b"\0" * 1000,
    "deep lists": b"[" * 5000,
    "deep lists, closed": b'{"query": "{ __typename }", "variables": {"x": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
    "deep objects": b'{"query": "{ __typename }", "variables": ' + b'{"x":' * 5000 + b"1" + b"}" * 5001,
    "null": b"null",
    "a number": b"17",
    "a text": b'"{ __typename }"',
    "an empty object": b"{}",
    "an empty batch": b"[]",
    "a batch": b'[{"query": "{ __typename }"}]',
    "a batch of nothing": b"[[], {}, null]",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
async def test_a_body_that_is_no_request_is_refused(api: Client, body: bytes) -> None:
    assert_refused(await api.post(body))


BAD_FIELDS: list[dict[str, Any]] = [
    {"query": None},
    {"query": 17},
    {"query": ["{ __typename }"]},
    {"query": {}},
    {"query": ""},
    {"query": " \n "},
    {"query": True},
    {"query": NAME, "variables": []},
    {"query": NAME, "variables": "{}"},
    {"query": NAME, "variables": 1},
    {"query": NAME, "variables": False},
    {"query": NAME, "operationName": 1},
    {"query": NAME, "operationName": {}},
    {"query": NAME, "operationName": "n" * 100_000},
    {"query": NAME, "extensions": []},
    {"query": NAME, "extensions": "x"},
    {"documentId": "x"},
    {"id": 1, "type": "subscribe", "payload": {"query": NAME}},
]


@pytest.mark.parametrize("fields", BAD_FIELDS, ids=lambda fields: json.dumps(fields)[:60])
async def test_a_field_of_the_wrong_type_is_refused(api: Client, fields: dict[str, Any]) -> None:
    assert_refused(await api.post(fields))


BAD_DOCUMENTS = {
    "no document": "garbage",
    "a comment alone": "# nothing",
    "an open brace": "{",
    "a NUL": "{ __typename \0 }",
    "a control character": "{ __typename \x07 }",
    "an unknown field": "{ nothingOfTheKind }",
    "an unknown argument": '{ district(nr: "310115") { name } }',
    "a missing argument": "{ district { name } }",
    "no selection": "{ campaign }",
    "a selection on a scalar": "{ __typename { x } }",
    "an unknown type": "query Q($x: Nothing) { __typename }",
    "an unused variable": "query Q($x: Int) { __typename }",
    "an undeclared variable": "{ district(code: $x) { name } }",
    "a fragment on itself": "{ ...F } fragment F on Query { ...F }",
    "fragments in a circle": "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
    "a type definition": "type Query { x: Int }",
    "a type extension": "extend type Query { x: Int }",
    "several unnamed operations": "{ __typename } { __typename }",
    "the same name twice": "query A { __typename } query A { __typename }",
    "an unknown directive": "{ __typename @nothing }",
    "deferring": "{ ... @defer { __typename } }",
    "a lone surrogate": '{ node(id: "\\uD800") { id } }',
    "a surrogate the wrong way round": '{ node(id: "\\uDC00\\uD800") { id } }',
    "a surrogate in braces": '{ node(id: "\\u{D800}") { id } }',
    "beyond Unicode": '{ node(id: "\\u{110000}") { id } }',
    "a bad escape": '{ node(id: "\\x41") { id } }',
    "a text without end": '{ node(id: "x',
    "a huge integer": "{ project(number: " + "9" * 5000 + ") { id } }",
    "an integer beyond 32 bits": "{ project(number: 2147483648) { id } }",
    "a float as an integer": "{ project(number: 1.0) { id } }",
    "a huge float": "{ project(number: 1e999999) { id } }",
    "a text as an integer": '{ project(number: "17") { id } }',
    "null where a value must be": "{ project(number: null) { id } }",
    "an enum as a text": '{ projects(filter: {levels: ["MUNICIPAL"]}) { totalCount } }',
    "an unknown value of an enum": "{ projects(filter: {levels: [NONE]}) { totalCount } }",
    "an unknown field of an input": "{ projects(filter: {nothing: 1}) { totalCount } }",
    "a list as an object": "{ projects(filter: [1]) { totalCount } }",
    "a date of no calendar": '{ results(day: "2017-02-30") { totalCount } }',
    "two credentials": 'mutation { signIn(with: {guest: {name: "a"}, oidc: {}}) { token } }',
    "no credential": "mutation { signIn(with: {}) { token } }",
    "an empty credential": "mutation { signIn(with: {guest: null}) { token } }",
    "very many tokens": "{ " + "__typename " * 10_000 + "}",
    "a very long name": "{ " + "n" * 100_000 + " }",
    "a very long variable": "query Q($" + "v" * 10_000 + ": Int) { __typename }",
    "deep selections": "{ campaign " + "{ projects { nodes { campaign " * 300 + "{ slug }" + "} } }" * 300 + " }",
    "very deep selections": "{ a" * 3000 + "}" * 3000,
    "deep lists": "{ projects(filter: {numbers: " + "[" * 1500 + "1" + "]" * 1500 + "}) { totalCount } }",
    "deep objects": "{ projects(filter: " + "{not: " * 900 + "{}" + "}" * 900 + ") { totalCount } }",
    "a filter too deep": "{ projects(filter: " + "{not: " * 9 + "{}" + "}" * 9 + ") { totalCount } }",
    "a deep type": "query Q($x: " + "[" * 1500 + "Int" + "]" * 1500 + ") { __typename }",
    "deep inline fragments": "{ " + "... { " * 1500 + "__typename" + " }" * 1501,
    "an absurd first": "{ projects(first: 2147483647) { totalCount } }",
    "a negative first": "{ projects(first: -1) { totalCount } }",
}


@pytest.mark.parametrize("document", BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS.keys())
async def test_a_document_that_cannot_be_answered_is_refused(api: Client, document: str) -> None:
    message = assert_refused(await api.post({"query": document}), 200)
    assert len(message) < len(document) + 500
    assert_told(await api.post({"query": document}, Accept="application/graphql-response+json"))


BAD_VARIABLES: list[tuple[str, dict[str, Any]]] = [
    (FIND, {}),
    (FIND, {"id": None}),
    (FIND, {"id": {}}),
    (FIND, {"id": [["project/shanghai-2017/1"]]}),
    (FIND, {"id": True}),
    (FIND, {"id": 1.5}),
    (FIND, {"id": 10**15}),
    (FIND, {"id": "viewer/x"}),
    (FIND, {"id": "\0"}),
    (FIND, {"id": "project/shanghai-2017/1\0"}),
    (FIND, {"id": "ballot/" + "a" * 1000}),
    (FIND, {"id": "x" * 100_000}),
    (SEARCH, {"f": []}),
    (SEARCH, {"f": {"numbers": [2**31]}}),
    (SEARCH, {"f": {"numbers": [10**18]}}),
    (SEARCH, {"f": {"numbers": [1.5]}}),
    (SEARCH, {"f": {"numbers": ["1"]}}),
    (SEARCH, {"f": {"numbers": [None]}}),
    (SEARCH, {"f": {"levels": ["NONE"]}}),
    (SEARCH, {"f": {"levels": [0]}}),
    (SEARCH, {"f": {"search": 17}}),
    (SEARCH, {"f": {"search": "x" * 100_000}}),
    (SEARCH, {"f": {"__proto__": {}}}),
    (SIGN_IN, {"name": ""}),
    (SIGN_IN, {"name": "\0"}),
    (SIGN_IN, {"name": {"guest": "x"}}),
    (CHECK, {"input": {"projectIds": None}}),
    (CHECK, {"input": {"projectIds": [None]}}),
    (CHECK, {"input": {"projectIds": [["x"]]}}),
    (CHECK, {"input": {"projectIds": [], "campaign": "\0"}}),
    (CHECK, {"input": {"projectIds": [], "campaign": "'; drop table ballots; --"}}),
    (CHECK, {"input": {"projectIds": [], "idempotencyKey": "\0" * 10}}),
    (CHECK, {"input": "x"}),
    (CHECK, {"input": {}}),
]


@pytest.mark.parametrize(("query", "variables"), BAD_VARIABLES, ids=lambda value: str(value)[:60])
async def test_a_value_of_the_wrong_kind_is_refused(api: Client, query: str, variables: dict[str, Any]) -> None:
    message = assert_refused(await api.post({"query": query, "variables": variables}), 200)
    assert len(message) < len(json.dumps(variables)) + 500


@pytest.mark.parametrize("depth", [9, 30, 100, 250, 400, 1000])
async def test_a_filter_in_filters_is_refused_however_deep(api: Client, depth: int) -> None:
    # Written by hand: Python's own json module would not go that deep.
    variables = '{"not":' * depth + "{}" + "}" * depth
    response = await api.post(f'{{"query": {json.dumps(SEARCH)}, "variables": {{"f": {variables}}}}}')
    assert_refused(response, (200, 400))


async def test_a_single_value_stands_for_a_list_of_one(api: Client) -> None:
    data = await api.data(CHECK, {"input": {"projectIds": project_ids([1])[0]}})
    assert data == {"checkBallot": [{"code": "TOO_FEW_CHOICES"}]}


async def test_very_many_choices_are_refused_as_too_many(api: Client) -> None:
    ids = [f"x{number}" for number in range(10_000)]
    data = await api.data(CHECK, {"input": {"projectIds": ids[:200]}})
    assert [violation["code"] for violation in data["checkBallot"]] == ["TOO_MANY_CHOICES", "UNKNOWN_PROJECTS"]
    answer = await api.ask(CHECK, {"input": {"projectIds": ids}})
    assert (codes(answer), answer["errors"][0]["extensions"]["limit"]) == (["QUERY_TOO_LARGE"], "items")


async def test_numbers_that_json_allows_and_no_machine_has(api: Client) -> None:
    for number in ("9" * 400, "1e400", "-1e-400", "1" + "0" * 5000, "-0", "1E+2"):
        body = f'{{"query": "query Q($n: Int!) {{ project(number: $n) {{ id }} }}", "variables": {{"n": {number}}}}}'
        assert_told(await api.post(body))


EXPENSIVE = {
    "many aliases": "{ " + " ".join(f"a{n}: projects(first: 100) {{ totalCount }}" for n in range(300)) + " }",
    "one field many times": "{ campaign { " + "projects { totalCount } " * 600 + "} }",
    "fragments that double": "query Q { ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    + " fragment F40 on Query { __typename }",
}


@pytest.mark.parametrize("query", EXPENSIVE.values(), ids=EXPENSIVE.keys())
async def test_an_expensive_document_is_answered_or_refused_soon(api: Client, query: str) -> None:
    assert_told(await asyncio.wait_for(api.post({"query": query}), 10))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@SOME
@given(body=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
async def test_any_bytes_are_refused(api: Client, body: bytes) -> None:
    assert_refused(await api.post(body))


@SOME
@given(query=anything, variables=anything, name=anything)
async def test_any_json_gets_an_answer(api: Client, query: object, variables: object, name: object) -> None:
    assert_told(await api.post({"query": query, "variables": variables, "operationName": name}))


PUNCTUATION = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "...",
    "#",
    ",",
    "&",
    "|",
    "\ufeff",
    "\\",
    '"""',
    '"a"',
    "1",
    "-1.5e3",
]
WORDS = ["$x", "@skip", "if", "true", "on", "Query", "projects", "node", "id", "query", "mutation", "fragment"]
TOKENS = PUNCTUATION + WORDS


@SOME
@given(document=st.lists(st.sampled_from(TOKENS), max_size=30).map(" ".join))
async def test_any_tokens_get_an_answer(api: Client, document: str) -> None:
    assert_told(await api.post({"query": document}))


@SOME
@given(value=anything)
@pytest.mark.parametrize("query", [FIND, SEARCH, SIGN_IN, CHECK])
async def test_any_value_of_a_variable_gets_an_answer(api: Client, query: str, value: object) -> None:
    inside = {"search": value, "numbers": value, "districts": value, "not": value}
    for given_value in (value, inside, {"projectIds": value, "campaign": value, "idempotencyKey": value}):
        assert_told(
            await api.post({"query": query, "variables": dict.fromkeys(("id", "f", "name", "input"), given_value)})
        )


@SOME
@given(cursor=st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: urlsafe_b64encode(raw).decode()))
async def test_any_cursor_gets_an_answer(api: Client, cursor: str) -> None:
    query = "query C($c: String) { a: projects(after: $c) { totalCount } }"
    [error] = assert_told(await api.post({"query": query, "variables": {"c": cursor}}))
    assert error["extensions"]["code"] == "BAD_INPUT"


async def test_ballots_of_everything_but_projects_are_never_cast(api: Client) -> None:
    token = await api.sign_in()
    for ids in (["campaign/shanghai-2017"] * 10, [f"district/{n}" for n in range(10)], [""] * 10, ["\0"] * 30):
        assert (await api.cast(token, projectIds=ids))["ballot"] is None
    assert len(TEN) == 10
