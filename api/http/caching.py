"""What a cache may keep: public answers to queries by GET, for a second, and nothing about the viewer."""

import hashlib
from collections.abc import Mapping

from api.http.response_cache import CacheKey

PUBLIC = "public, max-age=1, stale-while-revalidate=10"
PRIVATE = "private, no-store"
VARIES = "Accept, Accept-Language"


def entity_tag(version: str, question: CacheKey) -> str:
    """A weak tag of the answer to a query: the same while what it was asked of stays the same, in any process."""
    spoken = f"{version} {question.language.name} {question.media.name} ".encode()
    return f'W/"{hashlib.sha256(spoken + question.content).hexdigest()[:32]}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the caller has the answer with this tag already."""
    if if_none_match is None:
        return False
    known = {
        piece.strip().removeprefix("W/") for piece in if_none_match.split(",")
    }  # compared weakly, as RFC 9110 has it
    return "*" in known or tag.removeprefix("W/") in known


def headers(tag: str | None) -> Mapping[str, str]:
    """What the answer to a GET tells caches; one without a tag is not for them."""
    if tag is None:
        return {"Cache-Control": PRIVATE}
    return {"Cache-Control": PUBLIC, "ETag": tag, "Vary": VARIES}
