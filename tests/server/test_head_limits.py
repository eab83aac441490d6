"""How long may the head of a request be, what may follow it, and who may ask for an upgrade?"""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.api.test_raw_http import raw
from tests.servers import SEED, Server, prepare, serving

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BODY = b'{"query":"{__typename}"}'
LENGTH = b"Content-Length: 24\r\n"
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
HANDSHAKE = UPGRADE + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
LONG = b"X: " + b"x" * 40_000
HEADS = {
    "a header": HEALTH + LONG + b"\r\n\r\n",
    "a header without end": HEALTH + LONG,
    "a URL": b"GET /graphql?query=" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a URL without end": b"GET /graphql?query=" + b"x" * 70_000,
    "headers": HEALTH + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 1_000) for n in range(40)) + b"\r\n",
    "before a body": POST + LENGTH + LONG + b"\r\n\r\n" + BODY,
    "of a handshake": HEALTH + HANDSHAKE + LONG + b"\r\n\r\n",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that says in its log whose requests it has answered."""
    url = f"sqlite://{tmp_path_factory.mktemp('heads')}/test.sqlite3"
    prepare(url, SEED)
    with serving(url, PROXIES="127.0.0.0/8", ACCESS_LOG="address") as server:
        yield server


def told(server: Server, said: bytes) -> tuple[int, Any]:
    """The status of the one answer to this, after which the server closes, and its body."""
    head, _, body = raw(server, said, at_an_end=False).partition(b"\r\n\r\n")
    assert b"connection: close" in head
    return int(head.split()[1]), json.loads(body)


def refused(server: Server, said: bytes) -> tuple[int, Any]:
    """The status of a refusal, and the extensions of its error."""
    status, body = told(server, said)
    [error] = body["errors"]
    return status, error["extensions"]


@pytest.mark.parametrize("said", HEADS.values(), ids=HEADS.keys())
def test_a_head_that_is_too_long_is_refused_with_the_limit_named(server: Server, said: bytes) -> None:
    status, extensions = refused(server, said)
    assert (status, extensions["code"]) == (431, "QUERY_TOO_LARGE")
    assert (extensions["limit"], extensions["most"]) == ("head", 32_768)
    assert extensions["actual"] > 32_768


def test_too_many_headers_are_refused_with_the_limit_named(server: Server) -> None:
    status, extensions = refused(server, HEALTH + b"".join(b"X-%d: a\r\n" % n for n in range(100)) + b"\r\n")
    assert (status, extensions["limit"], extensions["most"], extensions["actual"]) == (431, "headers", 100, 101)


def test_a_long_body_right_behind_a_short_head_counts_as_no_head(server: Server) -> None:
    body = BODY[:-1] + b',"variables":{"x":"' + b"x" * 100_000 + b'"}}'
    said = POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    status, answer = told(server, said)
    assert (status, answer["data"]) == (200, {"__typename": "Query"})


def test_a_hundred_requests_at_once_are_a_hundred_heads(server: Server) -> None:
    last = HEALTH + b"Connection: close\r\n\r\n"
    answers = raw(server, (HEALTH + b"Y: " + b"y" * 500 + b"\r\n\r\n") * 99 + last, at_an_end=False)
    assert answers.count(b"HTTP/1.1 200 OK") == 100


def test_a_body_in_very_many_chunks_is_read(server: Server) -> None:
    body = BODY + b" " * 10_000
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"
    status, answer = told(server, POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert (status, answer["data"]) == (200, {"__typename": "Query"})


def test_trailers_are_bounded_as_heads_are(server: Server) -> None:
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n18\r\n" + BODY + b"\r\n0\r\n"
    with suppress(ConnectionError):  # what it had not read yet tells the client that it was cut
        assert raw(server, chunked + LONG * 20, at_an_end=False).startswith(b"HTTP/1.1 431 ")


def test_a_trailer_says_nothing_of_who_asks(server: Server) -> None:
    head = POST + b"Connection: close\r\nTransfer-Encoding: chunked\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n"
    said = head + b"18\r\n" + BODY + b"\r\n0\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"
    assert told(server, said)[0] == 200
    assert "198.51.100.7" in server.log
    assert "203.0.113.9" not in server.log


@pytest.mark.parametrize("upgrade", [HANDSHAKE, b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"])
def test_a_post_that_would_upgrade_is_told_that_it_cannot(server: Server, upgrade: bytes) -> None:
    status, extensions = refused(server, POST + LENGTH + upgrade + b"\r\n" + BODY)
    assert (status, extensions["code"]) == (400, "BAD_INPUT")


def test_a_handshake_that_cannot_be_read_is_answered(server: Server) -> None:
    """This header is longer than the WebSocket library takes, and shorter than our limit."""
    answer = raw(server, HEALTH + HANDSHAKE + b"X: " + b"x" * 10_000 + b"\r\n\r\n", at_an_end=False)
    assert answer.startswith(b"HTTP/1.1 431 ")
