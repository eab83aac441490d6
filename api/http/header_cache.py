"""Cache what short header values are parsed to, and bound the length of what is parsed."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

Parsed = TypeVar("Parsed")
MAX_HEADER_LENGTH = 2_000  # characters of a value that are parsed; whatever follows them is left out
MAX_CACHED_LENGTH = 200  # characters; those of browsers and clients are shorter
MAX_CACHED_HEADERS = 256


def header_cache(parse: Callable[[Any], Parsed]) -> Callable[[str | bytes | None], Parsed]:
    """Cache a parser of header values, of text or in Latin-1. Long values are not kept: no client can fill the memory."""

    def parse_either(header: str | bytes | None) -> Parsed:
        return parse(header.decode("latin-1") if isinstance(header, bytes) else header)

    lru = lru_cache(MAX_CACHED_HEADERS)(parse_either)

    @wraps(parse)
    def cached_parse(header: str | bytes | None) -> Parsed:
        if header is not None and len(header) > MAX_CACHED_LENGTH:
            return parse_either(header)
        return lru(header)

    return cached_parse
