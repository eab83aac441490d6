"""What an HTTP request asks of GraphQL. What is malformed is refused with a status and a sentence, never guessed at."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from api.domain.texts import Text

MOST_BYTES = 1024 * 1024  # of a request's body
LONGEST_LENGTH = 20  # digits of a Content-Length
LONGEST_NAME = 200  # characters of an operation's name


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation as it was asked for: by its document, by the document's digest, or by both.

    by_get: by GET, which may change nothing, and whose answer a cache may keep.
    """

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None
    by_get: bool


class Refused(Exception):
    """A request that is no GraphQL request, with the HTTP status that says so."""

    def __init__(self, status: int, message: Text, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message.en)
        self.status = status
        self.message = message
        self.headers = headers or {}


def refused(status: int, zh: str, en: str, **headers: str) -> Refused:
    """A refusal in both languages."""
    return Refused(status, Text(zh, en), headers)


class Arrived:
    """An HTTP request as it comes in. Of headers of one name the first counts."""

    __slots__ = ("_headers", "_receive", "method", "url_query")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.method: str = scope["method"]
        self.url_query: bytes = scope["query_string"]
        self._headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        self._receive = receive

    def header(self, name: bytes) -> str | None:
        """The header of this lower-case name."""
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    async def body(self) -> bytes:
        """The whole body, as long as it is not too long: then it is not even read. Raises Refused, ClientDisconnect."""
        length = self.header(b"content-length") or "0"
        if not length.isdecimal() or len(length) > LONGEST_LENGTH or int(length) > MOST_BYTES:
            raise _too_long()
        first, more = await self._part()
        return await self._whole(bytearray(first)) if more else first

    async def _whole(self, body: bytearray) -> bytes:
        more = True
        while more:
            part, more = await self._part()
            body += part
            if len(body) > MOST_BYTES:
                raise _too_long()
        return bytes(body)

    async def _part(self) -> tuple[bytes, bool]:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        return message.get("body", b""), message.get("more_body", False)


def _too_long() -> Refused:
    return refused(413, f"请求体不得超过{MOST_BYTES}字节。", f"The body of a request takes at most {MOST_BYTES} bytes.")


async def content_of(request: Arrived) -> bytes:
    """The bytes that say what the request asks: a GET's query string or a POST's body. Raises Refused."""
    if request.method == "GET":
        return request.url_query
    if request.method != "POST":
        raise refused(405, "只接受GET和POST。", "Only GET and POST are taken here.", Allow="GET, POST")
    kind = request.header(b"content-type") or ""
    if not _is_json(kind):
        raise refused(
            415,
            "请求的Content-Type须为application/json(UTF-8)。",
            f"POST takes Content-Type application/json in UTF-8, not “{kind[:80]}”.",
        )
    return await request.body()


def asked(method: str, content: bytes) -> Asked:
    """What a GET or POST asks by its content. Raises Refused."""
    return operation(_from_url(content), by_get=True) if method == "GET" else operation(_json(content))


def _from_url(query: bytes) -> dict[str, Any]:
    fields: dict[str, Any] = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = _json(fields[name].encode()) if fields[name] else None
    return fields


@lru_cache(maxsize=256)
def _is_json(content_type: str) -> bool:
    kind, *parameters = (piece.strip().lower() for piece in content_type.split(";"))
    charset = next((p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")), "utf-8")
    return kind == "application/json" and charset in ("utf-8", "utf8")


def _json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise refused(
            400, "内容不是有效的JSON。", f"This is not valid JSON: {error.msg} at character {error.pos}."
        ) from None


def operation(fields: Any, *, by_get: bool = False) -> Asked:
    """What the fields of a request ask. Raises Refused."""
    if isinstance(fields, list):
        raise refused(400, "不支持批量请求，请逐个发送。", "Batches are not taken here: send one operation a request.")
    if not isinstance(fields, dict):
        raise refused(400, "请求须为JSON对象。", "A request is a JSON object with a `query`.")
    extensions = _object(fields, "extensions")
    persisted = extensions is not None and "persistedQuery" in extensions
    return Asked(
        query=None if persisted and fields.get("query") in (None, "") else _text(fields, "query"),
        variables=_object(fields, "variables"),
        operation_name=_name(fields),
        extensions=extensions,
        by_get=by_get,
    )


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str) and value.strip():
        return value
    raise refused(400, f"{name}须为GraphQL文档（字符串）。", f"`{name}` must be a GraphQL document, as a string.")


def _object(fields: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = fields.get(name)
    if value is None or isinstance(value, dict):
        return value
    raise refused(400, f"{name}须为JSON对象或null。", f"`{name}` must be a JSON object or null.")


def _name(fields: dict[str, Any]) -> str | None:
    value = fields.get("operationName")
    if value is None or (isinstance(value, str) and len(value) <= LONGEST_NAME):
        return value or None
    raise refused(
        400,
        f"operationName须为不超过{LONGEST_NAME}个字符的字符串或null。",
        f"`operationName` must be null or a string of at most {LONGEST_NAME} characters.",
    )


def bearer(header: str | None) -> str | None:
    """The token of an Authorization header; another scheme's credentials are a token that will not verify."""
    if header is None or not header.strip():
        return None
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
