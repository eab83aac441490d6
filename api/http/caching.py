"""Cache-Control and ETag: shared caches keep public answers to queries by GET for a second, and nothing about a viewer."""

import hashlib
from collections.abc import Mapping

from api.http.header_cache import MAX_HEADER_LENGTH
from api.http.response_cache import CacheKey

PUBLIC = "public, max-age=1, stale-while-revalidate=10"
FOREVER = "public, max-age=31536000, immutable"  # under a name that changes with the content
PRIVATE = "private, no-store"
VARIES = "Accept, Accept-Language, Accept-Encoding"


def entity_tag(version: str, key: CacheKey) -> str:
    """The weak entity tag of an answer: the same in every process as long as the snapshot's version is the same."""
    version_bytes = f"{version} {key.language.name} {key.media_type.name} ".encode()
    return f'W/"{hashlib.sha256(version_bytes + key.content).hexdigest()[:32]}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether If-None-Match has this tag, by the weak comparison of RFC 9110."""
    if if_none_match is None:
        return False
    tags = {part.strip().removeprefix("W/") for part in if_none_match[:MAX_HEADER_LENGTH].split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def headers(tag: str | None) -> Mapping[str, str]:
    """The caching headers of an answer to a GET; one without a tag is private."""
    if tag is None:
        return {"Cache-Control": PRIVATE}
    return {"Cache-Control": PUBLIC, "ETag": tag, "Vary": VARIES}
