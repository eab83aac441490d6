"""Is the WebSocket at /graphql spoken as graphql-transport-ws has it, and harmed by nothing that comes in?"""

import asyncio
import base64
import json
import os
import socket as plain
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from tests.servers import CAST, TEN, Client, Server, codes, project_ids, serving
from tests.sockets import WATCH, Talk, talk

pytestmark = pytest.mark.any_engine

NAME = '{ district(code: "310115") { name } }'
NAMED = {"data": {"district": {"name": "浦东新区"}}}


async def assert_serving(talking: Talk) -> None:
    """The socket is as it was."""
    assert await talking.result("still there", NAME) == NAMED


async def test_a_query_and_a_mutation_are_answered_like_anywhere_else(api: Client) -> None:
    async with talk(api.server) as talking:
        await talking.greet(Authorization=f"Bearer {await api.sign_in()}")
        assert await talking.result("q", NAME) == NAMED
        payload = await talking.result("m", CAST, input={"projectIds": project_ids(TEN)})
        assert payload["data"]["castBallot"]["violations"] == []


@pytest.mark.parametrize(
    "query", ["{", "{ nothing }", "query A { __typename } query B { __typename }", "subscription { x }"]
)
async def test_an_operation_that_cannot_be_executed_ends_alone(api: Client, query: str) -> None:
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.begin("watching", WATCH)
        assert (await talking.hear())["type"] == "next"
        await talking.begin("bad", query)
        told = await talking.hear()
        assert (told["type"], told["id"]) == ("error", "bad")
        assert codes({"errors": told["payload"]}) == ["BAD_INPUT"]
        await talking.say({"type": "subscribe", "id": "o", "payload": {"query": NAME, "operationName": "None"}})
        assert (await talking.hear())["type"] == "error"
        await assert_serving(talking)


async def test_errors_in_a_result_are_part_of_it(api: Client) -> None:
    async with talk(api.server) as talking:
        await talking.greet()
        payload = await talking.result(
            "e", 'query { district(code: "310115") { name } project(number: 1, campaign: "no") { id } }'
        )
        assert payload["data"] == {**NAMED["data"], "project": None}
        assert codes(payload) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("zh", "类型“Query”没有字段“titel”。"),
        ("en", "Cannot query field 'titel' on type 'Query'."),
    ],
)
async def test_what_is_wrong_with_an_operation_is_in_the_callers_language(
    api: Client, language: str, message: str
) -> None:
    async with talk(api.server, Accept_Language=language) as talking:
        await talking.greet()
        await talking.begin("wrong", "{ titel }")
        assert (await talking.hear())["payload"][0]["message"] == message


BREACHES: dict[str, tuple[list[Any], int]] = {
    "no JSON": (["x"], 4400),
    "a number": (["5"], 4400),
    "a list": (["[]"], 4400),
    "null": (["null"], 4400),
    "nesting": (["[" * 60_000], 4400),
    "binary": ([b'{"type":"connection_init"}'], 4400),
    "no type": ([{}], 4400),
    "unknown type": ([{"type": "start"}], 4400),
    "no id": ([{"type": "connection_init"}, {"type": "subscribe", "payload": {"query": NAME}}], 4400),
    "null payload": ([{"type": "connection_init"}, {"type": "subscribe", "id": "1", "payload": None}], 4400),
    "too early": ([{"type": "subscribe", "id": "1", "payload": {"query": NAME}}], 4401),
    "greeted twice": ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
    "named twice": (
        [{"type": "connection_init"}, *[{"type": "subscribe", "id": "1", "payload": {"query": WATCH}}] * 2],
        4409,
    ),
    "a wrong token": ([{"type": "connection_init", "payload": {"Authorization": "Bearer x"}}], 4403),
    "a wrong token by itself": ([{"type": "connection_init", "payload": {"token": "x"}}], 4403),
    "another scheme": ([{"type": "connection_init", "payload": {"Authorization": "Basic eDp5"}}], 4403),
    "deep variables": (
        [
            {"type": "connection_init"},
            {
                "type": "subscribe",
                "id": "1",
                "payload": {"query": WATCH, "variables": {"x": json.loads("[" * 300 + "]" * 300)}},
            },
        ],
        4400,
    ),
    "a flood": (['{"type":"ping"}'] * 1_000, 4429),
    "a large frame": (["x" * 70_000], 1009),
    "a very large frame": (["x" * 4_000_000], 1009),
}


@pytest.mark.parametrize(("messages", "code"), BREACHES.values(), ids=BREACHES.keys())
async def test_a_breach_is_closed_with_its_code(api: Client, messages: list[Any], code: int) -> None:
    async with talk(api.server) as talking:
        with suppress(ConnectionClosed):  # it may close while a large frame is still on its way
            for message in messages:
                await talking.say(message)
        assert await talking.closed() == code


async def test_a_wrong_token_in_the_handshake_is_refused(api: Client) -> None:
    async with talk(api.server, Authorization="Bearer x") as talking:
        await talking.say({"type": "connection_init"})
        assert await talking.closed() == 4403


async def test_the_handshake_may_carry_the_token(api: Client) -> None:
    async with talk(api.server, Authorization=f"Bearer {await api.sign_in()}") as talking:
        await talking.greet()
        assert (await talking.result("v", "{ viewer { id } }"))["data"]["viewer"] is not None


@pytest.mark.parametrize("offered", [["graphql-ws"], ["chat", "graphql-ws"], None])
async def test_no_other_protocol_is_spoken(api: Client, offered: Any) -> None:
    async with connect(api.server.url.replace("http", "ws"), subprotocols=offered) as connection:
        assert await Talk(connection).closed() == 4406


async def test_a_page_of_any_origin_is_a_guest_without_a_token(api: Client) -> None:
    url, spoken = api.server.url.replace("http", "ws"), Subprotocol("graphql-transport-ws")
    async with connect(url, subprotocols=[spoken], origin=Origin("https://elsewhere.example")) as connection:
        talking = await Talk(connection).greet()
        assert await talking.result("who", "{ viewer { id } }") == {"data": {"viewer": None}}
        payload = await talking.result("cast", CAST, input={"projectIds": project_ids(TEN)})
        assert (codes(payload), payload["data"]) == (["UNAUTHENTICATED"], {"castBallot": None})


async def test_the_spoken_protocol_is_chosen_among_others(api: Client) -> None:
    async with talk(api.server, "graphql-ws", "graphql-transport-ws") as talking:
        assert talking.connection.subprotocol == "graphql-transport-ws"
        await assert_serving(await talking.greet())


async def test_a_ping_is_answered(api: Client) -> None:
    async with talk(api.server) as talking:
        await talking.say({"type": "ping"})
        assert await talking.hear() == {"type": "pong"}


async def test_a_socket_that_says_nothing_is_closed_within_seconds(api: Client) -> None:
    async with talk(api.server) as talking:
        assert await talking.closed() == 4408


async def test_an_operation_can_be_completed_at_any_time(api: Client) -> None:
    async with talk(api.server) as talking:
        await talking.greet()
        await talking.say({"type": "complete", "id": "never begun"})
        for _ in range(3):  # its name is free again
            await talking.begin("1", WATCH)
            await talking.say({"type": "complete", "id": "1"})
        await talking.begin("last", NAME)
        heard = {"id": "1"}
        while heard["id"] == "1":  # what was on its way already
            heard = await talking.hear()
        assert (heard["id"], heard["payload"]) == ("last", NAMED)


async def test_ballots_that_are_given_up_on_harm_nobody(http: Any, new_sqlite: Callable[[], str]) -> None:
    with serving(new_sqlite()) as server:
        api = Client(http, server)
        tokens = [await api.sign_in() for _ in range(60)]
        for token in tokens:
            async with talk(server, Authorization=f"Bearer {token}") as talking:
                await talking.greet()
                await talking.begin("1", CAST, input={"projectIds": project_ids(TEN)})
                await talking.say({"type": "complete", "id": "1"})
        assert (await api.cast(await api.sign_in()))["violations"] == []
        counted = await api.data("{ campaign { turnout { ballots } } }")
    with serving(server.database_url) as again:
        turnout = await api.at(again).data("{ campaign { turnout { ballots } } }")
        assert turnout["campaign"]["turnout"]["ballots"] == 61 >= counted["campaign"]["turnout"]["ballots"]


async def test_a_socket_takes_so_many_operations_and_says_so(api: Client) -> None:
    async with talk(api.server) as talking:
        await talking.greet()
        for number in range(33):
            await talking.begin(str(number), WATCH)
        told = [await talking.hear() for _ in range(33)]
        [refused] = [message for message in told if message["type"] == "error"]
        assert codes({"errors": refused["payload"]}) == ["OVERLOADED"]
        assert refused["payload"][0]["extensions"]["retryAfter"] == 1
        await talking.say({"type": "complete", "id": "0"})
        await assert_serving(talking)


def masked(opcode: int, payload: bytes) -> bytes:
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else struct.pack("!BH", 0xFE, len(payload))
    return bytes([0x80 | opcode]) + length + bytes(4) + payload


def raw(server: Server, frames: bytes) -> bytes:
    """What begins the answer to these frames after a handshake: its first bytes."""
    key = base64.b64encode(os.urandom(16)).decode()
    request = (
        f"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    with plain.create_connection(("127.0.0.1", server.port), timeout=180) as connection:
        connection.sendall(request.encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(4096)
        connection.sendall(frames)
        while len(received.partition(b"\r\n\r\n")[2]) < 4 and (chunk := connection.recv(4096)):
            received += chunk
    return received.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (masked(1, b"\xff\xfe"), 1007),
        (masked(3, b"x"), 1002),
        (bytes([0x81, 5]) + b"hello", 1002),
        (masked(1, b'{"type":"x"}'), 4400),
    ],
    ids=["no UTF-8", "an unknown opcode", "without a mask", "an unknown type"],
)
async def test_frames_that_are_none_are_closed_with_their_code(api: Client, frames: bytes, code: int) -> None:
    answer = await asyncio.to_thread(raw, api.server, frames)
    assert answer[0] == 0x88
    assert struct.unpack("!H", answer[2:4])[0] == code


async def test_a_server_that_stops_closes_every_socket_in_order(new_sqlite: Callable[[], str]) -> None:
    with serving(new_sqlite()) as server:
        async with talk(server) as silent, talk(server) as watching:
            await watching.greet()
            await watching.begin("1", WATCH)
            await watching.hear()
            server.ask_to_stop()
            assert await watching.closed() == 1012
            assert await silent.closed() == 1012
