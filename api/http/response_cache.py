"""Cache the responses to public queries for as long as their snapshot is the newest.

A thousand front-ends that show the same ranking send the same query; it is executed once per snapshot. The key is the very
bytes of the request. The cache is emptied when a newer snapshot comes, and when a vote opens, closes or begins a day. A
response about the viewer or about the moment is never kept, nor is one with an error, nor one to a question that nobody has
asked before: most of those come once, and to keep and to compress them costs more than to execute them.
"""

from typing import NamedTuple

from api.domain.texts import Language
from api.http.compression import MIN_BYTES, CompressibleResponse
from api.http.negotiation import MediaType
from api.http.responses import HttpResponse
from api.services.snapshots import Snapshot

MAX_CACHE_BYTES = 16 * 1024 * 1024  # of all responses; no more are kept beyond
ENTRY_OVERHEAD = 5_000  # bytes that an entry takes beside its key and its body
MAX_ASKED = 4_096  # questions that are certainly known to have been asked before; up to twice as many are


class CacheKey(NamedTuple):
    """All that a public response depends on, besides the snapshot."""

    method: str
    content: bytes
    language: Language
    media_type: MediaType


class CachedResponse(NamedTuple):
    """A response. tag: its entity tag, for a GET; operation: the name it is counted under in metrics.

    signed_out_only: whether it is another one for whoever is signed in. compressible: the same, where it may be compressed.
    """

    response: HttpResponse
    tag: str | None = None
    operation: str | None = None
    signed_out_only: bool = False
    compressible: CompressibleResponse | None = None

    def to_be_compressed(self) -> "CachedResponse":
        """The same for whoever takes it compressed, where it is long enough for that."""
        if len(self.response.body) < MIN_BYTES:
            return self
        return self._replace(compressible=CompressibleResponse(self.response))


class Doorkeeper:
    """Lets in whoever comes a second time. Of those who came first it has forgotten the oldest half when there are too many."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._seen_before: set[int] = set()

    def admits(self, key: CacheKey) -> bool:
        """Whether this key, or one with the same hash, came before."""
        digest = hash(key)
        if digest in self._seen:
            return True
        if len(self._seen) == MAX_ASKED:
            self._seen, self._seen_before = set(), self._seen
        self._seen.add(digest)
        return digest in self._seen_before


class ResponseCache:
    """The public responses of one snapshot, between two transitions of its campaigns."""

    def __init__(self) -> None:
        self._as_of: tuple[Snapshot, int] | None = None
        self._responses: dict[CacheKey, CachedResponse] = {}
        self._bytes = 0
        self._doorkeeper = Doorkeeper()

    def find(self, key: CacheKey, snapshot: Snapshot, transitions: int) -> CachedResponse | None:
        """The cached response, if there is one that still holds."""
        if self._as_of is None or self._as_of[0] is not snapshot or self._as_of[1] != transitions:
            self._as_of, self._bytes = (snapshot, transitions), 0
            self._responses.clear()
        return self._responses.get(key)

    def keep(self, key: CacheKey, snapshot: Snapshot, transitions: int, cached: CachedResponse) -> CachedResponse:
        """Keep a response, unless a newer snapshot has come while it was made, or there is no room, or it is a first one.

        Returns it as whoever has asked may get it: compressed, where it is long enough and not a first one.
        """
        if not self._doorkeeper.admits(key):
            return cached
        cached, body = cached.to_be_compressed(), len(cached.response.body)
        compressed = body // 2 if cached.compressible else 0  # at most, about
        size = ENTRY_OVERHEAD + len(key.content) + body + compressed
        is_current = self._as_of is not None and self._as_of[0] is snapshot and self._as_of[1] == transitions
        if is_current and self._bytes + size <= MAX_CACHE_BYTES:
            self._bytes += size
            self._responses[key] = cached
        return cached
