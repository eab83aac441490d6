"""Does every message of graphql-transport-ws mean what the protocol says, and every other close with its code?"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.limits import Limits
from api.subscriptions.websocket.protocol import (
    Complete,
    ConnectionInit,
    GraphQLWsProtocol,
    Ping,
    Pong,
    ProtocolError,
    Subscribe,
)

SUBSCRIBE = {"type": "subscribe", "id": "1", "payload": {"query": "{ x }"}}
INIT = {"type": "connection_init"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["query", "a"]), inner, max_size=3),
)
TYPES = st.sampled_from(["connection_init", "subscribe", "complete", "ping", "pong", "next", ""]) | ANYTHING
MESSAGES = st.fixed_dictionaries({}, optional={"type": TYPES, "id": ANYTHING, "payload": ANYTHING})
MALFORMED: list[Any] = [
    None, "", "x", "5", "null", "[]", '"ping"', "{", "[" * 100_000, '{"type":"\\ud800"}', {}, {"type": 5}, {"type": "next"},
    {"type": "start", "id": "1"}, {"type": "connection_ack"}, {"type": "ping", "payload": 5}, {"type": "pong", "payload": []},
    {"type": "connection_init", "payload": "x"}, {"type": "connection_init", "payload": {"Authorization": 5}},
    {"type": "connection_init", "payload": {"token": []}}, {"type": "complete"}, {"type": "complete", "id": 5},
    {**SUBSCRIBE, "id": ""}, {**SUBSCRIBE, "id": None}, {**SUBSCRIBE, "id": 7}, {**SUBSCRIBE, "id": "x" * 129},
    {**SUBSCRIBE, "payload": None}, {**SUBSCRIBE, "payload": []}, {**SUBSCRIBE, "payload": {}},
    {**SUBSCRIBE, "payload": {"query": 5}}, {**SUBSCRIBE, "payload": {"query": "{ x }", "variables": []}},
    {**SUBSCRIBE, "payload": {"query": "{ x }", "operationName": 5}},
    {**SUBSCRIBE, "payload": {"query": "{ x }", "extensions": "x"}},
]  # fmt: skip


def hear(conversation: GraphQLWsProtocol, message: Any) -> Any:
    return conversation.hear(message if message is None or isinstance(message, str) else json.dumps(message))


def code_of(conversation: GraphQLWsProtocol, message: Any) -> int:
    with pytest.raises(ProtocolError) as caught:
        hear(conversation, message)
    assert len(caught.value.reason.encode()) <= 123
    return caught.value.code


def talking(*under_way: str) -> GraphQLWsProtocol:
    return GraphQLWsProtocol(set(under_way), Limits())


def greeted(*under_way: str) -> GraphQLWsProtocol:
    conversation = talking(*under_way)
    hear(conversation, INIT)
    return conversation


@pytest.mark.parametrize("message", MALFORMED, ids=lambda message: str(message)[:60])
def test_what_is_malformed_closes_with_4400(message: Any) -> None:
    conversation = talking() if isinstance(message, dict) and message.get("type") == INIT["type"] else greeted()
    assert code_of(conversation, message) == 4400


@pytest.mark.parametrize(
    ("payload", "token"),
    [
        ({}, None),
        ({"payload": None}, None),
        ({"payload": {}}, None),
        ({"payload": {"Authorization": None, "else": 5}}, None),
        ({"payload": {"Authorization": "Bearer abc"}}, "abc"),
        ({"payload": {"authorization": "bearer abc"}}, "abc"),
        ({"payload": {"token": "abc"}}, "abc"),
        ({"payload": {"token": ""}}, None),
        ({"payload": {"Authorization": "Basic eHg=", "token": "abc"}}, ""),
    ],
)
def test_a_greeting_may_carry_a_token(payload: dict[str, Any], token: str | None) -> None:
    assert hear(talking(), INIT | payload) == ConnectionInit(token, None)


@pytest.mark.parametrize("depth", [59, 200, 900])
def test_a_payload_nests_no_deeper_than_a_body(depth: int) -> None:
    for nested in ("[" * depth + "]" * depth, '{"x":' * depth + "1" + "}" * depth):
        text = f'{{"type":"subscribe","id":"1","payload":{{"query":"{{ x }}","variables":{{"x":{nested}}}}}}}'
        with pytest.raises(ProtocolError, match=f"{depth + 2} levels of brackets; at most 60"):
            greeted().hear(text)
    assert isinstance(greeted().hear(text.replace(nested, "[" * 58 + "]" * 58)), Subscribe)


def test_a_second_greeting_closes_with_4429() -> None:
    assert code_of(greeted(), INIT) == 4429


def test_an_operation_before_the_greeting_closes_with_4401() -> None:
    assert code_of(talking(), SUBSCRIBE) == 4401


def test_a_name_that_is_taken_closes_with_4409() -> None:
    assert code_of(greeted("1"), SUBSCRIBE) == 4409


def test_an_operation_begins_and_finishes() -> None:
    begin = hear(greeted(), SUBSCRIBE)
    assert isinstance(begin, Subscribe)
    assert (begin.id, begin.asked.query, begin.asked.by_get) == ("1", "{ x }", False)
    assert hear(greeted(), {"type": "complete", "id": "1"}) == Complete("1")


def test_pings_and_pongs_may_come_at_any_time() -> None:
    for payload in ({}, {"payload": None}, {"payload": {"a": 1}}):
        assert hear(talking(), {"type": "ping"} | payload) == Ping()
        assert hear(talking(), {"type": "pong"} | payload) == Pong()


@given(MESSAGES | ANYTHING)
def test_whatever_comes_is_understood_or_closed_with_a_code_of_the_protocol(message: Any) -> None:
    assert outcome(greeted("1"), json.dumps(message)) in (None, 4400, 4409, 4429)


def outcome(conversation: GraphQLWsProtocol, text: str) -> int | None:
    """The code that a message closes with, if it does."""
    try:
        conversation.hear(text)
    except ProtocolError as breach:
        return breach.code
    return None
