"""What the usual request passes, a POST to the GraphQL endpoint with a whole body, as ordinary calls: nothing of ASGI."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TypeAlias

from api.http.header_cache import MAX_CACHED_HEADERS, MAX_CACHED_LENGTH
from api.http.negotiation import negotiate_media_type
from api.http.request import Headers, Request
from api.http.requests import is_json
from api.http.responses import HttpResponse
from api.middleware.edge import Edge, complete_headers
from api.middleware.request_log import RequestLog
from api.subscriptions.sse.endpoint import TOKEN_HEADER

Respond: TypeAlias = Callable[[Request, bytes], HttpResponse | Awaitable[HttpResponse]]
PATH = "/graphql"
UNSUPPORTED = frozenset((b"transfer-encoding", b"content-encoding", b"expect", b"upgrade", TOKEN_HEADER))
MAX_LENGTH_DIGITS = 9  # of a Content-Length


class PlainPosts:
    """The request log, the edge and the endpoint, in this order. max_bytes: of a body.

    Whatever is unusual about the head of a request is for ASGI, which gives the same answers to the others as well.
    """

    def __init__(self, request_log: RequestLog, edge: Edge, respond: Respond, max_bytes: int) -> None:
        self._request_log = request_log
        self._edge = edge
        self._max_bytes = max_bytes
        self.respond = respond

    def takes(self, request: Request) -> bool:
        """Whether a POST to PATH is one of these by its headers, and has each of them once."""
        headers = request.headers
        length = headers.get(b"content-length", b"")
        content_type, accept = headers.get(b"content-type", b""), headers.get(b"accept", b"")
        return (
            length.isdigit()
            and len(length) <= MAX_LENGTH_DIGITS
            and int(length) <= self._max_bytes
            and len(headers) == len(request.lines)
            and UNSUPPORTED.isdisjoint(headers)
            and len(content_type) + len(accept) <= MAX_CACHED_LENGTH
            and _is_plain(content_type, accept)
        )

    def begin(self, request: Request) -> tuple[HttpResponse | None, Headers]:
        """Give it a request id, and admit or reject it, as Edge.admit does."""
        self._request_log.begin(request)
        return self._edge.admit(request)

    def end(self, request: Request, response: HttpResponse, edge_headers: Headers) -> Headers:
        """Count and log a response. Returns all its headers; the last has the request id."""
        request_id = self._request_log.end(request, response.status)
        return [*complete_headers(response.headers, edge_headers), request_id]


@lru_cache(MAX_CACHED_HEADERS)
def _is_plain(content_type: bytes, accept: bytes) -> bool:
    """Whether the body is JSON and the answer may be, and is not wanted as an event stream."""
    return is_json(content_type) and negotiate_media_type(accept) is not None and b"event-stream" not in accept
