"""Read the content of HTTP requests over ASGI, never more of it than it may have."""

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from api.domain.texts import Text
from api.http.request import Request
from api.http.requests import HttpError, http_error, is_json
from api.limits import too_large

MAX_CONTENT_LENGTH_DIGITS = 20  # digits of a Content-Length


async def read_content(request: Request, receive: Receive, max_bytes: int) -> bytes:
    """Read the query string of a GET or the body of a POST. Raises HttpError and ClientDisconnect."""
    if request.method == "GET":
        return request.query_string
    if request.method != "POST":
        raise http_error(405, Text("只接受GET和POST。", "Only GET and POST are taken here."), Allow="GET, POST")
    content_type = request.header(b"content-type") or ""
    if not is_json(content_type):
        raise http_error(
            415,
            Text(
                "请求的Content-Type须为application/json(UTF-8)。",
                "POST takes Content-Type application/json in UTF-8, not “{content_type}”.",
                content_type=content_type[:80],
            ),
        )
    if request.is_compressed:
        raise http_error(
            415,
            Text(
                "请求体不可压缩：请去掉Content-Encoding。",
                "Bodies are taken as they are: send none with Content-Encoding.",
            ),
            **{"Accept-Encoding": "identity"},
        )
    return await read_body(request, receive, max_bytes)


async def read_body(request: Request, receive: Receive, max_bytes: int, limit: str = "body") -> bytes:
    """Read the whole body. Raises HttpError 413 for more bytes, before it reads them, and ClientDisconnect.

    limit: the name of the limit that max_bytes is.
    """
    if (length := content_length(request) or 0) > max_bytes:
        raise HttpError(413, too_large(limit, max_bytes, length))
    first, more = await _receive_chunk(receive)
    if not more:
        return first
    body = bytearray(first)
    while more:
        chunk, more = await _receive_chunk(receive)
        body += chunk
        if len(body) > max_bytes:
            raise HttpError(413, too_large(limit, max_bytes, len(body)))
    return bytes(body)


def content_length(request: Request) -> int | None:
    """How many bytes the body has; None where only its end will tell. Raises HttpError 400."""
    length = request.header(b"content-length")
    if length is None:
        return None if b"transfer-encoding" in request.headers else 0
    if not length.isdecimal() or len(length) > MAX_CONTENT_LENGTH_DIGITS:
        raise http_error(400, Text("Content-Length须为数字。", "Content-Length must be a number of bytes."))
    return int(length)


async def _receive_chunk(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), message.get("more_body", False)
