"""Does what the server refuses before any application sees it have `errors`, as every refusal does?"""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.test_raw_http import raw
from tests.server.test_head_limits import BODY, HANDSHAKE, HEALTH, LENGTH, POST
from tests.servers import SEED, Server, prepare, serving

CLOSE = b"Connection: close\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
GET = b"GET /graphql?query={__typename} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
ENGLISH = b"Accept-Language: en\r\n"
CHINESE_URL = "GET /graphql?query={search(text:%22中文%22)} HTTP/1.1\r\nHost: x\r\n".encode()
OFFERED = b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for two host names, which takes twenty requests a minute from an address that its proxy names."""
    url = f"sqlite://{tmp_path_factory.mktemp('refusals')}/test.sqlite3"
    prepare(url, SEED)
    hosts = "x,a.cn,*.b.cn.,[::1],127.0.0.1"
    with serving(url, HOSTS=hosts, PROXIES="127.0.0.0/8", LIMIT_REQUESTS="20") as server:
        yield server


def told(server: Server, said: bytes) -> tuple[int, bytes, Any]:
    """The status, the head and the JSON of the one answer to this."""
    head, _, body = raw(server, said, at_an_end=False).partition(b"\r\n\r\n")
    return int(head.split()[1]), head.lower(), json.loads(body)


REFUSED = {
    "no HTTP": (b"garbage\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "unencoded Chinese": (CHINESE_URL + b"\r\n", 400),
    "an unencoded path": ("GET /投票 HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400),
    "a blank in a URL": (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "a header without a name": (HEALTH + b": x\r\n\r\n", 400),
    "a length that is no number": (b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n{}", 400),
    "two lengths": (POST + LENGTH + b"Content-Length: 25\r\n\r\n" + BODY, 400),
    "a length with chunks": (POST + LENGTH + b"Transfer-Encoding: chunked\r\n\r\n" + BODY, 400),
    "no Host": (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (HEALTH + b"Host: x\r\n\r\n", 400),
    "two Hosts of HTTP/1.0": (b"GET /healthz HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    "a Host that is none": (b"GET /healthz HTTP/1.1\r\nHost: x/y\r\n\r\n", 400),
    "a Host with a user": (b"GET /healthz HTTP/1.1\r\nHost: a@x\r\n\r\n", 400),
    "a handshake without Host": (b"GET /graphql HTTP/1.1\r\n" + HANDSHAKE + b"\r\n", 400),
    "a chunk without a length": (POST + CHUNKED + b"zz\r\n", 400),
    "a chunk that goes on behind its end": (POST + CHUNKED + b"2\r\n{}}\r\n", 400),
    "a trailer without a name": (POST + CHUNKED + b"2\r\n{}\r\n0\r\n: x\r\n\r\n", 400),
    "a body that is compressed on its way": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "another host": (b"GET /graphql HTTP/1.1\r\nHost: y\r\n" + CLOSE + b"\r\n", 421),
    "another host in the URL": (b"GET http://y/graphql HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n", 421),
    "no path": (b"GET /nothing HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n", 404),
    "no file": (b"GET /assets/x/y.js HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n", 404),
    "another method": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + CLOSE + b"\r\n", 405),
    "a handshake of another version": (GET + HANDSHAKE.replace(b": 13", b": 12") + b"\r\n", 400),
    "a handshake without a key": (GET + HANDSHAKE.replace(b"-Key", b"-Kay") + b"\r\n", 400),
    "a socket at no path": (b"GET /nothing HTTP/1.1\r\nHost: x\r\n" + HANDSHAKE + b"\r\n", 404),
    "a socket at another host": (b"GET /graphql HTTP/1.1\r\nHost: y\r\n" + HANDSHAKE + OFFERED + b"\r\n", 421),
}


@pytest.mark.parametrize(("said", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refusal_has_errors(server: Server, said: bytes, status: int) -> None:
    found, head, body = told(server, said.replace(b"Host: x\r\n", b"Host: x\r\n" + forwarded(said)))
    assert found == status
    assert b"content-type: application/json" in head
    [error] = body["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert error["message"]


def forwarded(said: bytes) -> bytes:
    """Each test is another caller."""
    return b"X-Forwarded-For: 198.51.100.%d\r\n" % (sum(said) % 250)


def test_who_sends_unencoded_characters_is_told_how_to_encode_them(server: Server) -> None:
    assert "百分号" in told(server, CHINESE_URL + b"\r\n")[2]["errors"][0]["message"]
    assert "percent-encoded" in told(server, CHINESE_URL + ENGLISH + b"\r\n")[2]["errors"][0]["message"]


def test_a_socket_too_many_is_told_when_to_come_again(server: Server) -> None:
    said = b"GET /graphql HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\n"
    left = 0
    while left < 3:  # another request is let in after so many seconds at most
        found = re.search(rb"\r\nretry-after: ([0-9]+)", told(server, said + CLOSE + b"\r\n")[1])
        left = int(found[1]) if found else 0
    status, head, body = told(server, said + HANDSHAKE + OFFERED + b"\r\n")
    assert status == 429
    assert b"\r\nretry-after: " in head
    assert body["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


def asking(host: str, origin: str = "") -> bytes:
    """A question to the API, which is no probe: those are answered whatever host is named."""
    said = f"GET {origin}/graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: {host}\r\n".encode()
    return said + forwarded(said) + CLOSE + b"\r\n"


@pytest.mark.parametrize(
    "host", ["x", "A.CN", "a.cn.", "a.cn.:443", "A.cn:80", "c.b.cn", "C.b.cn.:1", "[::1]", "[0:0::1]:80"]
)
def test_a_host_is_ours_however_it_is_written(server: Server, host: str) -> None:
    assert told(server, asking(host))[0] == 200


@pytest.mark.parametrize("host", ["a.cn..", ".a.cn", "b.cn", "xb.cn", "", ".", "a.cn:80.", "[::2]"])
def test_another_host_is_not(server: Server, host: str) -> None:
    assert told(server, asking(host))[0] in (400, 421)


def test_the_host_of_an_absolute_url_is_the_host(server: Server) -> None:
    assert told(server, asking("y", "http://a.cn"))[0] == 200


def test_a_client_of_http_1_0_needs_no_host_where_any_is_served(api_1_0: Server) -> None:
    assert told(api_1_0, b"GET /healthz HTTP/1.0\r\n\r\n")[0] == 200


@pytest.fixture(scope="module")
def api_1_0(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    url = f"sqlite://{tmp_path_factory.mktemp('any')}/test.sqlite3"
    prepare(url, SEED)
    with serving(url) as server:
        yield server


@pytest.mark.parametrize(("version", "chunked"), [(b"1.0", False), (b"1.1", True)])
def test_a_stream_is_chunked_for_http_1_1_alone(api_1_0: Server, version: bytes, chunked: bool) -> None:
    said = POST.replace(b"1.1", version) + b"Accept: text/event-stream\r\n" + CLOSE + LENGTH + b"\r\n" + BODY
    head, _, body = raw(api_1_0, said, at_an_end=False).partition(b"\r\n\r\n")
    assert (b"transfer-encoding: chunked" in head.lower()) is chunked
    assert body.startswith(b":\n\n") is not chunked
    assert b'data: {"data":{"__typename":"Query"}' in body
    assert body.endswith(b"0\r\n\r\n" if chunked else b"event: complete\ndata: \n\n")


@pytest.mark.parametrize("path", ["/graphql/", "/graphql//", "/healthz/?a=b", "/readyz/"])
def test_a_redirect_names_no_host(server: Server, path: str) -> None:
    said = f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: evil.example\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=180) as connection:
        connection.sendall(said + CLOSE + b"\r\n")
        head = connection.recv(65536)
    assert head.startswith(b"HTTP/1.1 307 ")
    name, _, query = path.partition("?")
    location = name.rstrip("/") + (f"?{query}" if query else "")
    assert f"\r\nlocation: {location}\r\n".encode() in head
