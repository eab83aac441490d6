"""Does an operation count for as many requests as it causes work, and its answer, when it is given again, for one?"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.bootstrap.app import application, open_services
from api.cli.database import load_file
from api.services.rate_limiting import RateLimiter
from api.settings import read_settings
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from tests.campaigns import DURING
from tests.commands import SEED
from tests.servers import SIGN_IN, codes

NAME = '{ district(code: "310115") { name } }'
LISTED = (
    "{ projects(first: 50) { nodes { id number title summary organization level themes { code } outcome startYear } } }"
)
DEAR = "{ projects(first: 50) { nodes { campaign { results(first: 1) { totalCount } } } } }"  # 2,752 units
DEARER = "{ projects(first: 100) { nodes { campaign { a: results { asOf } b: results { asOf } } } } }"  # 10,552


class Answered(NamedTuple):
    """What came back; left is how many requests may follow, by the name of the bucket."""

    status: int
    headers: dict[str, str]
    body: Any
    left: dict[str, int]


Ask = Callable[..., Awaitable[Answered]]


@pytest.fixture
async def ask(tmp_path: Path) -> AsyncIterator[Ask]:
    """Asks an application for which time stands still, so that no bucket fills up and no snapshot grows old."""
    given = {"DATABASE_URL": f"sqlite://{tmp_path}/x.sqlite3", "SECRET": "a secret", "GUESTS": "on"}
    limits = {"LIMIT_REQUESTS": "40", "LIMIT_REQUESTS_PER_VOTER": "15"}
    settings = read_settings({}, **given, **limits)
    async with open_database(settings.database_url) as database:
        await migrate(database)
        await load_file(database, SEED, DURING)
    async with open_services(settings, lambda: DURING) as services:
        rate_limiter = RateLimiter(settings.limits, lambda: 1_000_000.0, b"a secret")
        app = application(replace(services, rate_limiter=rate_limiter), settings).asgi
        yield lambda *asked: answered(app, *asked)


async def answered(app: Any, query: str, token: str = "", variables: Any = None) -> Answered:
    headers = [(b"content-type", b"application/json"), (b"accept-language", b"en")]
    headers += [(b"authorization", f"Bearer {token}".encode())] if token else []
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""}
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps({"query": query, "variables": variables}).encode()}

    async def send(message: Any) -> None:
        sent.append(message)

    await app({**scope, "root_path": "", "client": ("127.0.0.1", 1)}, receive, send)
    told = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    stands = [value.split(";")[:2] for name, value in told if name == "ratelimit"]
    left = {name.strip('"'): int(rest.removeprefix("r=")) for name, rest in stands}
    return Answered(sent[0]["status"], dict(told), json.loads(sent[1]["body"]), left)


async def signed_in(ask: Ask) -> str:
    token: str = (await ask(SIGN_IN, "", {"name": "Lin"})).body["data"]["signIn"]["token"]
    return token


@pytest.mark.parametrize(("query", "counts"), [(NAME, 1), (LISTED, 1), (DEAR, 3), (DEARER, 11)])
async def test_an_operation_counts_as_a_request_and_one_more_for_every_thousand_units(
    ask: Ask, query: str, counts: int
) -> None:
    assert (await ask(NAME)).left == {"address": 39}
    assert "errors" not in (await ask(query)).body
    assert (await ask(NAME)).left == {"address": 39 - counts - 1}


async def test_an_answer_that_is_given_again_counts_as_one(ask: Ask) -> None:
    first, second = await ask(DEAR), await ask(DEAR)
    assert (await ask(DEAR)).body == second.body == first.body
    assert (await ask(NAME)).left == {"address": 40 - 3 - 3 - 1 - 1}


async def test_a_voters_bucket_is_charged_as_well_and_says_so_at_once(ask: Ask) -> None:
    token = await signed_in(ask)
    assert (await ask(DEAR, token)).left["voter"] == 15 - 3
    assert (await ask(DEARER, token)).left["voter"] == 15 - 3 - 11
    refused = await ask(f"#\n{DEAR}", token)
    assert (refused.status, codes(refused.body), refused.left["voter"]) == (429, ["RATE_LIMITED"], 0)
    assert refused.body["errors"][0]["extensions"]["limit"] == "voter"


async def test_the_ballots_among_nodes_are_looked_for_at_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_for: list[Any] = []

    async def find(box: SqlBallotBox, ids: Any) -> tuple[()]:
        looked_for.append(ids)
        return ()

    monkeypatch.setattr(SqlBallotBox, "find", find)
    ids = [f"ballot/{letter * 26}" for letter in "aba"]
    found = await ask("query($i: [ID!]!) { nodes(ids: $i) { id } }", "", {"i": [*ids, "district/310115"]})
    assert found.body["data"]["nodes"] == [None, None, None, {"id": "district/310115"}]
    assert looked_for == [("a" * 26, "b" * 26)]
    await ask('{ nodes(ids: ["campaign/none"]) { id } }')
    assert len(looked_for) == 1, "none was asked for"


async def test_what_a_bucket_has_too_little_left_for_is_refused_before_it_is_executed(ask: Ask) -> None:
    answers = [await ask(f"{'#' * number}\n{DEARER}") for number in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    told = answers[-1].body["errors"][0]["extensions"]
    assert (told["code"], told["limit"], told["most"]) == ("RATE_LIMITED", "address", 40)
    assert int(answers[-1].headers["retry-after"]) == told["retryAfter"] == 8
    assert (await ask(NAME)).status == 200, "there is enough for something small"
