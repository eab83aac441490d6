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


def parse(protocol: GraphQLWsProtocol, message: Any) -> Any:
    return protocol.parse(message if message is None or isinstance(message, str) else json.dumps(message))


def code_of(protocol: GraphQLWsProtocol, message: Any) -> int:
    with pytest.raises(ProtocolError) as caught:
        parse(protocol, message)
    assert len(caught.value.reason.encode()) <= 123
    return caught.value.code


def new_protocol(*active_ids: str) -> GraphQLWsProtocol:
    return GraphQLWsProtocol(set(active_ids), Limits())


def initialised(*active_ids: str) -> GraphQLWsProtocol:
    protocol = new_protocol(*active_ids)
    parse(protocol, INIT)
    return protocol


@pytest.mark.parametrize("message", MALFORMED, ids=lambda message: str(message)[:60])
def test_what_is_malformed_closes_with_4400(message: Any) -> None:
    protocol = new_protocol() if isinstance(message, dict) and message.get("type") == INIT["type"] else initialised()
    assert code_of(protocol, message) == 4400


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
    assert parse(new_protocol(), INIT | payload) == ConnectionInit(token, None)


@pytest.mark.parametrize("depth", [59, 200, 900])
def test_a_payload_nests_no_deeper_than_a_body(depth: int) -> None:
    for nested in ("[" * depth + "]" * depth, '{"x":' * depth + "1" + "}" * depth):
        text = f'{{"type":"subscribe","id":"1","payload":{{"query":"{{ x }}","variables":{{"x":{nested}}}}}}}'
        with pytest.raises(ProtocolError, match=f"{depth + 2} levels of brackets; at most 60"):
            initialised().parse(text)
    assert isinstance(initialised().parse(text.replace(nested, "[" * 58 + "]" * 58)), Subscribe)


def test_a_second_greeting_closes_with_4429() -> None:
    assert code_of(initialised(), INIT) == 4429


def test_an_operation_before_the_greeting_closes_with_4401() -> None:
    assert code_of(new_protocol(), SUBSCRIBE) == 4401


def test_a_name_that_is_taken_closes_with_4409() -> None:
    assert code_of(initialised("1"), SUBSCRIBE) == 4409


def test_an_operation_begins_and_finishes() -> None:
    subscribe = parse(initialised(), SUBSCRIBE)
    assert isinstance(subscribe, Subscribe)
    assert (subscribe.id, subscribe.params.query, subscribe.params.by_get) == ("1", "{ x }", False)
    assert parse(initialised(), {"type": "complete", "id": "1"}) == Complete("1")


def test_pings_and_pongs_may_come_at_any_time() -> None:
    for payload in ({}, {"payload": None}, {"payload": {"a": 1}}):
        assert parse(new_protocol(), {"type": "ping"} | payload) == Ping()
        assert parse(new_protocol(), {"type": "pong"} | payload) == Pong()


@given(MESSAGES | ANYTHING)
def test_whatever_comes_is_understood_or_closed_with_a_code_of_the_protocol(message: Any) -> None:
    assert outcome(initialised("1"), json.dumps(message)) in (None, 4400, 4409, 4429)


def outcome(protocol: GraphQLWsProtocol, text: str) -> int | None:
    """The code that a message closes with, if it does."""
    try:
        protocol.parse(text)
    except ProtocolError as error:
        return error.code
    return None
