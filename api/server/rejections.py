"""Responses that the server itself gives, where no application answers."""

import asyncio
import re
from collections.abc import Mapping

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Language, Text
from api.http.negotiation import MediaType, negotiate_language
from api.http.responses import HttpResponse, error_response, failure_response

ACCEPT_LANGUAGE = re.compile(rb"\r\naccept-language:([^\r\n]*)", re.IGNORECASE)
STOPPED = ApiError(
    ErrorCode.TIMEOUT,
    Text(
        "服务器正在停止，请求未能完成。选票可能已投出：请用同一idempotencyKey重试。",
        "The server stops, and the request was not answered in time. A ballot may have been cast: retry with the same key.",
    ),
    retryAfter=1,
)


def rejection(
    error: ApiError, status: int, language: Language = Language.ZH, headers: Mapping[str, str] | None = None
) -> bytes:
    """A response with this error as bytes, after which the connection is closed."""
    response = error_response(error, MediaType.JSON, language, status, {**(headers or {}), "Connection": "close"})
    head = b"".join(b"%s: %s\r\n" % header for header in response.headers)
    return STATUS_LINE[status] + head + b"\r\n" + response.body


def language_in(head: bytes) -> Language:
    """The language that a head asks for, as far as it has come and whether or not it can be parsed."""
    header = ACCEPT_LANGUAGE.search(head)
    return negotiate_language(None if header is None else header[1])


def last_resort(error: BaseException, language: Language) -> HttpResponse:
    """The response to a request that was cut off as the server stops, or whose application failed, which is logged."""
    if isinstance(error, asyncio.CancelledError):
        return error_response(STOPPED, MediaType.JSON, language, 503)
    return failure_response(error, MediaType.JSON, language)
