"""Do browsers get the playground where programs get the API, and do its examples work as they stand?"""

import asyncio
import gzip
import json
import re

import pytest

from api.pages.playground import Example, examples
from api.testing.sandbox import SandboxServer
from tests.browser_files import ASSETS, needs_packages
from tests.servers import Client, codes

EXAMPLES = {example.name.partition("-")[2]: example for example in examples(ASSETS)}
FOR_ROLES = {name: example.role.lower() for name, example in EXAMPLES.items() if example.role}
FOR_WHO_VOTED = {"cast-a-ballot", "live-results", "my-ballots", "receipts-and-log"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROGRAMS = (
    "*/*",
    "application/json",
    "application/graphql-response+json, application/json;q=0.9, text/html;q=0.1",
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
)


def body(example: Example) -> dict[str, object]:
    """What the playground sends when the example is run as it stands."""
    return {"query": example.document, "variables": json.loads(example.variables or "{}")}


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - FOR_WHO_VOTED - FOR_ROLES.keys()))
async def test_an_example_runs_as_it_stands(api: Client, name: str) -> None:
    answer = await api.post(body(EXAMPLES[name]))
    assert answer.status == 200
    assert "errors" not in answer.json
    assert all(answer.json["data"].values()), "and shows something"


async def test_a_roles_example_runs_as_it_stands_for_whoever_has_the_role(
    api: Client, pingxuan_server: SandboxServer
) -> None:
    assert set(FOR_ROLES.values()) == {"auditor", "expert", "organizer"}
    for name, role in FOR_ROLES.items():
        token = pingxuan_server.voters[role].token
        answer = await api.post(body(EXAMPLES[name]), Authorization=f"Bearer {token}")
        assert (answer.status, answer.json.get("errors")) == (200, None), name
        assert all(answer.json["data"].values()), name


def test_what_is_said_in_a_tab_is_said_in_chinese_and_english() -> None:
    for name, example in EXAMPLES.items():
        comments = re.findall(r"# (.+)", example.document)
        assert comments, name
        for comment in comments:
            chinese, english = comment.split(" · ")
            assert re.search("[\u4e00-\u9fff]", chinese)
            assert not re.search("[\u4e00-\u9fff]", english)


async def test_the_ballot_is_cast_with_the_token_of_the_tab_before(api: Client) -> None:
    signed_in = await api.post({**body(EXAMPLES["sign-in-as-guest"]), "variables": {"name": "who tries the examples"}})
    token = signed_in.json["data"]["signIn"]["token"]
    payload = (await api.post(body(EXAMPLES["cast-a-ballot"]), Authorization=f"Bearer {token}")).json["data"][
        "castBallot"
    ]
    assert payload["ballot"]["id"]
    assert payload["violations"] == []
    assert payload["viewer"]["allowance"]["remaining"] == 0
    own = (await api.post(body(EXAMPLES["my-ballots"]), Authorization=f"Bearer {token}")).json["data"]["viewer"]
    assert [ballot["id"] for ballot in own["history"]["nodes"]] == [payload["ballot"]["id"]]


async def test_the_receipts_and_the_log_are_shown(api: Client) -> None:
    token = await api.sign_in()
    await api.post(body(EXAMPLES["cast-a-ballot"]), Authorization=f"Bearer {token}")
    while True:  # until it is sealed, which is a matter of seconds
        shown = (await api.post(body(EXAMPLES["receipts-and-log"]), Authorization=f"Bearer {token}")).json["data"]
        [ballot] = shown["viewer"]["ballots"]
        if ballot["receipt"]["inclusion"]:
            break
        await asyncio.sleep(0.05)
    assert shown["campaign"]["log"]["receiptKey"].startswith(f"{shown['campaign']['log']['origin']}/receipts+")
    assert ballot["receipt"]["note"].startswith("pingxuan/receipts/v1\n")
    assert shown["campaign"]["log"]["checkpoint"]["size"] > ballot["receipt"]["inclusion"]["index"]


async def test_without_that_token_the_ballot_is_refused_with_the_way_to_get_one(api: Client) -> None:
    answer = (await api.post(body(EXAMPLES["cast-a-ballot"]), Accept_Language="en")).json
    assert codes(answer) == ["UNAUTHENTICATED"]
    assert "signIn" in answer["errors"][0]["message"]


async def test_every_violation_of_the_bad_ballot_is_seen_at_once(api: Client) -> None:
    found = (await api.post(body(EXAMPLES["see-every-violation"]))).json["data"]["checkBallot"]
    assert {"TOO_FEW_CHOICES", "REPEATED_CHOICES", "UNKNOWN_PROJECTS"} <= {violation["code"] for violation in found}


async def test_an_example_is_named_as_its_tab(api: Client) -> None:
    for name, example in EXAMPLES.items():
        operation = re.search(r"^(?:query|mutation|subscription) (\w+)", example.document, re.MULTILINE)
        assert operation is not None
        assert operation[1].lower() == name.replace("-", "")


@needs_packages
async def test_a_browser_gets_the_playground_and_nothing_but_ours(api: Client) -> None:
    page = await api.get("/graphql", headers={"Accept": BROWSER})
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Vary"] == "Accept, Accept-Encoding"
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert not re.search(r"(?:src|href)=\"(?!/assets/|\")", page.body.decode())
    assert not re.search(r"<script(?![^>]*(?:src=|type=\"application/json\"))", page.body.decode()), "no inline script"


@needs_packages
async def test_each_file_the_page_names_is_there_to_be_kept(api: Client) -> None:
    page = (await api.get("/graphql", headers={"Accept": BROWSER})).body.decode()
    named = set(re.findall(r"(?:src|href)=\"([^\"]+)\"", page))
    assert len(named) >= 7
    for path in named:
        file = await api.get(path)
        assert file.status == 200, path
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
        assert file.headers["Content-Type"] == f"{kinds[path.rpartition('.')[2]]}; charset=utf-8"


@pytest.mark.parametrize("accept", PROGRAMS)
async def test_a_program_gets_the_api(api: Client, accept: str) -> None:
    answer = await api.get("/graphql", headers={"Accept": accept})
    assert answer.status == 400
    assert codes(answer.json) == ["BAD_INPUT"]


async def test_a_browser_that_names_an_operation_gets_its_answer(api: Client) -> None:
    answer = await api.get("/graphql", params={"query": "{ __typename }"}, headers={"Accept": BROWSER})
    assert answer.json == {"data": {"__typename": "Query"}}
    digest = {"extensions": json.dumps({"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}})}
    unknown = await api.get("/graphql", params=digest, headers={"Accept": BROWSER})
    assert codes(unknown.json) == ["PERSISTED_QUERY_NOT_FOUND"]


async def test_a_browser_that_posts_gets_json(api: Client) -> None:
    answer = await api.post({"query": "{ __typename }"}, Accept=BROWSER)
    assert answer.json == {"data": {"__typename": "Query"}}


async def test_a_file_comes_packed_to_those_who_can_unpack_it(api: Client) -> None:
    path = f"{ASSETS.prefix}/playground/style.css"
    plain = await api.get(path, headers={"Accept-Encoding": "identity"})
    async with api.session.get(
        api.server.origin + path, headers={"Accept-Encoding": "br, gzip"}, auto_decompress=False
    ) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(await packed.read()) == plain.body
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


async def test_another_versions_path_is_served_but_not_kept(api: Client) -> None:
    file = await api.get("/assets/0123456789abcdef/playground/main.js")
    assert file.status == 200
    assert file.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fhttp%2Fassets.py", "%2e%2e/http/assets.py", "playground", ""])
async def test_what_is_no_file_is_not_found(api: Client, name: str) -> None:
    assert (await api.get(f"{ASSETS.prefix}/{name}")).status == 404


@needs_packages
async def test_licences_are_served_with_what_they_license(api: Client) -> None:
    for package in {name.split("/")[1] for name in ASSETS.names("vendor")}:
        licences = [name for name in ASSETS.names(f"vendor/{package}") if "LICENSE" in name]
        assert licences, package
        assert (await api.get(f"{ASSETS.prefix}/{licences[0]}")).headers["Content-Type"].startswith("text/plain")
    assert "Permission is hereby granted" in ASSETS.text("LICENCES.txt")


async def test_the_live_example_begins_with_the_results_as_they_stand(api: Client) -> None:
    async with api.session.ws_connect(api.server.url, protocols=["graphql-transport-ws"]) as socket:
        await socket.send_json({"type": "connection_init"})
        assert (await socket.receive_json())["type"] == "connection_ack"
        await socket.send_json({"id": "1", "type": "subscribe", "payload": body(EXAMPLES["live-results"])})
        update = await socket.receive_json()
    assert update["type"] == "next"
    assert len(update["payload"]["data"]["resultsChanged"]["nodes"]) == 10
