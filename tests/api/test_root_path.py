"""Does everything work below a path of somebody's host, whether the proxy passes that path on or takes it off?"""

import re
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from api.domain.exchange.formats import MEDIA_TYPES, FileFormat
from api.testing.sandbox import SandboxServer, running
from tests.api.test_exchange import EXPORT, Desk
from tests.conftest import SETTINGS
from tests.pictures import a_picture
from tests.servers import SLUG, TEN, Client, project_ids

pytestmark = pytest.mark.any_engine

ROOT = "/vote"
PAGES = ("/", "/campaigns", f"/c/{SLUG}", "/desk", "/review", "/verify", "/graphql")
ADDRESS = re.compile(r'(?:href|src)="(/[^"]*)"')
HTML = {"Accept": "text/html"}
PUT = """mutation Put($url: String!) { putProjects(campaign: "draft", projects: [{number: 1, title: {zh: "项目"},
  description: {zh: "![图](PICTURE)"}, images: [{url: $url, width: 8, height: 8, alternative: {zh: "图"}}]}])
  { projects { images { url } descriptionHtml } problems { message } } }"""
CREATE = """mutation { createCampaign(input: {slug: "draft", timeZone: "Asia/Shanghai", title: {zh: "草稿"},
  organizer: {zh: "市"}, candidateTerm: {zh: "项目"}, resultsVisibility: LIVE, languages: ["zh"],
  votingWindow: {opensAt: "2017-06-01T08:00:00+08:00", closesAt: "2017-06-09T08:00:00+08:00"},
  rules: {choices: {minimum: 1, maximum: 1}, quota: {limit: 1, period: CAMPAIGN}}}) {
  campaign { slug } problems { message } } }"""
LOG = "query Log($slug: String) { campaign(slug: $slug) { log { url origin } } }"


@pytest.fixture(scope="module")
def below() -> Iterator[SandboxServer]:
    """A sandbox that is below a path."""
    with running(settings={**SETTINGS, "PINGXUAN_ROOT_PATH": f"{ROOT}/"}) as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(http: aiohttp.ClientSession, below: SandboxServer) -> Client:
    """A client of it, who names paths from the root of the host."""
    return Client(http, below)


def test_it_says_where_it_is(below: SandboxServer) -> None:
    assert below.url == f"{below.origin}{ROOT}/graphql"
    assert below.control_url == f"{below.origin}{ROOT}/sandbox"
    assert below.clock.now.year == 2017


@pytest.mark.parametrize("prefix", [ROOT, ""], ids=["passed on", "taken off"])
@pytest.mark.parametrize("page", PAGES)
async def test_pages_lead_nowhere_but_below_the_path(api: Client, prefix: str, page: str) -> None:
    shown = await api.get(prefix + page, headers=HTML)
    assert shown.status == 200
    addresses = ADDRESS.findall(shown.body.decode())
    assert addresses
    assert {address.startswith(f"{ROOT}/") for address in addresses} == {True}
    assert {(await api.get(address)).status for address in addresses[:3]} == {200}


async def test_the_path_itself_is_the_voting_page_and_slashes_at_the_end_lead_below_it(api: Client) -> None:
    assert (await api.get(ROOT)).body == (await api.get(f"{ROOT}/")).body
    for prefix in (ROOT, ""):
        moved = await api.get(f"{prefix}/desk/?a=b", allow_redirects=False)
        assert (moved.status, moved.headers["Location"]) == (307, f"{ROOT}/desk?a=b")


async def test_what_is_not_there_names_where_the_api_is(api: Client) -> None:
    for path in ("/votes/graphql", f"{ROOT}/nothing"):
        missing = await api.get(path, headers={"Accept-Language": "en"})
        assert (missing.status, missing.json["errors"][0]["message"]) == (
            404,
            f"Nothing is at this path. GraphQL is at {ROOT}/graphql.",
        )


@pytest.mark.parametrize(
    ("asked", "voter", "named"),
    [
        ("GET /log/nothing/keys", None, "/log/ is followed by a campaign's slug, as in {root}/log/shanghai-2017/"),
        ("POST /images", "organizer", "/images?campaign=…"),
        (f"POST /images?campaign={SLUG}", "lin", "/images needs the role"),
    ],
)
async def test_errors_name_addresses_below_the_path(
    api: Client, below: SandboxServer, asked: str, voter: str | None, named: str
) -> None:
    method, path = asked.split()
    token = {"Authorization": f"Bearer {below.voters[voter].token}"} if voter else {}
    headers = {"Accept-Language": "en", "Content-Type": "image/png", **token}
    async with api.session.request(method, f"{below.origin}{ROOT}{path}", headers=headers) as response:
        [error] = (await response.json())["errors"]
    assert f" {ROOT}{named.format(root=ROOT)}" in error["message"]


async def test_ballots_subscriptions_and_streams(api: Client, below: SandboxServer) -> None:
    token = below.voters["lin"].token
    receipt = "mutation ($ids: [ID!]!) { castBallot(input: {projectIds: $ids}) { ballot { receipt { note } } } }"
    cast = await api.data(receipt, {"ids": project_ids(TEN)}, token)
    assert cast["castBallot"]["ballot"]["receipt"]["note"].split("\n")[1] == f"localhost{ROOT}/log/{SLUG}"
    async with api.session.ws_connect(below.websocket_url, protocols=["graphql-transport-ws"]) as socket:
        await socket.send_json({"type": "connection_init"})
        assert await socket.receive_json() == {"type": "connection_ack"}
    async with api.session.post(
        below.url, json={"query": "{ __typename }"}, headers={"Accept": "text/event-stream"}
    ) as stream:
        assert "event: complete" in await stream.text()


async def test_the_log_is_where_the_api_says(api: Client) -> None:
    log = (await api.data(LOG, {"slug": SLUG}))["campaign"]["log"]
    assert log == {"url": f"{ROOT}/log/{SLUG}", "origin": f"localhost{ROOT}/log/{SLUG}"}
    keys = await api.get(f"{log['url']}/keys")
    assert keys.status == 200
    assert keys.headers["Access-Control-Allow-Origin"] == "*"


async def test_files_are_where_the_api_says(api: Client, below: SandboxServer) -> None:
    desk = Desk(api, below.voters["lin"].token or "")
    job = await desk.over(await desk.job(EXPORT, campaign=SLUG, content="PROJECTS", format="CSV"))
    assert job["url"].startswith(f"{ROOT}/jobs/")
    assert (await desk.fetched(job))[0] == MEDIA_TYPES[FileFormat.CSV]


async def test_pictures_are_shown_below_the_path_and_stored_without_it(api: Client, below: SandboxServer) -> None:
    token = below.voters["organizer"].token
    created = await api.data(CREATE, token=token)
    assert created["createCampaign"]["problems"] == []
    async with api.session.post(
        f"{below.origin}{ROOT}/images?campaign=draft",
        data=a_picture(8, 8),
        headers={"Content-Type": "image/png", "Authorization": f"Bearer {token}"},
    ) as response:
        url = (await response.json())["url"]
        assert (response.status, response.headers["Location"]) == (201, url)
    assert url.startswith(f"{ROOT}/images/")
    for given in (url, url.removeprefix(ROOT)):
        put = await api.data(PUT.replace("PICTURE", given), {"url": given}, token)
        [project] = put["putProjects"]["projects"]
        assert project["images"] == [{"url": url}]
        assert f'<img src="{url}"' in project["descriptionHtml"]
        read = (await api.data('{ campaignInput(campaign: "draft") }', token=token))["campaignInput"]
        assert read["projects"][0]["images"][0]["url"] == url
    assert (await api.get(url)).status == 200
