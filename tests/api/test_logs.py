"""Does the log say what happened, in one form, under the id that callers see, and nothing that it should not know?"""

import json
import logging
import re
from collections.abc import Callable

import aiohttp
import pytest

from api.http.request import REQUEST, Request
from api.server.logging import set_up_logs
from api.settings import read_settings
from tests.databases import drop_table
from tests.servers import CAST, TEN, Client, Json, Server, codes, project_ids, serving

FORMAT = re.compile(r"[0-9a-f]{16}")


def lines(server: Server) -> list[Json]:
    """Every line of the log, each of which is JSON."""
    return [json.loads(line) for line in (server.folder / "stderr").read_text("utf-8").splitlines()]


async def test_every_answer_has_an_id_of_its_own(api: Client) -> None:
    ids = [
        (await api.get(path)).headers["X-Request-Id"]
        for path in ("/healthz", "/nowhere", "/graphql?query={__typename}")
    ]
    assert len(set(ids)) == 3
    assert all(FORMAT.fullmatch(name) for name in ids)


async def test_a_callers_own_id_is_not_believed(api: Client) -> None:
    response = await api.post({"query": "{ __typename }"}, X_Request_Id="mine")
    assert response.headers["X-Request-Id"] != "mine"


async def test_the_id_of_a_failure_finds_its_line(http: aiohttp.ClientSession, new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    with serving(url, noisy=True) as server:
        api = Client(http, server)
        token = await api.sign_in()
        drop_table(url, "ballots")
        given = {"input": {"projectIds": project_ids(TEN)}}
        response = await api.post({"query": CAST, "variables": given}, Authorization=f"Bearer {token}")
        assert codes(response.json) == ["INTERNAL"]
        shown = response.json["errors"][0]["extensions"]["id"]
        assert shown == response.headers["X-Request-Id"]
        logged = lines(server)
    found = [line for line in logged if line.get("request") == shown]
    assert len(found) == 1
    assert found[0]["level"] == "error"
    assert "no such table" in found[0]["exception"]
    assert found[0]["exception"].startswith("Traceback")
    others = [line for line in logged if line["logger"] == "pingxuan.ballot_box"]
    assert others, "the box says so, too"
    assert all("request" not in line for line in others), "a commit is many requests' and nobody's own"


async def test_requests_are_logged_only_when_asked_for(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    url = new_sqlite()
    with serving(url) as quiet, serving(url, ACCESS_LOG="on") as spoken, serving(url, ACCESS_LOG="address") as full:
        answers = {}
        for server in (quiet, spoken, full):
            answers[server.port] = await Client(http, server).post({"query": "query Asked { campaign { slug } }"})
        logged = {
            server.port: [line for line in lines(server) if "access" in line["logger"]]
            for server in (quiet, spoken, full)
        }
    assert logged[quiet.port] == []
    for server in (spoken, full):
        (line,) = logged[server.port]
        assert line["method"] == "POST"
        assert line["path"] == "/graphql"
        assert line["status"] == 200
        assert line["operation"] == "Asked"
        assert line["milliseconds"] > 0
        assert line["request"] == answers[server.port].headers["X-Request-Id"]
    assert "address" not in logged[spoken.port][0]
    assert logged[full.port][0]["address"] == "127.0.0.1"


async def test_no_line_knows_who_voted_or_for_what(http: aiohttp.ClientSession, new_sqlite: Callable[[], str]) -> None:
    with serving(new_sqlite(), ACCESS_LOG="address", LOG_LEVEL="info") as server:
        api = Client(http, server)
        token = await api.sign_in("somebody by name")
        payload = await api.cast(token)
        await api.get(
            "/graphql",
            params={"query": "query Q($id: ID!) { node(id: $id) { id } }", "variables": '{"id": "district/310115"}'},
        )
        await api.post({"query": "{ viewer { id } }"}, Authorization="Bearer forged-token")
        logged = [json.dumps(line, ensure_ascii=False) for line in lines(server)]
    assert len(logged) >= 4
    ballot, viewer = payload["ballot"]["id"].removeprefix("ballot/"), payload["viewer"]["id"]
    for secret in (
        token,
        token.rpartition(".")[2],
        "forged-token",
        ballot,
        viewer,
        "somebody",
        "project/",
        "district/",
    ):
        assert not [line for line in logged if secret in line]


def test_libraries_write_in_the_same_form(capsys: pytest.CaptureFixture[str], fresh_logging: None) -> None:
    set_up_logs(read_settings({}, LOG_LEVEL="info"))
    REQUEST.set(None)
    for name in ("uvicorn.error", "tortoise", "asyncio"):
        logging.getLogger(name).error("a library's %s", "words")
        logging.getLogger(name).debug("never")
    written = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["logger"], line["event"]) for line in written] == [
        ("uvicorn.error", "a library's words"),
        ("tortoise", "a library's words"),
        ("asyncio", "a library's words"),
    ]


def test_a_traceback_is_one_field_and_what_is_said_in_chinese_stays_so(
    capsys: pytest.CaptureFixture[str], fresh_logging: None
) -> None:
    set_up_logs(read_settings({}))
    request = Request("POST", "/graphql", [], "")
    request.request_id = "0123456789abcdef"
    REQUEST.set(request)
    try:
        int("没有")
    except ValueError:
        logging.getLogger("pingxuan").exception("失败")
    written = capsys.readouterr().err
    assert "失败" in written
    (line,) = [json.loads(line) for line in written.splitlines()]
    assert line["request"] == "0123456789abcdef"
    assert line["exception"].splitlines()[-1] == "ValueError: invalid literal for int() with base 10: '没有'"


def test_text_is_for_reading_and_shows_no_local_values(capsys: pytest.CaptureFixture[str], fresh_logging: None) -> None:
    set_up_logs(read_settings({}, LOG_FORMAT="text", LOG_LEVEL="warning"))
    REQUEST.set(None)
    password = "hunter2"
    try:
        int(f"{len(password)} letters")
    except ValueError:
        logging.getLogger("pingxuan").exception("failed")
    logging.getLogger("pingxuan").info("not said at this level")
    written = capsys.readouterr().err
    assert "failed" in written.splitlines()[0]
    assert "ValueError: invalid literal" in written
    assert "hunter2" not in written.replace('password = "hunter2"', "")
    assert "not said" not in written


@pytest.fixture
def fresh_logging():
    """Leaves logging as it was."""
    root, levels = logging.getLogger(), {name: logging.getLogger(name).level for name in ("", "uvicorn")}
    handlers = root.handlers[:]
    token = REQUEST.set(None)
    root.handlers = []
    yield
    root.handlers = handlers
    REQUEST.reset(token)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
