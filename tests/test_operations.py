"""Do the configurations on the page about operations work, and do all timeouts stand in the right order?"""

import asyncio
import configparser
import itertools
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from api.bootstrap import background
from api.cli.graphql_client import REQUEST_TIMEOUT
from api.http import health
from api.limits import Limits
from api.server import graceful_server
from api.services import snapshots
from api.settings import OWN, SIGNING_IN
from api.settings.signing_in import MAX_SIGN_IN_TIMEOUT
from api.storage import background_writer
from api.storage.ballots import ballot_box
from api.storage.database import urls
from api.storage.database.engines import postgres
from api.subscriptions.sse import stream
from api.subscriptions.transport import Timeouts
from tests.databases import free_port
from tests.servers import PATIENCE, serving

REPOSITORY = Path(__file__).parents[1]
PAGE = (REPOSITORY / "docs" / "operations.md").read_text("utf-8")
UNITS = {"": 1, "s": 1, "m": 60, "ms": 0.001}


def block(language: str) -> str:
    """The page's first example in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def seconds(text: str) -> float:
    """A duration as nginx, Caddy and systemd write it."""
    number, unit = re.fullmatch(r"([0-9]+)([a-z]*)", text).groups()  # type: ignore[union-attr]
    return int(number) * UNITS[unit]


def directive(language: str, name: str) -> float:
    """The duration that a configuration gives this directive."""
    [value] = re.findall(rf"(?<![\w-]){name}\s+([0-9]+[a-z]*)(?=[;\s])", block(language))
    return seconds(value)


def number(path: str, pattern: str) -> float:
    """A number of milliseconds or seconds in a client's source."""
    [value] = re.findall(pattern, (REPOSITORY / path).read_text("utf-8"))
    return float(value)


UNIT = configparser.ConfigParser(interpolation=None, strict=False)
UNIT.optionxform = str  # type: ignore[assignment,method-assign]
UNIT.read_string(block("ini"))
KEEP_ALIVE = float(OWN["keep_alive"].default or 0)
GRACE = float(OWN["shutdown_grace"].default or 0)
NGINX_READ = directive("nginx", "proxy_read_timeout")
CLIENTS = {
    "the page": number("api/pages/static/vote/graphql.js", r"PATIENCE = ([0-9]+);") / 1000,
    "the mini-program": number("examples/mini-program/api/graphql.js", r"timeout: ([0-9]+),") / 1000,
    "the example in Python": number("examples/python/vote.py", r"TIMEOUT = ([0-9]+)"),
    "our commands": REQUEST_TIMEOUT.total or 0.0,
}
STOPPING = (
    graceful_server.CUT_OFF_TIMEOUT
    + 2 * background.CANCEL_TIMEOUT
    + max(ballot_box.DRAIN_TIMEOUT, background_writer.DRAIN_TIMEOUT)
    + max(postgres.CLOSE_TIMEOUT, float(urls.SQLITE_PRAGMAS["busy_timeout"]) / 1000)
)
READY = health.DATABASE_TIMEOUT + snapshots.REFRESH_TIMEOUT
QUIET = Timeouts()
ORDERS: dict[str, Sequence[float]] = {
    "An idle connection": (directive("nginx", "keepalive_timeout"), KEEP_ALIVE),
    "An idle connection of Caddy's": (directive("caddyfile", "keepalive"), KEEP_ALIVE),
    "A request": (
        float(SIGNING_IN["timeout"].default or 0),
        MAX_SIGN_IN_TIMEOUT,
        ballot_box.RECONNECT_TIMEOUT,
        Limits().seconds,
        min(CLIENTS.values()),
        NGINX_READ,
    ),
    "A quiet stream": (stream.KEEP_ALIVE_INTERVAL, NGINX_READ),
    "A quiet socket": (QUIET.ping, QUIET.ping + QUIET.pong, NGINX_READ),
    "Readiness": (READY, 5.0),
    "Stopping": (GRACE, GRACE + STOPPING, seconds(UNIT["Service"]["TimeoutStopSec"])),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_whoever_waits_for_another_waits_longer(order: Sequence[float]) -> None:
    assert all(shorter < longer for shorter, longer in itertools.pairwise(order)), order


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_outwaits_the_server_and_no_proxy(client: str) -> None:
    assert Limits().seconds < CLIENTS[client] < NGINX_READ


@pytest.mark.parametrize("subject", [name for name in ORDERS if "Caddy" not in name])
def test_the_table_has_these_numbers_in_this_order(subject: str) -> None:
    [row] = re.findall(rf"^\| {subject} \| (.*) \|$", PAGE, re.MULTILINE)
    told = [float(value) for value in re.findall(r": ([0-9]+)", row)]
    assert told == sorted(told)
    if subject != "Readiness":
        assert set(told) <= set(ORDERS[subject])
        assert len(told) >= 2


@pytest.fixture
def nginx(seeded_2017: Path, tmp_path: Path) -> Iterator[str]:
    """The origin of an nginx with the page's configuration, but for TLS, before a server of our own."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("there is no nginx on this machine")
    address = f"127.0.0.1:{free_port()}"
    url = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    with serving(url, PROXIES="127.0.0.0/8") as server:
        ours = (
            block("nginx").replace("listen 443 ssl", f"listen {address}").replace("127.0.0.1:8000", server.origin[7:])
        )
        assert address in ours
        temporary = "".join(
            f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        file = tmp_path / "nginx.conf"
        file.write_text(
            f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {temporary} {ours} }}"
        )
        with subprocess.Popen([program, "-c", file, "-p", tmp_path]) as process:
            try:
                yield f"http://{address}"
            finally:
                process.kill()


@pytest.fixture
def caddy(seeded_2017: Path, tmp_path: Path) -> Iterator[str]:
    """The origin of a Caddy with the page's configuration, but for TLS, before a server of our own."""
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("there is no Caddy on this machine")
    origin = f"http://127.0.0.1:{free_port()}"
    url = f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}"
    with serving(url, PROXIES="127.0.0.0/8") as server:
        ours = block("caddyfile").replace("vote.example.cn", origin).replace("127.0.0.1:8000", server.origin[7:])
        file = tmp_path / "Caddyfile"
        file.write_text(f"{{\nadmin off\nauto_https off\n}}\n{ours}")
        given = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
        with subprocess.Popen([program, "run", "--config", file, "--adapter", "caddyfile"], env=given) as process:
            try:
                yield origin
            finally:
                process.kill()


@pytest.mark.check
async def test_caddy_lets_files_be_longer_than_other_bodies(caddy: str) -> None:
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientConnectorError):  # it has not started yet
                async with session.get(f"{caddy}/healthz") as response:
                    assert response.status == 404
                break
            await asyncio.sleep(0.05)
        # The second by Caddy itself, or by the server, of whom Caddy then says that it did not take the rest.
        uploads = (("PUT", f"/jobs/{'a' * 26}/file", {401}), ("POST", "/graphql", {413, 502}))
        for method, path, statuses in uploads:
            headers = {"Content-Type": "application/json"}
            async with session.request(method, f"{caddy}{path}", data=b"x" * 300_000, headers=headers) as response:
                assert response.status in statuses


@pytest.mark.check
async def test_nginx_passes_requests_streams_and_sockets_on_and_keeps_probes_out(nginx: str) -> None:
    query = {"query": "{ __typename }"}
    init = {"type": "connection_init"}
    async with aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientConnectorError):  # it has not started yet
                async with session.post(f"{nginx}/graphql", json=query) as response:
                    assert (await response.json())["data"] == {"__typename": "Query"}
                break
            await asyncio.sleep(0.05)
        async with session.post(f"{nginx}/graphql", json=query, headers={"Accept": "text/event-stream"}) as response:
            assert "event: complete" in await response.text()
        async with session.ws_connect(f"{nginx}/graphql", protocols=["graphql-transport-ws"]) as socket:
            await socket.send_json(init)
            assert await socket.receive_json() == {"type": "connection_ack"}
        async with session.get(f"{nginx}/readyz") as response:
            assert response.status == 404
    await assert_files_pass(nginx)


async def assert_files_pass(proxy: str) -> None:
    """A file may be longer than other bodies, and reaches the server as it comes."""
    host, _, port = proxy.removeprefix("http://").partition(":")
    for path, status in ((f"/jobs/{'a' * 26}/file", b"401"), ("/graphql", b"413")):
        reader, writer = await asyncio.open_connection(host, int(port))
        head = (
            f"PUT {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\nContent-Length: {200 * 1024**2}\r\n\r\n"
        )
        writer.write(head.encode() + b"x" * 60_000)  # and no more of it
        async with asyncio.timeout(20):
            assert (await reader.readline()).split()[1] == status, path
        writer.close()
        await writer.wait_closed()
