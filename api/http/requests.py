"""What an HTTP request asks of GraphQL. What is malformed is refused with a status and a sentence, never guessed at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from api.domain.texts import Text

MOST_BYTES = 1024 * 1024  # of a request's body
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


async def asked(request: Request) -> Asked:
    """What the request asks. Raises Refused."""
    if request.method == "GET":
        return operation(_from_url(request.query_params), by_get=True)
    if request.method != "POST":
        raise refused(405, "只接受GET和POST。", "Only GET and POST are taken here.", Allow="GET, POST")
    _check_content_type(request.headers.get("content-type", ""))
    return operation(_json(await _body(request)), by_get=False)


async def _body(request: Request) -> bytes:
    """The whole body, as long as it is not too long: then it is not even read."""
    length = request.headers.get("content-length", "0")
    body = bytearray()
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise _too_long()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise _too_long()
    return bytes(body)


def _too_long() -> Refused:
    return refused(413, f"请求体不得超过{MOST_BYTES}字节。", f"The body of a request takes at most {MOST_BYTES} bytes.")


def _from_url(parameters: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = dict(parameters)
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = _json(fields[name].encode()) if fields[name] else None
    return fields


def _check_content_type(header: str) -> None:
    kind, *parameters = (piece.strip().lower() for piece in header.split(";"))
    charset = next((p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")), "utf-8")
    if kind != "application/json" or charset not in ("utf-8", "utf8"):
        raise refused(
            415,
            "请求的Content-Type须为application/json(UTF-8)。",
            f"POST takes Content-Type application/json in UTF-8, not “{header[:80]}”.",
        )


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
