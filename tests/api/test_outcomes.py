"""Is there no way to an outcome before its moment, and none closed afterwards?"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer, running
from tests.conftest import SETTINGS
from tests.servers import SEED, Client, Json, Response, edited_campaign, pingxuan, prepare, project_ids
from tests.sockets import talk

SLUG = "decided-2017"
FINALISTS, WINNERS = "2017-04-05T10:00:00+08:00", "2017-04-08T10:00:00+08:00"
PUBLISHED = "2017-04-10T10:00:00+08:00"
BEFORE = (
    "2017-03-21T12:00:00+08:00",
    "2017-03-25T09:00:00+08:00",
    "2017-03-31T12:00:00+08:00",
    "2017-04-10T09:59:59+08:00",
)
TOLD = re.compile(r"WINNER\b|FINALIST\b|NOT_SELECTED|2017-04-0")
# Every way to an outcome, to what a stage has decided, or to a list that goes by either.
WAYS = {
    "project": "project(campaign: $slug, number: 1) { outcome }",
    "projects": "projects(campaign: $slug, first: 50) { nodes { outcome } }",
    "campaign": "campaign(slug: $slug) { stages { status decidedAt } projects { edges { node { outcome } } } }",
    "campaigns": "campaigns { nodes { stages { status decidedAt } } }",
    "node": f'node(id: "project/{SLUG}/1") {{ ... on Project {{ outcome campaign {{ stages {{ decidedAt }} }} }} }}',
    "nodes": f'nodes(ids: ["project/{SLUG}/1", "campaign/{SLUG}"]) {{ ... on Project {{ outcome }} }}',
    "district": 'district(code: "310115") { projects(campaign: $slug) { nodes { outcome } } }',
    "results": "results(campaign: $slug) { nodes { expertScore finalScore tiedWith { outcome } project { outcome } } }",
    "viewer": "viewer { ballots(campaign: $slug) { projects { outcome } campaign { stages { status decidedAt } } } }",
}
COUNTED = {
    "projects": "projects(campaign: $slug, filter: {outcomes: [%s]}) { totalCount }",
    "results": "results(campaign: $slug, filter: {outcomes: [%s]}) { totalCount }",
    "district": 'district(code: "310115") { projects(campaign: $slug, filter: {outcomes: [%s]}) { totalCount } }',
    "not": "projects(campaign: $slug, filter: {not: {not: {outcomes: [%s]}}}) { totalCount }",
}
LINE = "results(campaign: $slug) { cutLine { seats } }"
SHOWN = "cutLine { seats } nodes { project { outcome } }"
WATCH = f'subscription {{ resultsChanged(campaign: "{SLUG}", first: 2) {{ {SHOWN} }} }}'


def decided_campaign(folder: Path) -> Path:
    """A campaign whose ten winners and thirty finalists are in its file before anybody has voted."""
    file = edited_campaign(
        folder, SLUG, {"results_visibility": f'results_visibility = "LIVE"\npublished_at = {PUBLISHED}'}
    )
    text = file.read_text("utf-8")
    for moment in (FINALISTS, WINNERS):
        text = text.replace("decided = false", f"decided = true\ndecided_at = {moment}", 1)
    for number in range(1, 51):
        outcome = "WINNER" if number <= 10 else "NOT_SELECTED"
        text = text.replace(f"\nnumber = {number}\n", f'\nnumber = {number}\noutcome = "{outcome}"\n', 1)
    file.write_text(text, "utf-8")
    return file


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided_campaign(tmp_path_factory.mktemp("outcomes"))


@pytest.fixture(scope="module")
def sandbox(file: Path) -> Iterator[SandboxServer]:
    with running([file, SEED], settings=SETTINGS) as server:
        yield server
        assert "Traceback" not in server.log, server.log


@pytest.fixture
async def client(http: aiohttp.ClientSession, sandbox: SandboxServer) -> Client:
    sandbox.reset()
    sandbox.clock.set(BEFORE[1])
    return Client(http, sandbox)


async def ask(client: Client, selection: str, token: str | None = None) -> Any:
    return await client.data(
        f"query Look($slug: String) {{ at: campaign(slug: $slug) {{ slug }} {selection} }}", {"slug": SLUG}, token
    )


async def look(client: Client, query: str, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.get("/graphql?" + urlencode({"query": query}), headers=named)


async def voter(client: Client) -> str:
    """One whose ballot names ten projects."""
    token = await client.sign_in("has cast")
    payload = await client.cast(token, campaign=SLUG, projectIds=project_ids(range(1, 11), SLUG))
    assert payload["ballot"]
    return token


@pytest.mark.parametrize("way", WAYS)
async def test_no_way_tells_what_is_decided_before_it_is_published(
    client: Client, sandbox: SandboxServer, way: str
) -> None:
    token = await voter(client)
    for moment in BEFORE:
        sandbox.clock.set(moment)
        told = json.dumps(await ask(client, WAYS[way], token))
        assert not TOLD.search(told), (moment, told)
    sandbox.clock.set(PUBLISHED)
    told = json.dumps(await ask(client, WAYS[way], token))
    assert TOLD.search(told)
    sandbox.clock.set(BEFORE[-1])
    assert not TOLD.search(json.dumps(await ask(client, WAYS[way], token)))


@pytest.mark.parametrize("way", COUNTED)
async def test_no_filter_finds_what_is_not_published(client: Client, sandbox: SandboxServer, way: str) -> None:
    async def found(*outcomes: str) -> int:
        [counted] = re.findall(
            r'"totalCount": (\d+)', json.dumps(await ask(client, COUNTED[way] % ", ".join(outcomes)))
        )
        return int(counted)

    everything = await found("CANDIDATE", "FINALIST", "WINNER", "NOT_SELECTED")
    for moment in BEFORE:
        sandbox.clock.set(moment)
        assert (await found("WINNER", "FINALIST", "NOT_SELECTED"), await found("CANDIDATE")) == (0, everything)
    sandbox.clock.set(PUBLISHED)
    assert (await found("WINNER", "NOT_SELECTED"), await found("CANDIDATE")) == (everything, 0)


async def test_the_line_is_that_of_the_next_stage_that_is_not_published(client: Client, sandbox: SandboxServer) -> None:
    assert (await ask(client, LINE))["results"]["cutLine"] == {"seats": 30}
    sandbox.clock.set(PUBLISHED)
    assert (await ask(client, LINE))["results"]["cutLine"] is None


async def test_a_cursor_of_a_filtered_list_knows_no_more(client: Client, sandbox: SandboxServer) -> None:
    query = "projects(campaign: $slug, filter: {outcomes: [WINNER]}, first: 5%s) { totalCount pageInfo { endCursor } }"
    sandbox.clock.set(PUBLISHED)
    cursor = (await ask(client, query % ""))["projects"]["pageInfo"]["endCursor"]
    sandbox.clock.set(BEFORE[-1])
    later = query % f', after: "{cursor}"'
    answer = await client.ask(f"query Look($slug: String) {{ {later} }}", {"slug": SLUG})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_an_answer_that_is_kept_ends_at_the_moment(client: Client, sandbox: SandboxServer) -> None:
    query = f'{{ project(campaign: "{SLUG}", number: 1) {{ outcome }} }}'
    sandbox.clock.set(BEFORE[-1])
    before = await look(client, query)
    assert before.json["data"]["project"]["outcome"] == "CANDIDATE"
    assert (await look(client, query, If_None_Match=before.headers["ETag"])).status == 304
    sandbox.clock.set(PUBLISHED)
    after = await look(client, query, If_None_Match=before.headers["ETag"])
    assert (after.status, after.json["data"]["project"]["outcome"]) == (200, "WINNER")
    assert after.headers["ETag"] != before.headers["ETag"]


async def test_whoever_watches_sees_it_at_the_moment(client: Client, sandbox: SandboxServer) -> None:
    def told(message: Json) -> tuple[Any, list[str]]:
        shown = message["payload"]["data"]["resultsChanged"]
        return shown["cutLine"], [node["project"]["outcome"] for node in shown["nodes"]]

    sandbox.clock.set(BEFORE[-1])
    async with talk(sandbox) as talking:
        await talking.greet()
        await talking.begin("a", WATCH)
        assert told(await talking.hear()) == ({"seats": 30}, ["CANDIDATE"] * 2)
        sandbox.clock.set(PUBLISHED)
        assert told(await talking.hear()) == (None, ["WINNER"] * 2)


def test_the_command_line_draws_the_line_of_what_is_published(file: Path, tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/outcomes.sqlite3"
    prepare(url, file)
    shown = [pingxuan(url, "results", "--language", "en", clock=moment).stdout for moment in (BEFORE[-1], PUBLISHED)]
    assert "30 pass by votes alone" in shown[0]
    assert "pass by votes alone" not in shown[1]
