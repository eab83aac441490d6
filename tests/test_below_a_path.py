"""Does the example of the page about operations put the server below a path of nginx, with the path passed on or taken off?"""

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from tests.databases import free_port
from tests.servers import SLUG, TEN, Server, project_ids, serving

pytestmark = pytest.mark.check

PAGE = (Path(__file__).parents[1] / "docs" / "operations.md").read_text("utf-8")
ROOT = "/vote"
COMMON = """
upstream pingxuan { server SERVER; keepalive 64; }
map $http_upgrade $connection_upgrade { default upgrade; "" ""; }
server {
  listen ADDRESS;
  proxy_http_version 1.1; proxy_buffering off;
  proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
"""
GUEST = 'mutation { signIn(with: {guest: {name: "below"}}) { token } }'
CAST = "mutation ($ids: [ID!]!) { castBallot(input: {projectIds: $ids}) { ballot { id } violations { code } } }"
WATCH = "subscription { resultsChanged(first: 1) { totalCount } }"


@pytest.fixture(scope="module")
def server(seeded_2017: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    file = shutil.copy(seeded_2017, tmp_path_factory.mktemp("below") / "2017.sqlite3")
    with serving(f"sqlite://{file}", PROXIES="127.0.0.0/8", ROOT_PATH=ROOT) as server:
        yield server


@pytest.fixture(params=["passed on", "taken off"])
def nginx(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Iterator[str]:
    """The origin of an nginx with the locations of the page."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("there is no nginx on this machine")
    address = f"127.0.0.1:{free_port()}"
    example = re.search(r"^## Below a path\n.*?^```nginx\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert example
    locations = example[1]
    if request.param == "taken off":
        locations = locations.replace("proxy_pass http://pingxuan;", "proxy_pass http://pingxuan/;", 1)
        assert locations != example[1]
    ours = COMMON.replace("SERVER", f"127.0.0.1:{server.port}").replace("ADDRESS", address) + locations + "}"
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = tmp_path / "nginx.conf"
    file.write_text(
        f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {folders} {ours} }}"
    )
    with subprocess.Popen([program, "-c", file, "-p", tmp_path]) as process:
        try:
            yield f"http://{address}"
        finally:
            process.terminate()  # a master that is killed leaves its workers


@pytest.fixture
async def session(nginx: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Of somebody who comes to the host that nginx has, once it listens."""
    async with aiohttp.ClientSession(nginx) as session, asyncio.timeout(60):
        while True:
            with suppress(aiohttp.ClientConnectorError):
                async with session.get("/"):
                    break
            await asyncio.sleep(0.05)
        yield session


async def test_a_vote_is_held_below_a_path(session: aiohttp.ClientSession) -> None:
    api = f"{ROOT}/graphql"
    async with session.post(api, json={"query": GUEST}) as response:
        token = (await response.json())["data"]["signIn"]["token"]
    ballot = {"query": CAST, "variables": {"ids": project_ids(TEN)}}
    async with session.post(api, json=ballot, headers={"Authorization": f"Bearer {token}"}) as response:
        assert (await response.json())["data"]["castBallot"]["violations"] in ([], [{"code": "QUOTA_EXHAUSTED"}])
    async with session.ws_connect(api, protocols=["graphql-transport-ws"]) as socket:
        await socket.send_json({"type": "connection_init"})
        assert await socket.receive_json() == {"type": "connection_ack"}
        await socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": WATCH}})
        assert (await socket.receive_json())["payload"]["data"] == {"resultsChanged": {"totalCount": 50}}
    async with session.post(api, json={"query": WATCH}, headers={"Accept": "text/event-stream"}) as stream:
        assert b"event: next\n" in [await stream.content.readline() for _ in range(3)]


async def test_pages_and_their_files_come_from_below_it(session: aiohttp.ClientSession) -> None:
    for page in ("/", f"/c/{SLUG}", "/desk", "/review", "/verify", "/graphql"):
        async with session.get(ROOT + page, headers={"Accept": "text/html"}) as response:
            assert response.status == 200, page
            html = await response.text()
        for address in set(re.findall(r'(?:href|src)="(/[^"]+)"', html)):
            async with session.get(address, headers={"Accept": "text/html, */*"}) as response:
                assert response.status == 200, address
    async with session.get(f"{ROOT}/healthz") as response:
        assert response.status == 404
        assert "nginx" in await response.text()
