"""The messages of graphql-transport-ws that clients send, parsed without any input or output, and its close codes."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

from api.domain.errors import ApiError
from api.http.requests import GraphQLParams, HttpError, bearer_token, nesting, params_from_fields
from api.limits import Limits
from api.services.rate_limiting import WINDOW

SUBPROTOCOL = "graphql-transport-ws"
MAX_ID_LENGTH = 128  # characters of an operation's id
MAX_CLOSE_REASON_LENGTH = 120  # bytes; a close frame has room for 123


class ProtocolError(Exception):
    """A violation of the protocol, with the close code and the reason that end the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:MAX_CLOSE_REASON_LENGTH].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    """connection_init, with the token and the Accept-Language of its payload; None for what is absent."""

    token: str | None
    languages: str | None


@dataclass(frozen=True, slots=True)
class Ping:
    """ping, which is to be answered with a pong."""


@dataclass(frozen=True, slots=True)
class Pong:
    """pong, which needs no response."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """subscribe: an operation of any kind, under an id that no active operation has."""

    id: str
    params: GraphQLParams


@dataclass(frozen=True, slots=True)
class Complete:
    """complete: the client ends an operation, which may have ended already."""

    id: str


ClientMessage: TypeAlias = ConnectionInit | Ping | Pong | Subscribe | Complete


class GraphQLWsProtocol:
    """The state of the protocol on one socket. active_ids: the ids of the active operations, kept by the connection."""

    __slots__ = ("_active_ids", "_full_at", "_limits", "initialised")

    def __init__(self, active_ids: Container[str], limits: Limits) -> None:
        self._active_ids = active_ids
        self._limits = limits
        self._full_at = 0.0  # when the bucket will hold a whole minute's messages again
        self.initialised = False

    def count_message(self, now: float) -> None:
        """Count a message received at this time, in seconds, against the rate limit. Raises ProtocolError 4429."""
        per_minute = self._limits.messages
        if per_minute:
            self._full_at = max(self._full_at, now) + WINDOW / per_minute
            if self._full_at > now + WINDOW:
                raise ProtocolError(4429, f"Too many messages: at most {per_minute} a minute")

    def parse(self, text: str | None) -> ClientMessage:
        """Parse a text frame; None stands for a binary one. Raises ProtocolError."""
        message = _message(text, self._limits)
        match message["type"]:
            case "connection_init":
                return self._connection_init(message)
            case "ping":
                _payload(message)
                return Ping()
            case "pong":
                _payload(message)
                return Pong()
            case "subscribe":
                return self._subscribe(message)
            case "complete":
                return Complete(_id(message))
            case message_type:
                raise ProtocolError(4400, f"A client sends no message of type “{message_type}”")

    def _connection_init(self, message: dict[str, Any]) -> ConnectionInit:
        if self.initialised:
            raise ProtocolError(4429, "Too many initialisation requests")
        payload = _payload(message) or {}
        self.initialised = True
        return ConnectionInit(_token(payload), _text(payload, "Accept-Language"))

    def _subscribe(self, message: dict[str, Any]) -> Subscribe:
        operation_id, fields = _id(message), message.get("payload")
        if not self.initialised:
            raise ProtocolError(4401, "Unauthorized")
        if operation_id in self._active_ids:
            raise ProtocolError(4409, f"Subscriber for {operation_id} already exists")
        if not isinstance(fields, dict):
            raise ProtocolError(4400, "The payload of subscribe must be an object with a query")
        try:
            return Subscribe(operation_id, params_from_fields(fields))
        except HttpError as error:
            raise ProtocolError(4400, str(error)) from None


def _message(text: str | None, limits: Limits) -> dict[str, Any]:
    if text is None:
        raise ProtocolError(4400, "Messages are text frames, not binary ones")
    try:
        message = orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError):
        raise ProtocolError(4400, "A message must be JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ProtocolError(4400, "A message must be an object with a type")
    if text.count("[") + text.count("{") > limits.nesting:  # fewer brackets cannot nest too deeply
        _check_nesting(message.get("payload"), limits)
    return message


def _check_nesting(payload: Any, limits: Limits) -> None:
    """Hold a payload to the limit for request bodies. Raises ProtocolError 4400."""
    try:
        limits.check("nesting", nesting(payload))
    except ApiError as error:
        raise ProtocolError(4400, str(error)) from None


def _payload(message: dict[str, Any]) -> dict[str, Any] | None:
    payload = message.get("payload")
    if payload is None or isinstance(payload, dict):
        return payload
    raise ProtocolError(4400, f"The payload of {message['type']} must be an object, null or left out")


def _id(message: dict[str, Any]) -> str:
    operation_id = message.get("id")
    if isinstance(operation_id, str) and 0 < len(operation_id) <= MAX_ID_LENGTH:
        return operation_id
    raise ProtocolError(4400, f"{message['type']} needs an id: a string of 1 to {MAX_ID_LENGTH} characters")


def _token(payload: dict[str, Any]) -> str | None:
    """Return the token of a connection_init: a bearer token in `Authorization`, or else the plain `token`."""
    token = bearer_token(_text(payload, "Authorization"))
    return _text(payload, "token") or None if token is None else token


def _text(payload: dict[str, Any], name: str) -> str | None:
    value = payload.get(name, payload.get(name.lower()))
    if value is None or isinstance(value, str):
        return value
    raise ProtocolError(4400, f"{name} must be a string")
