"""When something of ours fails, is the caller told an id alone? And is a caller's mistake told in words that help?"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

from api.bootstrap.app import Services, application, open_services
from api.cli.database import load_file
from api.settings import Settings, read_settings
from api.storage.ballots import ballot_box
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from api.storage.tallies import SqlTallies
from tests.api.test_garbage import INTERNALS
from tests.commands import SEED
from tests.servers import CAST, MORNING, SIGN_IN, TEN, project_ids

LEAK = 'could not connect to "db-7.internal": password authentication failed for user "pingxuan", near "SELECT"'
WORDS = ("db-7", "password", "SELECT", "Operational", "Traceback", "tortoise")
Ask = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    given = {"DATABASE_URL": f"sqlite://{tmp_path}/x.sqlite3", "SECRET": "a secret", "GUESTS": "on", "CLOCK": MORNING}
    return read_settings({}, **given)


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with open_database(settings.database_url) as database:
        await migrate(database)
        await load_file(database, SEED, settings.clock()())
    async with open_services(settings, settings.clock()) as services:
        yield services


@pytest.fixture
def ask(services: Services, settings: Settings) -> Ask:
    return asking(services, settings)


@pytest.fixture
def ask_in_haste(services: Services, settings: Settings) -> Ask:
    """The same of an application that gives up after a second."""
    return asking(services, replace(settings, limits=replace(settings.limits, seconds=1)))


def asking(services: Services, settings: Settings) -> Ask:
    app = application(services, settings).asgi

    async def ask(query: str, variables: Any = None, token: str = "") -> tuple[int, Any]:
        """Call the application as a server would."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = [(b"content-type", b"application/json"), (b"accept-language", b"en")]
        headers += [(b"authorization", f"Bearer {token}".encode())] if token else []
        scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""}
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await app({**scope, "root_path": "", "client": ("127.0.0.1", 1)}, receive, send)
        return sent[0]["status"], json.loads(sent[1]["body"])

    return ask


async def failing(*_: object) -> Any:
    raise OperationalError(LEAK)


def assert_masked(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The caller is told an id and nothing else; under it the log has what happened."""
    [error] = answer["errors"]
    assert error["extensions"].keys() == {"code", "id"}
    assert error["extensions"]["code"] == "INTERNAL"
    assert not any(word in json.dumps(answer) for word in WORDS)
    logged = "".join(logging.Formatter().format(record) for record in caplog.records)
    assert error["extensions"]["id"] in logged
    assert LEAK in logged


async def test_a_database_error_in_a_resolver(
    ask: Ask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlBallotBox, "find", failing)
    status, answer = await ask('{ ballot(id: "ballot/aaaaaaaaaaaaaaaaaaaaaaaaaa") { id } __typename }')
    assert (status, answer["data"]) == (200, {"ballot": None, "__typename": "Query"})
    assert_masked(answer, caplog)


async def test_a_database_error_at_commit(
    ask: Ask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await ask(SIGN_IN, {"name": "lin"}))[1]["data"]["signIn"]["token"]
    monkeypatch.setattr(ballot_box, "admit_all", failing)
    status, answer = await ask(CAST, {"input": {"projectIds": project_ids(TEN)}}, token)
    assert (status, answer["data"]) == (200, {"castBallot": None})
    assert_masked(answer, caplog)


@pytest.mark.parametrize("reader", [(SqlCampaigns, "revisions"), (SqlCampaigns, "directory"), (SqlTallies, "counts")])
async def test_a_database_error_while_the_first_snapshot_is_made(
    ask: Ask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, reader: tuple[type, str]
) -> None:
    monkeypatch.setattr(*reader, failing)
    status, answer = await ask("{ campaign { title } }")
    assert status == 500
    assert "data" not in answer
    assert_masked(answer, caplog)


async def test_a_database_error_while_a_later_snapshot_is_made_shows_nothing(
    ask: Ask, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await ask("{ campaign { slug } }"))[0] == 200
    monkeypatch.setattr(SqlCampaigns, "revisions", failing)
    await asyncio.sleep(1.1)
    assert await ask("{ campaign { slug phase } }") == (
        200,
        {"data": {"campaign": {"slug": "shanghai-2017", "phase": "VOTING"}}, "extensions": {"cost": COST}},
    )


COST = {"requested": 3, "limit": 20_000}
WRONG = [
    ("query Q($d: Date) { results(day: $d) { totalCount } }", {"d": "2017-02-30"}, "YYYY-MM-DD"),
    ("query Q($d: Date) { results(day: $d) { totalCount } }", {"d": 17}, "YYYY-MM-DD"),
    ("query Q($n: Int!) { project(number: $n) { id } }", {"n": "x"}, "Int cannot represent"),
    ("query Q($n: Int!) { project(number: $n) { id } }", {"n": 1e300}, "Int cannot represent"),
    ("query Q($f: ProjectFilter) { projects(filter: $f) { totalCount } }", {"f": {"levels": ["X"]}}, "ProjectLevel"),
    ("query Q($f: ProjectFilter) { projects(filter: $f) { totalCount } }", {"f": {"x": 1}}, "x"),
    ("{ campain { title } }", None, "Did you mean"),
    ("{ campaign { title", None, "Syntax Error"),
]


@pytest.mark.parametrize(("query", "variables", "hint"), WRONG)
async def test_a_callers_mistake_is_told_in_words_that_help(ask: Ask, query: str, variables: Any, hint: str) -> None:
    _, answer = await ask(query, variables)
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert hint in error["message"]
    assert not INTERNALS.search(error["message"])
    assert re.search(r"[.?“”'\"}]", error["message"])


async def test_a_ballot_that_takes_too_long_is_written_all_the_same(
    ask: Ask, ask_in_haste: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await ask(SIGN_IN, {"name": "slow"}))[1]["data"]["signIn"]["token"]
    really, given_up = ballot_box.admit_all, asyncio.Event()

    async def slowly(*given: Any) -> Any:
        await given_up.wait()
        return await really(*given)

    monkeypatch.setattr(ballot_box, "admit_all", slowly)
    given = {"input": {"projectIds": project_ids(TEN), "idempotencyKey": "key of the slow"}}
    status, answer = await ask_in_haste(CAST, given, token)
    [error] = answer["errors"]
    assert (status, error["extensions"]["code"], error["extensions"]["limit"]) == (503, "TIMEOUT", "seconds")
    assert error["extensions"]["retryAfter"] == 1
    monkeypatch.setattr(ballot_box, "admit_all", really)
    given_up.set()
    status, answer = await ask(CAST, given, token)
    assert answer["data"]["castBallot"]["ballot"]["id"]
    assert len(answer["data"]["castBallot"]["viewer"]["ballots"]) == 1


async def test_a_read_that_takes_too_long_is_given_up(ask_in_haste: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    async def for_ever(*_: object) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(SqlBallotBox, "find", for_ever)
    status, answer = await ask_in_haste('{ ballot(id: "ballot/aaaaaaaaaaaaaaaaaaaaaaaaaa") { id } }')
    assert (status, answer["errors"][0]["extensions"]["code"]) == (503, "TIMEOUT")
