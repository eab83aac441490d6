"""Do nginx and Caddy, with the configurations that we ship, pass on what the server needs, by TLS, and keep the rest out?"""

import json
import re
import shutil
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.deployed import DEPLOY, checked
from tests.proxies import Proxy, caddy_before, nginx_before
from tests.servers import PATIENCE, SLUG, Server, serving

pytestmark = pytest.mark.check
QUERY = {"query": "{ __typename }"}
FOLLOWED = {"query": "subscription { resultsChanged(first: 1) { nodes { votes } } }"}


@pytest.fixture(scope="module")
def server(seeded_2017: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    file = shutil.copy(seeded_2017, tmp_path_factory.mktemp("server") / "2017.sqlite3")
    with serving(f"sqlite://{file}", PROXIES="127.0.0.0/8", HOSTS="localhost") as server:
        yield server


@pytest.fixture(scope="module")
def nginx(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with nginx_before(tmp_path_factory.mktemp("nginx"), [f"127.0.0.1:{server.port}"]) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def caddy(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with caddy_before(tmp_path_factory.mktemp("caddy"), f"127.0.0.1:{server.port}") as proxy:
        yield proxy


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest) -> Proxy:
    proxy: Proxy = request.getfixturevalue(request.param)
    return proxy


@pytest.fixture(scope="module")
def context(proxy: Proxy) -> ssl.SSLContext:
    return proxy.trusted()


@contextmanager
def answer(proxy: Proxy, method: str, path: str, body: bytes = b"", **headers: str) -> Iterator[HTTPResponse]:
    """The answer to one request over a connection of its own."""
    connection = HTTPSConnection("localhost", proxy.port, context=proxy.trusted(), timeout=PATIENCE)
    sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(connection):
        connection.request(method, path, body, sent)
        yield connection.getresponse()


def test_requests_reach_the_server(proxy: Proxy) -> None:
    with answer(proxy, "POST", "/graphql", json.dumps(QUERY).encode()) as response:
        assert json.loads(response.read())["data"] == {"__typename": "Query"}
        assert response.headers["X-Request-Id"]


def test_a_link_shows_the_address_that_the_proxy_was_asked_for(proxy: Proxy) -> None:
    with answer(proxy, "GET", f"/c/{SLUG}/ranking", Accept="text/html") as response:
        [address] = re.findall(rb'property="og:url" content="([^"]+)"', response.read())
    assert re.fullmatch(rf"https://localhost(:{proxy.port})?/c/{SLUG}/ranking", address.decode())


def test_sockets_reach_the_server(proxy: Proxy, context: ssl.SSLContext) -> None:
    url, protocol = f"wss://localhost:{proxy.port}/graphql", Subprotocol("graphql-transport-ws")
    with connect(url, ssl=context, subprotocols=[protocol], open_timeout=PATIENCE, close_timeout=PATIENCE) as opened:
        opened.send(json.dumps({"type": "connection_init"}))
        assert json.loads(opened.recv(PATIENCE)) == {"type": "connection_ack"}
        opened.send(json.dumps({"type": "subscribe", "id": "1", "payload": FOLLOWED}))
        assert json.loads(opened.recv(PATIENCE))["type"] == "next"


def test_an_event_of_a_stream_arrives_while_the_stream_goes_on(proxy: Proxy) -> None:
    with answer(proxy, "POST", "/graphql", json.dumps(FOLLOWED).encode(), Accept="text/event-stream") as response:
        while (line := response.readline()) != b"event: next\n":
            assert line.strip() in (b"", b":")
        assert json.loads(response.readline().removeprefix(b"data: "))["data"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_is_for_the_inside_stays_inside(proxy: Proxy, path: str) -> None:
    with answer(proxy, "GET", path) as response:
        assert response.status == 404
        assert b"{" not in response.read()


def test_callers_without_tls_are_sent_to_it(proxy: Proxy, context: ssl.SSLContext) -> None:
    with closing(HTTPConnection("localhost", proxy.plain_port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/vote")
        response = connection.getresponse()
        assert response.status == 308
        assert response.headers["Location"].startswith("https://localhost")


@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("PUT", f"/jobs/{'a' * 26}/file", {401}),
        ("POST", "/images", {400}),
        ("POST", "/graphql", {413, 502}),  # Caddy 2.6 says that the server did not take the rest
    ],
)
def test_files_and_images_may_be_longer_than_other_bodies(
    proxy: Proxy, method: str, path: str, statuses: set[int]
) -> None:
    with answer(proxy, method, path, b"x" * 140_000) as response:  # a proxy reads so little more to its end
        assert response.status in statuses


def test_nginx_passes_a_file_on_as_it_comes(nginx: Proxy) -> None:
    context = nginx.trusted()
    for path, status in ((f"/jobs/{'a' * 26}/file", b"401"), ("/graphql", b"413")):
        told = f"Host: localhost\r\nContent-Type: text/csv\r\nContent-Length: {200 * 1024**2}"
        with (
            socket.create_connection(("localhost", nginx.port), PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as connection,
            connection.makefile("rb") as received,
        ):
            connection.sendall(f"PUT {path} HTTP/1.1\r\n{told}\r\n\r\n".encode() + b"x" * 60_000)  # and no more of it
            assert received.readline().split()[1] == status, path


def test_caddy_takes_its_file_and_finds_it_tidy(tmp_path: Path) -> None:
    file = tmp_path / "Caddyfile"
    shutil.copy(DEPLOY / "caddy" / "Caddyfile", file)
    checked("caddy", "fmt", "--overwrite", file)
    assert file.read_text("utf-8") == (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
