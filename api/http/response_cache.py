"""Which finished answers may be given again: those to public queries, word for word, until anything may have changed.

A thousand front-ends that show the same ranking ask the same question. It is answered once per snapshot: the answer is
kept under the very bytes that asked, for as long as the snapshot is the newest and no vote opens, closes or begins a
day. An answer about the viewer or about the moment is never kept, nor is one with an error.
"""

from typing import NamedTuple

from api.domain.texts import Language
from api.http.negotiation import MediaType
from api.http.responses import HttpResponse
from api.services.snapshots import Snapshot

MAX_CACHE_BYTES = 16 * 1024 * 1024  # of all that is kept; when they are reached, no more is
ENTRY_OVERHEAD = 5_000  # bytes that an answer takes beside its question and its body


class CacheKey(NamedTuple):
    """All that a public answer depends on, beside the state of what is stored."""

    method: str
    content: bytes
    language: Language
    media: MediaType


class CachedResponse(NamedTuple):
    """A finished answer. tag is its entity tag when it was asked for by GET; operation, what it was counted as."""

    answer: HttpResponse
    tag: str | None = None
    operation: str | None = None


class ResponseCache:
    """The public answers as of one snapshot, between two moments at which time alone changes what is said."""

    def __init__(self) -> None:
        self._as_of: tuple[Snapshot, int] | None = None
        self._answers: dict[CacheKey, CachedResponse] = {}
        self._bytes = 0

    def find(self, question: CacheKey, snapshot: Snapshot, turn: int) -> CachedResponse | None:
        """The answer to this question, if it was kept and still holds."""
        if self._as_of is None or self._as_of[0] is not snapshot or self._as_of[1] != turn:
            self._as_of, self._bytes = (snapshot, turn), 0
            self._answers.clear()
        return self._answers.get(question)

    def keep(self, question: CacheKey, snapshot: Snapshot, turn: int, found: CachedResponse) -> None:
        """Keep an answer to a public query, unless a newer snapshot has come while it was made, or there is no room."""
        size = ENTRY_OVERHEAD + len(question.content) + len(found.answer.body)
        newest = self._as_of is not None and self._as_of[0] is snapshot and self._as_of[1] == turn
        if newest and self._bytes + size <= MAX_CACHE_BYTES:
            self._bytes += size
            self._answers[question] = found
