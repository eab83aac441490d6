"""The schema as a file, for people who read it and tools that make code of it: no introspection, no session."""

import asyncio
import hashlib
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from api.domain.errors import not_found
from api.domain.texts import Text
from api.http.caching import is_known
from api.http.compression import gzipped
from api.http.negotiation import accepts_gzip
from api.http.refusals import refusals_answered

ROUTE = "/schema.graphql"
FOR_MINUTES = "public, max-age=300"  # the next version may have more
TEXT = "text/plain; charset=utf-8"  # browsers show it; no type of its own is registered


class SchemaEndpoint:
    """Answers at /schema.graphql with the text of the schema; None where the server keeps it to itself."""

    def __init__(self, text: str | None) -> None:
        self._content = b"" if text is None else text.encode()
        self._tag = f'W/"{hashlib.sha256(self._content).hexdigest()[:32]}"'
        self._compress = cache(gzipped)

    @refusals_answered
    async def serve(self, request: Request) -> Response:
        """Serve the schema."""
        content = self._content
        if not content:
            raise not_found(
                Text(
                    "此服务器不公开其模式（introspection已关闭）。",
                    "This server keeps its schema to itself (introspection is off).",
                )
            )
        headers = {
            "Cache-Control": FOR_MINUTES,
            "ETag": self._tag,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if is_known(self._tag, request.headers.get("if-none-match")):
            return Response(None, 304, headers)
        if accepts_gzip(request.headers.get("accept-encoding")):
            headers["Content-Encoding"] = "gzip"
            content = await asyncio.to_thread(self._compress, content, 9)
        return Response(content, 200, headers, TEXT)
