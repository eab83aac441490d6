"""What is said on a socket: the messages of `graphql-transport-ws`, one by one, and the code that ends a breach of it.

Nothing here reads or writes: a text goes in, and what it means comes out.
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

from api.domain.errors import ApiError
from api.http.requests import GraphQLParams, HttpError, bearer_token, nesting, params_from_fields
from api.limits import Limits
from api.services.rate_limiting import WINDOW

SUBPROTOCOL = "graphql-transport-ws"
MAX_ID_LENGTH = 128  # characters that a client may name an operation with
MAX_CLOSE_REASON_LENGTH = 120  # bytes; the frame that closes a socket has room for 123
ACKNOWLEDGED = '{"type":"connection_ack"}'
PING = '{"type":"ping"}'
PONG = '{"type":"pong"}'


class ProtocolError(Exception):
    """What the protocol closes a socket for: the code that it gives, and a reason for people."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:MAX_CLOSE_REASON_LENGTH].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    """connection_init, with what a request would have in its headers; None for what it lacks."""

    token: str | None
    languages: str | None


@dataclass(frozen=True, slots=True)
class Ping:
    """To be answered at once."""


@dataclass(frozen=True, slots=True)
class Pong:
    """To be answered with nothing; it says that somebody is there."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """subscribe: an operation of any kind, under a name that no other under way has."""

    id: str
    asked: GraphQLParams


@dataclass(frozen=True, slots=True)
class Complete:
    """complete: the client wants no more of an operation, which may have ended meanwhile."""

    id: str


ClientMessage: TypeAlias = ConnectionInit | Ping | Pong | Subscribe | Complete


class GraphQLWsProtocol:
    """One socket's. under_way holds the names of the operations that have begun and not ended."""

    __slots__ = ("_full_at", "_limits", "_under_way", "greeted")

    def __init__(self, under_way: Container[str], limits: Limits) -> None:
        self._under_way = under_way
        self._limits = limits
        self._full_at = 0.0  # the moment at which a whole minute's messages may come at once again
        self.greeted = False

    def count(self, now: float) -> None:
        """Take the message that comes at this moment, in seconds, out of the socket's bucket. Raises Breach."""
        most = self._limits.messages
        if most:
            self._full_at = max(self._full_at, now) + WINDOW / most
            if self._full_at > now + WINDOW:
                raise ProtocolError(4429, f"Too many messages: {most} a minute are taken")

    def hear(self, text: str | None) -> ClientMessage:
        """What a frame says; None stands for a binary one. Raises Breach."""
        message = _message(text, self._limits)
        match message["type"]:
            case "connection_init":
                return self._greeting(message)
            case "ping":
                return _with_payload(message, Ping())
            case "pong":
                return _with_payload(message, Pong())
            case "subscribe":
                return self._begin(message)
            case "complete":
                return Complete(_id(message))
            case other:
                raise ProtocolError(4400, f"A client sends no message of type “{other}”")

    def _greeting(self, message: dict[str, Any]) -> ConnectionInit:
        if self.greeted:
            raise ProtocolError(4429, "Too many initialisation requests")
        payload = _payload(message) or {}
        self.greeted = True
        return ConnectionInit(_token(payload), _text(payload, "Accept-Language"))

    def _begin(self, message: dict[str, Any]) -> Subscribe:
        name, fields = _id(message), message.get("payload")
        if not self.greeted:
            raise ProtocolError(4401, "Unauthorized")
        if name in self._under_way:
            raise ProtocolError(4409, f"Subscriber for {name} already exists")
        if not isinstance(fields, dict):
            raise ProtocolError(4400, "The payload of subscribe must be an object with a query")
        try:
            return Subscribe(name, params_from_fields(fields))
        except HttpError as refusal:
            raise ProtocolError(4400, str(refusal)) from None


def next_of(name: str, payload: str) -> str:
    """A result of an operation; the payload is JSON already."""
    return f'{{"id":{_quoted(name)},"type":"next","payload":{payload}}}'


def error_of(name: str, errors: str) -> str:
    """The end of an operation that was not executed; errors is a JSON list."""
    return f'{{"id":{_quoted(name)},"type":"error","payload":{errors}}}'


def complete_of(name: str) -> str:
    """The end of an operation after its last result."""
    return f'{{"id":{_quoted(name)},"type":"complete"}}'


def _quoted(name: str) -> str:
    return orjson.dumps(name).decode()


def _message(text: str | None, limits: Limits) -> dict[str, Any]:
    if text is None:
        raise ProtocolError(4400, "Messages are text frames, not binary ones")
    try:
        message = orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError):
        raise ProtocolError(4400, "A message must be JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ProtocolError(4400, "A message must be an object with a type")
    if text.count("[") + text.count("{") > limits.nesting:  # else it cannot be too deep
        _check_nesting(message.get("payload"), limits)
    return message


def _check_nesting(payload: Any, limits: Limits) -> None:
    """Of a payload as much is taken as of a request's body."""
    try:
        limits.check("nesting", nesting(payload))
    except ApiError as fault:
        raise ProtocolError(4400, str(fault)) from None


def _payload(message: dict[str, Any]) -> dict[str, Any] | None:
    payload = message.get("payload")
    if payload is None or isinstance(payload, dict):
        return payload
    raise ProtocolError(4400, f"The payload of {message['type']} must be an object, null or left out")


def _with_payload(message: dict[str, Any], heard: Ping | Pong) -> Ping | Pong:
    _payload(message)
    return heard


def _id(message: dict[str, Any]) -> str:
    name = message.get("id")
    if isinstance(name, str) and 0 < len(name) <= MAX_ID_LENGTH:
        return name
    raise ProtocolError(4400, f"{message['type']} needs an id: a string of 1 to {MAX_ID_LENGTH} characters")


def _token(payload: dict[str, Any]) -> str | None:
    """The token of a greeting: as the header Authorization would have it, or plainly as `token`."""
    token = bearer_token(_text(payload, "Authorization"))
    return _text(payload, "token") or None if token is None else token


def _text(payload: dict[str, Any], name: str) -> str | None:
    value = payload.get(name, payload.get(name.lower()))
    if value is None or isinstance(value, str):
        return value
    raise ProtocolError(4400, f"{name} must be a string")
