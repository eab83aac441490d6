"""What a cache may keep: public answers to queries by GET, for a second, and nothing about the viewer."""

import hashlib
from collections.abc import Mapping

from api.domain.texts import Language
from api.http.negotiation import MediaType
from api.http.requests import Asked

PUBLIC = "public, max-age=1, stale-while-revalidate=10"
PRIVATE = "private, no-store"
VARIES = "Accept, Accept-Language"


def entity_tag(version: str, wanted: Asked, language: Language, media: MediaType) -> str:
    """A weak tag of the answer to a query: the same while what it was asked of stays the same, in any process."""
    asked_for = repr((version, wanted.query, wanted.extensions, wanted.variables, wanted.operation_name))
    digest = hashlib.sha256(f"{asked_for}{language.name}{media.name}".encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the caller has the answer with this tag already."""
    return if_none_match is not None and tag in (known.strip() for known in if_none_match.split(","))


def headers(tag: str, *, shareable: bool) -> Mapping[str, str]:
    """What the answer tells caches."""
    if not shareable:
        return {"Cache-Control": PRIVATE}
    return {"Cache-Control": PUBLIC, "ETag": tag, "Vary": VARIES}
