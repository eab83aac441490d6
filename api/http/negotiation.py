"""Content negotiation: media type, language and compression of an answer, by Accept, Accept-Language and Accept-Encoding."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from api.domain.texts import Language
from api.http.header_cache import MAX_HEADER_LENGTH, header_cache


class MediaType(Enum):
    """The two forms of a GraphQL answer. The first gives request errors a 4xx; the second keeps them at 200."""

    __hash__ = object.__hash__  # members are equal to themselves alone; Enum's own is not in C

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"


# The media ranges that match each type, the most exact first. At equal quality the first type is given.
RANGES = {media_type: (media_type.value, "application/*", "*/*") for media_type in (MediaType.JSON, MediaType.GRAPHQL)}
LANGUAGES = {"zh": Language.ZH, "cmn": Language.ZH, "en": Language.EN}
TRADITIONAL = {"hant", "tw", "hk", "mo"}  # scripts and regions of Chinese that is written in traditional characters


@header_cache
def negotiate_media_type(accept: str | None) -> MediaType | None:
    """The media type for an Accept header: plain JSON without one; None when it allows neither of ours."""
    if accept is None or not accept.strip():
        return MediaType.JSON
    listed = {value: (quality, -place) for place, (quality, value) in reversed(list(enumerate(_qualities(accept))))}
    qualities = {media_type: _quality_of(listed, names) for media_type, names in RANGES.items()}
    preferred = max(qualities, key=lambda media_type: qualities[media_type])
    return preferred if qualities[preferred][0] > 0 else None


@header_cache
def wants_events(accept: str | None) -> bool:
    """Whether Accept prefers an event stream to everything else; some clients list it last in every request."""
    return next(_by_preference(accept or ""), None) == "text/event-stream"


@header_cache
def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether Accept-Encoding names gzip, and not with quality 0."""
    return "gzip" in _by_preference(accept_encoding or "")


@header_cache
def negotiate_language(accept_language: str | None) -> Language:
    """The language for an Accept-Language header: the preferred one of ours; Chinese when it has none of them.

    Its ranges may have hyphens or underscores (`en-US`, `en_US.UTF-8`). `*` is Chinese or English, whatever is not named
    beside it.
    """
    ranges = [(quality, value, _language_of(value)) for quality, value in _qualities(accept_language or "")]
    named = {language for _, _, language in ranges}
    refused = {language for quality, _, language in ranges if language and quality == 0}
    others = [language for language in (Language.ZH, Language.EN) if language not in named]
    for quality, value, language in sorted(ranges, key=lambda each: -each[0]):
        if quality > 0 and language:
            return language
        if quality > 0 and value == "*" and others:
            return others[0]
    return Language.EN if refused == {Language.ZH} else Language.ZH


def _language_of(language_range: str) -> Language | None:
    """The language of ours that a range such as `zh-Hant-TW` means; `zh-Hans-HK` is simplified."""
    name, *parts = re.split(r"[-_.@]", language_range)
    language = LANGUAGES.get(name)
    if language is Language.ZH and "hans" not in parts and not TRADITIONAL.isdisjoint(parts):
        return Language.ZH_HANT
    return language


def _quality_of(listed: Mapping[str, tuple[float, int]], names: Iterable[str]) -> tuple[float, int]:
    """The quality of the first of these names that is listed, and its place from the end; (0, 0) for none."""
    return next((listed[name] for name in names if name in listed), (0.0, 0))


def _by_preference(header: str) -> Iterator[str]:
    """The values of a header by descending quality, without those of quality 0."""
    for quality, value in sorted(_qualities(header), key=lambda pair: -pair[0]):
        if quality > 0 and value:
            yield value


def _qualities(header: str) -> list[tuple[float, str]]:
    return [_quality(part) for part in header[:MAX_HEADER_LENGTH].split(",")]


def _quality(part: str) -> tuple[float, str]:
    value, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return min(max(0.0, float(quality)), 1.0), value  # no number at all (nan) is not more than 0
    except ValueError:
        return 0.0, value
