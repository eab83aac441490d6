"""Parse HTTP requests into GraphQL parameters. What is malformed is refused with a status and a message, never guessed at."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl

import orjson

from api.context import Context
from api.domain.errors import ApiError, bad_input
from api.domain.texts import Language, Text
from api.domain.value_classes import value
from api.execution.limits.lexer_limits import bracket_depth
from api.http.header_cache import MAX_HEADER_LENGTH, header_cache
from api.limits import Limits, too_large

MAX_OPERATION_NAME_LENGTH = 200  # characters of an operation's name


class ContextFor(Protocol):
    """Makes contexts from language, token and address."""

    async def __call__(self, language: Language, token: str | None, address: str, *, drafts: bool = True) -> Context:
        """drafts: whether it has the drafts that the viewer may see."""
        ...


@value
class GraphQLParams:
    """The parameters of one operation. query is None where the document is named by its digest alone.

    by_get: it came by GET, so it may change nothing, and caches may keep the answer.
    """

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None
    by_get: bool


class HttpError(Exception):
    """A request that is refused before execution, with its HTTP status."""

    def __init__(self, status: int, error: ApiError, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(error))
        self.status = status
        self.error = error
        self.headers = headers or {}


def http_error(status: int, message: Text, **headers: str) -> HttpError:
    """The error of a request that is no GraphQL request, with its message in both languages."""
    return HttpError(status, bad_input(message), headers)


def parse_params(method: str, content: bytes, limits: Limits) -> GraphQLParams:
    """Parse the content of a GET or POST. Raises HttpError."""
    if method == "GET":
        return params_from_fields(_from_url(content, limits), by_get=True)
    return params_from_fields(_json(content, limits))


def _from_url(query: bytes, limits: Limits) -> dict[str, Any]:
    fields: dict[str, Any] = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = _json(fields[name].encode(), limits) if fields[name] else None
    return fields


@header_cache
def is_json(content_type: str) -> bool:
    """Whether a Content-Type is that of JSON in UTF-8."""
    media_type, *parameters = (part.strip().lower() for part in content_type[:MAX_HEADER_LENGTH].split(";"))
    charset = next((p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")), "utf-8")
    return media_type == "application/json" and charset in ("utf-8", "utf8")


def _json(raw: bytes, limits: Limits) -> Any:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        _check_nesting(bracket_depth(raw.decode("utf-8", "replace")), limits)
        raise http_error(
            400,
            Text(
                "内容不是有效的JSON。",
                "This is not valid JSON: {msg} at character {pos}.",
                msg=error.msg,
                pos=error.pos,
            ),
        ) from None
    # With fewer brackets it cannot be too deep. bytes.count would take five times as long.
    if 2 * len(raw) - len(raw.replace(b"[", b"")) - len(raw.replace(b"{", b"")) > limits.nesting:
        _check_nesting(nesting(value), limits)
    return value


def _check_nesting(actual: int, limits: Limits) -> None:
    if actual > limits.nesting:
        raise HttpError(400, too_large("nesting", limits.nesting, actual))


def nesting(value: Any) -> int:
    """The depth of nested lists and objects."""
    containers, depth = [value] if isinstance(value, dict | list) else [], 0
    while containers:
        depth += 1
        children = (item for each in containers for item in (each.values() if isinstance(each, dict) else each))
        containers = [item for item in children if isinstance(item, dict | list)]
    return depth


def params_from_fields(fields: Any, *, by_get: bool = False) -> GraphQLParams:
    """Read the parameters from a decoded JSON value, which is mostly a document with variables. Raises HttpError."""
    if isinstance(fields, list):
        message = Text("不支持批量请求，请逐个发送。", "Batches are not taken here: send one operation a request.")
        raise HttpError(400, bad_input(message, limit="batch", most=1, actual=len(fields)))
    if not isinstance(fields, dict):
        raise http_error(400, Text("请求须为JSON对象。", "A request is a JSON object with a `query`."))
    query, name = fields.get("query"), fields.get("operationName")
    variables, extensions = fields.get("variables"), fields.get("extensions")
    if not (extensions is None or isinstance(extensions, dict)):
        raise _no_object("extensions")
    if extensions is not None and "persistedQuery" in extensions and query in (None, ""):
        query = None
    elif not isinstance(query, str) or not query or query.isspace():
        raise http_error(
            400, Text("query须为GraphQL文档（字符串）。", "`query` must be a GraphQL document, as a string.")
        )
    if not (variables is None or isinstance(variables, dict)):
        raise _no_object("variables")
    if not (name is None or (isinstance(name, str) and len(name) <= MAX_OPERATION_NAME_LENGTH)):
        raise _no_name()
    return GraphQLParams(query, variables, name or None, extensions, by_get)


def _no_object(name: str) -> HttpError:
    return http_error(400, Text("{name}须为JSON对象或null。", "`{name}` must be a JSON object or null.", name=name))


def _no_name() -> HttpError:
    return http_error(
        400,
        Text(
            "operationName须为不超过{max_operation_name_length}个字符的字符串或null。",
            "`operationName` must be null or a string of at most {max_operation_name_length} characters.",
            max_operation_name_length=MAX_OPERATION_NAME_LENGTH,
        ),
    )


def bearer_token(header: str | None) -> str | None:
    """The token of an Authorization header; another scheme's credentials are a token that will not verify."""
    if header is None:
        return None
    if header.startswith("Bearer "):  # as nearly everybody spells it
        return header[len("Bearer ") :].strip()
    if not header.strip():
        return None
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
