"""In which media type and language a caller wants the answer."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from api.domain.texts import Language
from api.http.header_cache import header_cache


class MediaType(Enum):
    """The two forms of a GraphQL answer. The first gives request errors a 4xx; the second keeps them at 200."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"


# What an Accept header may call each of them by, the most exact first. Where both are as welcome, the first is given.
RANGES = {media: (media.value, "application/*", "*/*") for media in (MediaType.JSON, MediaType.GRAPHQL)}
LANGUAGES = {"zh": Language.ZH, "en": Language.EN}


@header_cache
def media_type(accept: str | None) -> MediaType | None:
    """The form that an Accept header asks for: plain JSON when there is none; None when we have none of its forms."""
    if accept is None or not accept.strip():
        return MediaType.JSON
    weights = {value: (weight, -place) for place, (weight, value) in reversed(list(enumerate(_weights(accept))))}
    found = {media: _first(weights, names) for media, names in RANGES.items()}
    best = max(found, key=lambda media: found[media])
    return best if found[best][0] > 0 else None


@header_cache
def wants_events(accept: str | None) -> bool:
    """Whether an Accept header asks for an event stream before anything else: some clients list it last in each request."""
    return next(_preferred(accept or ""), None) == "text/event-stream"


@header_cache
def language(accept_language: str | None) -> Language:
    """The language that an Accept-Language header asks for; Chinese when that is unclear."""
    tags = (tag.partition("-")[0] for tag in _preferred(accept_language or ""))
    return next((LANGUAGES[tag] for tag in tags if tag in LANGUAGES), Language.ZH)


def _first(weights: Mapping[str, tuple[float, int]], names: Iterable[str]) -> tuple[float, int]:
    """How welcome something is that has these names: the weight of the first that is listed, and its place from behind."""
    return next((weights[name] for name in names if name in weights), (0.0, 0))


def _preferred(header: str) -> Iterator[str]:
    """The values of a header with quality weights, the best first, without those that are refused (q=0)."""
    for weight, value in sorted(_weights(header), key=lambda pair: -pair[0]):
        if weight > 0 and value:
            yield value


def _weights(header: str) -> list[tuple[float, str]]:
    return [_weighted(part) for part in header[:2000].split(",")]


def _weighted(part: str) -> tuple[float, str]:
    value, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return min(max(0.0, float(quality)), 1.0), value  # no number at all (nan) is not more than 0
    except ValueError:
        return 0.0, value
