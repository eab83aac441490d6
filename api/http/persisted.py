"""Automatic persisted queries: a client sends the SHA-256 of a document the server knows, instead of the document.

While the server does not know the digest, the answer is the error PERSISTED_QUERY_NOT_FOUND; the client then sends document
and digest together, once. Each process keeps valid documents only, and drops the least recently used first.
"""

import hashlib
import re
from collections import OrderedDict
from typing import Any

from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.execution.documents import MAX_CACHED_DOCUMENTS, MAX_CACHED_LENGTH
from api.http.requests import http_error

DIGEST = re.compile(r"[0-9a-f]{64}")


def digest_in(extensions: dict[str, Any]) -> str | None:
    """The digest in the extensions of a request. Raises HttpError for one of another form or version."""
    persisted_query = extensions.get("persistedQuery")
    if persisted_query is None:
        return None
    is_version_1 = isinstance(persisted_query, dict) and persisted_query.get("version") == 1
    digest = persisted_query.get("sha256Hash") if is_version_1 else None
    if isinstance(digest, str) and DIGEST.fullmatch(digest):
        return digest
    raise http_error(
        400,
        Text(
            "extensions.persistedQuery须为{version: 1, sha256Hash: 64位小写十六进制}。",
            "extensions.persistedQuery must be {version: 1, sha256Hash: 64 lower-case hexadecimal digits}.",
        ),
    )


class PersistedDocuments:
    """The documents of this process by their digests: at most MAX_CACHED_DOCUMENTS, none longer than MAX_CACHED_LENGTH."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()

    def text(self, digest: str) -> str:
        """The document with this digest. Raises ApiError PERSISTED_QUERY_NOT_FOUND."""
        if digest not in self._texts:
            raise ApiError(
                ErrorCode.PERSISTED_QUERY_NOT_FOUND,
                Text(
                    "未找到此摘要的文档，请连同文档重新发送。",
                    "PersistedQueryNotFound: send the document with its digest once.",
                ),
            )
        self._texts.move_to_end(digest)
        return self._texts[digest]

    def remember(self, digest: str, text: str) -> None:
        """Keep a valid document under its digest."""
        if len(text) <= MAX_CACHED_LENGTH:
            self._texts[digest] = text
            self._texts.move_to_end(digest)
        if len(self._texts) > MAX_CACHED_DOCUMENTS:
            self._texts.popitem(last=False)


def check_digest(digest: str, text: str) -> None:
    """Raise HttpError unless the digest is the document's."""
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise http_error(400, Text("sha256Hash与query不符。", "sha256Hash is not the SHA-256 of `query`."))
