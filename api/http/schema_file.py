"""The schema as a file, for people who read it and tools that make code of it: no introspection, no session."""

import asyncio
import hashlib
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, Self

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


class SchemaFile(NamedTuple):
    """The file as it is sent. compressed: with gzip."""

    content: bytes
    compressed: bytes
    tag: str

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Compress it, and tag it by its digest."""
        return cls(content, gzipped(content, 9), f'W/"{hashlib.sha256(content).hexdigest()[:32]}"')


class SchemaEndpoint:
    """Answers at /schema.graphql. text: writes the schema, when it is first asked for; None: the server keeps it to itself."""

    def __init__(self, text: Callable[[], str] | None) -> None:
        self._file = None if text is None else cache(lambda: SchemaFile.of(text().encode()))

    @refusals_answered
    async def serve(self, request: Request) -> Response:
        """Serve the schema."""
        if self._file is None:
            raise not_found(
                Text(
                    "此服务器不公开其模式（introspection已关闭）。",
                    "This server keeps its schema to itself (introspection is off).",
                )
            )
        file = await asyncio.to_thread(self._file)
        headers = {
            "Cache-Control": FOR_MINUTES,
            "ETag": file.tag,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if is_known(file.tag, request.headers.get("if-none-match")):
            return Response(None, 304, headers)
        if accepts_gzip(request.headers.get("accept-encoding")):
            return Response(file.compressed, 200, {**headers, "Content-Encoding": "gzip"}, TEXT)
        return Response(file.content, 200, headers, TEXT)
