"""How a result is written down and sent: data, errors with their codes, and nothing of our own failures but an id."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from graphql import ExecutionResult, GraphQLError
from starlette.types import Send

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Language, Text
from api.http.negotiation import MediaType
from api.http.request_info import REQUEST_INFO
from api.limits import too_large
from api.services.rate_limiting import RateLimitResult

MAX_MESSAGE_LENGTH = 1000  # characters
NO_STORE = (b"cache-control", b"no-store")
CONTENT_TYPES = {media: (b"content-type", f"{media.value}; charset=utf-8".encode()) for media in MediaType}
log = logging.getLogger("pingxuan.http")


class HttpResponse(NamedTuple):
    """A response: its status, its headers as the wire has them, and its body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it whole."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


def json_response(
    body: dict[str, Any], media: MediaType, status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """An answer with this body. No cache keeps it unless the headers say so."""
    written = orjson.dumps(body)
    wire = [(b"content-length", b"%d" % len(written)), CONTENT_TYPES[media]]
    if headers:
        wire += encode_headers(headers)
    if headers is None or "Cache-Control" not in headers:
        wire.append(NO_STORE)
    return HttpResponse(status, wire, written)


def empty_response(status: int, headers: Mapping[str, str]) -> HttpResponse:
    """An answer whose status says everything."""
    return HttpResponse(status, encode_headers(headers), b"")


def encode_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as ASGI has them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def result_response(
    result: ExecutionResult, media: MediaType, language: Language, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer to an operation that was executed, or that could not be begun (then it has no data, not even null)."""
    body = result_body(result, language)
    return json_response(body, media, 200 if "data" in body or media is MediaType.JSON else 400, headers)


def error_result(fault: ApiError) -> ExecutionResult:
    """The result of an operation that ends with this fault."""
    return ExecutionResult(None, [GraphQLError(str(fault), original_error=fault)])


def limit_length(result: ExecutionResult, most: int) -> ExecutionResult:
    """A result whose data has at most so many bytes, or that it has more; what a mutation has done is done."""
    size = len(orjson.dumps(result.data))
    return error_result(too_large("answer", most, size)) if size > most else result


def result_body(result: ExecutionResult, language: Language) -> dict[str, Any]:
    """A result as it is answered, whichever way the answer goes."""
    errors = [format_error(error, language) for error in result.errors or ()]
    begun = result.data is not None or any(error.path for error in result.errors or ())
    body: dict[str, Any] = {"data": result.data} if begun else {}
    if errors:
        body["errors"] = errors
    if result.extensions:
        body["extensions"] = result.extensions
    return body


def error_response(
    fault: ApiError, media: MediaType, language: Language, status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer to a request that is refused before any of it is executed. One to be sent again later says when."""
    when = {"Retry-After": str(fault.details["retryAfter"])} if "retryAfter" in fault.details else {}
    return json_response({"errors": [error_dict(fault, language)]}, media, status, {**(headers or {}), **when})


def error_dict(fault: ApiError, language: Language) -> dict[str, Any]:
    """A fault as an error that stands at no place of a document."""
    return {"message": fault.message.to(language), "extensions": {"code": fault.code.name, **fault.details}}


def error_code(error: GraphQLError) -> ErrorCode:
    """Whose doing an error is: a fault's own code, INTERNAL for what we did not foresee, else the caller's."""
    cause = error.original_error
    if isinstance(cause, ApiError):
        return cause.code
    unforeseen = error.path and cause is not None and not isinstance(cause, GraphQLError)
    return ErrorCode.INTERNAL if unforeseen else ErrorCode.BAD_INPUT


def format_error(error: GraphQLError, language: Language) -> dict[str, Any]:
    """An error as the caller sees it. What we did not foresee is logged, and shown as an id alone."""
    shown = error.formatted
    cause = error.original_error
    if isinstance(cause, ApiError):
        shown["message"] = cause.message.to(language)
        return {**shown, "extensions": {"code": cause.code.name, **cause.details}}
    if cause is not None and error_code(error) is ErrorCode.INTERNAL:
        return {**shown, **mask_error(cause, language)}
    if cause is not None and not isinstance(cause, GraphQLError):
        shown["message"] = shown["message"].replace(
            str(cause), "not such a value"
        )  # Python's words are not for callers
    shown["message"] = _shortened(shown["message"])
    return {**shown, "extensions": {"code": ErrorCode.BAD_INPUT.name}}


def _shortened(message: str) -> str:
    """A message that quotes what the caller sent, but not all of it."""
    return message if len(message) <= MAX_MESSAGE_LENGTH else f"{message[: MAX_MESSAGE_LENGTH - 1]}…"


def mask_error(cause: BaseException, language: Language) -> dict[str, Any]:
    """Our own failure: what the caller may know of it. The log has the rest under the same id, the request's."""
    request_info = REQUEST_INFO.get()
    name = secrets.token_hex(8) if request_info is None else request_info.name
    log.error("failure %s", name, exc_info=cause)
    message = Text(f"服务器内部错误（编号{name}），请稍后重试。", f"The server failed (id {name}). Try again later.")
    return {"message": message.to(language), "extensions": {"code": ErrorCode.INTERNAL.name, "id": name}}


def rate_limit_headers(taken: RateLimitResult) -> list[tuple[bytes, bytes]]:
    """The fields of the IETF's draft on rate limits."""
    name = taken.bucket
    return [
        (b"ratelimit-policy", f'"{name}";q={taken.quota};w=60'.encode()),
        (b"ratelimit", f'"{name}";r={taken.left};t={int(taken.full) + 1}'.encode()),
    ]
