"""Write results and errors as HTTP responses. Unexpected errors are masked: logged, and shown by an id alone."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import orjson
from graphql import ExecutionResult, GraphQLError
from starlette.types import Message, Send

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Language, Text
from api.execution.shared_parts import SharedPart, SharedPartList
from api.execution.translation import translated
from api.http.error_list import merge_errors
from api.http.negotiation import MediaType
from api.http.request import REQUEST, Headers
from api.http.requests import HttpError
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.limits import too_large
from api.services.rate_limiting import RateLimitResult

MAX_MESSAGE_LENGTH = 1000  # characters
NO_SUCH_VALUE = Text("不是这样的值", "not such a value")
NO_STORE = (b"cache-control", b"no-store")
CONTENT_TYPES = {each: (b"content-type", f"{each.value}; charset=utf-8".encode()) for each in MediaType}
WEBSOCKET = "websocket.http"
log = logging.getLogger("pingxuan.http")


class HttpResponse(NamedTuple):
    """A response: its status, its headers as ASGI has them, and its body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    async def send(self, send: Send, kind: str = "http") -> None:
        """Send the response in two ASGI messages. kind: WEBSOCKET where it stands in place of a WebSocket's handshake."""
        await send({"type": f"{kind}.response.start", "status": self.status, "headers": self.headers})
        await send({"type": f"{kind}.response.body", "body": self.body})


def sending_headers(send: Send, headers_of: Callable[[Message], Headers]) -> Send:
    """What sends a response with those headers that are made of its first message."""

    def send_with_headers(message: Message) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            message = {**message, "headers": headers_of(message)}
        return send(message)

    return send_with_headers


def json_response(
    body: dict[str, Any], media_type: MediaType, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """A response with this body. It has Cache-Control: no-store unless the headers say otherwise."""
    encoded = encode(body)
    header_lines = [(b"content-length", b"%d" % len(encoded)), CONTENT_TYPES[media_type]]
    if headers:
        header_lines += encode_headers(headers)
    if headers is None or "Cache-Control" not in headers:
        header_lines.append(NO_STORE)
    return HttpResponse(status, header_lines, encoded)


def encode(body: dict[str, Any]) -> bytes:
    """Encode JSON, of parts that are shared with other responses what was encoded before."""
    try:
        return orjson.dumps(body, _known_json, orjson.OPT_PASSTHROUGH_SUBCLASS)
    except TypeError:  # some other subclass of a JSON type
        return orjson.dumps(body)


def _known_json(value: object) -> orjson.Fragment:
    if type(value) in (SharedPartList, SharedPart):
        return orjson.Fragment(value.encoded)  # type: ignore[attr-defined]
    raise TypeError


def empty_response(status: int, headers: Mapping[str, str]) -> HttpResponse:
    """A response without a body, such as 304."""
    return HttpResponse(status, encode_headers(headers), b"")


def encode_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Encode headers as ASGI has them: lower-case names, both in Latin-1."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def error_result(error: ApiError) -> ExecutionResult:
    """The result of an operation that failed as a whole."""
    return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])


def limit_length(result: ExecutionResult, max_bytes: int) -> ExecutionResult:
    """The result, or QUERY_TOO_LARGE when its data has more bytes. What a mutation has done is done."""
    size = len(orjson.dumps(result.data))
    return error_result(too_large("answer", max_bytes, size)) if size > max_bytes else result


def result_body(result: ExecutionResult, language: Language) -> dict[str, Any]:
    """The body of a result, over HTTP, event streams and WebSockets alike.

    That of an operation whose execution could not begin has no `data`, not even null.
    """
    has_data = result.data is not None or any(error.path for error in result.errors or ())
    body: dict[str, Any] = {"data": result.data} if has_data else {}
    if result.errors:
        errors = [format_error(error, language) for error in result.errors]
        body["errors"] = errors if has_data else merge_errors(errors, language)
    if result.extensions:
        body["extensions"] = result.extensions
    return body


def error_response(
    error: ApiError, media_type: MediaType, language: Language, status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The response to a request that is refused before execution, with Retry-After where a retry may help."""
    retry_after = {"Retry-After": str(error.details["retryAfter"])} if "retryAfter" in error.details else {}
    return json_response(
        {"errors": [error_dict(error, language)]}, media_type, status, {**(headers or {}), **retry_after}
    )


def failure_response(
    error: BaseException,
    media_type: MediaType,
    language: Language,
    instrumentation: Instrumentation = NO_INSTRUMENTATION,
) -> HttpResponse:
    """The response to a request that is refused, or that fails: then no traceback is shown. It is counted."""
    if isinstance(error, HttpError):
        instrumentation.count_error(error.error.code.name)
        return error_response(error.error, media_type, language, error.status, error.headers)
    instrumentation.count_error(ErrorCode.INTERNAL.name)
    return json_response({"errors": [mask_error(error, language)]}, media_type, 500)


def error_dict(error: ApiError, language: Language) -> dict[str, Any]:
    """An error without locations and path."""
    return {"message": error.message.to(language), "extensions": {"code": error.code.name, **error.details}}


def error_code(error: GraphQLError) -> ErrorCode:
    """The code of an ApiError, INTERNAL for an unexpected exception in a resolver, else BAD_INPUT."""
    cause = error.original_error
    if isinstance(cause, ApiError):
        return cause.code
    unexpected = error.path and cause is not None and not isinstance(cause, GraphQLError)
    return ErrorCode.INTERNAL if unexpected else ErrorCode.BAD_INPUT


def format_error(error: GraphQLError, language: Language) -> dict[str, Any]:
    """An error as the caller sees it: with its code, in the caller's language, masked when it is unexpected."""
    formatted = error.formatted
    cause = error.original_error
    if isinstance(cause, ApiError):
        formatted["message"] = cause.message.to(language)
        return {**formatted, "extensions": {"code": cause.code.name, **cause.details}}
    if cause is not None and error_code(error) is ErrorCode.INTERNAL:
        return {**formatted, **mask_error(cause, language)}
    message = translated(error, language)
    if cause is not None and not isinstance(cause, GraphQLError) and str(cause):
        # Messages of Python's exceptions are not for callers.
        message = message.replace(str(cause), NO_SUCH_VALUE.to(language))
    formatted["message"] = _truncate(message)
    return {**formatted, "extensions": {"code": ErrorCode.BAD_INPUT.name}}


def _truncate(message: str) -> str:
    """Cut a message that quotes what the caller sent."""
    return message if len(message) <= MAX_MESSAGE_LENGTH else f"{message[: MAX_MESSAGE_LENGTH - 1]}…"


def mask_error(cause: BaseException, language: Language) -> dict[str, Any]:
    """Log an unexpected error, and show the caller its id alone, which is the request id."""
    request = REQUEST.get()
    request_id = secrets.token_hex(8) if request is None else request.request_id
    log.error("failure %s", request_id, exc_info=cause)
    message = Text(
        "服务器内部错误（编号{request_id}），请稍后重试。",
        "The server failed (id {request_id}). Try again later.",
        request_id=request_id,
    )
    return {"message": message.to(language), "extensions": {"code": ErrorCode.INTERNAL.name, "id": request_id}}


def rate_limit_headers(rate_limit: RateLimitResult) -> list[tuple[bytes, bytes]]:
    """The RateLimit and RateLimit-Policy headers of the IETF draft."""
    name = rate_limit.bucket
    return [
        (b"ratelimit-policy", f'"{name}";q={rate_limit.quota};w=60'.encode()),
        (b"ratelimit", f'"{name}";r={rate_limit.left};t={int(rate_limit.full) + 1}'.encode()),
    ]
