"""Do bodies that are too large, strange headers and what is no HTTP at all leave the server as it was?"""

import asyncio
import http.client
import json
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from api.limits import Limits
from tests.servers import CAST, TEN, Client, Response, Server, project_ids, serving

pytestmark = pytest.mark.any_engine

JSON = "application/json"
NAME = '{ district(code: "310115") { name } }'
NAMED = {"data": {"district": {"name": "浦东新区"}}}
TEN_MEGABYTES = 10 * 1024 * 1024
MOST = Limits().body


def assert_too_large(response: Response) -> None:
    assert response.status == 413
    assert response.headers["Content-Type"] == f"{JSON}; charset=utf-8"
    assert "data" not in response.json
    [error] = response.json["errors"]
    told = error["extensions"]
    assert (told["code"], told["limit"], told["most"]) == ("QUERY_TOO_LARGE", "body", MOST)
    assert told["actual"] > TEN_MEGABYTES
    assert str(MOST) in error["message"]


def too_large(size: int = TEN_MEGABYTES) -> bytes:
    return json.dumps({"query": NAME, "variables": {"x": "x" * size}}).encode()


async def test_a_body_that_is_too_large_is_refused_and_the_client_sees_it(api: Client) -> None:
    for _ in range(3):
        headers = {"Content-Type": JSON}
        async with api.session.post(api.server.url, data=BytesIO(too_large()), headers=headers) as response:
            assert_too_large(Response(response.status, response.headers, await response.read()))


async def test_a_body_in_chunks_that_is_too_large_is_refused_and_the_client_sees_it(api: Client) -> None:
    async def chunks() -> Any:
        for _ in range(160):
            yield b" " * 65536

    headers = {"Content-Type": JSON}
    async with api.session.post(api.server.url, data=chunks(), headers=headers) as response:
        assert response.status == 413
        assert (await response.json())["errors"]


def plainly(server: Server) -> tuple[int, bytes]:
    """A client that sends its whole body before it looks for an answer, as most simple ones do."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("POST", "/graphql", too_large(), {"Content-Type": JSON})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


async def test_a_client_that_sends_everything_first_sees_the_refusal_too(api: Client) -> None:
    for _ in range(3):
        status, body = await asyncio.to_thread(plainly, api.server)
        assert status == 413
        assert json.loads(body)["errors"][0]["message"]


def with_curl(server: Server, *more: str) -> str:
    command = [
        "curl",
        "--silent",
        "--show-error",
        "--max-time",
        "60",
        "--data-binary",
        "@-",
        "-H",
        f"Content-Type: {JSON}",
    ]
    done = subprocess.run([*command, "-w", "%{http_code}", *more, server.url], input=too_large(), capture_output=True)
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("more", [(), ("-H", "Expect:"), ("-H", "Transfer-Encoding: chunked")])
async def test_curl_sees_the_refusal_too(api: Client, more: tuple[str, ...]) -> None:
    try:
        printed = await asyncio.to_thread(with_curl, api.server, *more)
    except FileNotFoundError:
        pytest.skip("there is no curl on this machine")
    assert printed.endswith("413"), printed
    assert "errors" in printed


async def test_a_body_just_small_enough_is_read(api: Client) -> None:
    body = too_large(MOST - 200)
    assert len(body) <= MOST
    assert (await api.post(body)).json == NAMED


def raw(server: Server, request: bytes, *, at_an_end: bool = True) -> bytes:
    """What comes back for these bytes, as far as the server says anything before it closes.

    at_an_end: the server is told that no more will come, whereupon it need not answer what it has not answered yet.
    """
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(request)
        if at_an_end:
            with suppress(OSError):  # the server may have closed it by now
                connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


HEADERS = {
    "bytes beyond ASCII": b"Authorization: Bearer \xff\xfe\xed\xa0\x80",
    "a token that is no text": b"Authorization: Bearer \xe4\xb8\xad\xe6\x96\x87",
    "a language that is no text": b"Accept-Language: \xff\xfe;q=\xff",
    "a strange quality": b"Accept-Language: en;q=nan, zh;q=inf, fr;q=-1, de;q=1e999",
    "very many languages": b"Accept-Language: " + b"en;q=0.1," * 1000,
    "a very long token": b"Authorization: Bearer " + b"x" * 30_000,
    "several tokens": b"Authorization: Bearer a\r\nAuthorization: Bearer b",
    "an empty token": b"Authorization: Bearer ",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
async def test_strange_headers_break_nothing(api: Client, header: bytes) -> None:
    body = json.dumps({"query": "{ __typename viewer { id } }"}).encode()
    length = str(len(body)).encode()
    request = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
    answer = await asyncio.to_thread(
        raw, api.server, request + header + b"\r\nContent-Length: " + length + b"\r\n\r\n" + body, at_an_end=False
    )
    status = int(answer.split()[1])
    assert status < 500, answer
    if status == 200:
        told_of = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert told_of["data"]["__typename"] == "Query"
        assert {error["extensions"]["code"] for error in told_of.get("errors", ())} <= {"UNAUTHENTICATED"}


RAW = {
    "no HTTP": b"garbage\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    "NULs": b"\0" * 1000,
    "a length that is no number": b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n{}",
    "a negative length": b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n{}",
    "a body cut short": b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
    "a bad chunk": b"POST /graphql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a header cut short": b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent",
    "an endless header": b"GET /graphql HTTP/1.1\r\nX: " + b"x" * 1_000_000,
}


async def test_what_is_no_http_breaks_nothing(http: aiohttp.ClientSession, new_sqlite: Callable[[], str]) -> None:
    with serving(new_sqlite()) as server:
        api = Client(http, server)
        for what, request in RAW.items():
            try:
                answer = await asyncio.to_thread(raw, server, request)
            except (ConnectionError, TimeoutError):
                answer = b""
            assert b" 500 " not in answer, what
            assert b"Traceback" not in answer, what
            assert (await api.post({"query": NAME})).json == NAMED, what


async def test_clients_that_hang_up_break_nothing_and_are_no_failure(
    http: aiohttp.ClientSession, new_sqlite: Callable[[], str]
) -> None:
    with serving(new_sqlite()) as server:
        api = Client(http, server)
        token = await api.sign_in()
        body = json.dumps({"query": CAST, "variables": {"input": {"projectIds": project_ids(TEN)}}}).encode()
        head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nAuthorization: Bearer {token}\r\n"
        request = head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
        for cut in (len(request), len(request) - 1, 40):
            await asyncio.gather(*(asyncio.to_thread(hang_up, server, request[:cut]) for _ in range(10)))
        data = await api.data("{ viewer { ballots { id } } }", token=token)
        assert len(data["viewer"]["ballots"]) <= 1
        assert (await api.post({"query": NAME})).json == NAMED
        assert "failure" not in server.log


def hang_up(server: Server, request: bytes) -> None:
    """Send this much and leave."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request)
