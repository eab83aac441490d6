"""Cache what short header values are parsed to, and bound the length of what is parsed."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Header = TypeVar("Header", bound=str | None)
Parsed = TypeVar("Parsed")
MAX_HEADER_LENGTH = 2_000  # characters of a value that are parsed; whatever follows them is left out
MAX_CACHED_LENGTH = 200  # characters; those of browsers and clients are shorter
MAX_CACHED_HEADERS = 256


def header_cache(parse: Callable[[Header], Parsed]) -> Callable[[Header], Parsed]:
    """Cache a parser of header values. Long values are not kept, so that no client can fill the memory with them."""
    lru = lru_cache(MAX_CACHED_HEADERS)(parse)

    @wraps(parse)
    def cached_parse(header: Header) -> Parsed:
        if header is not None and len(header) > MAX_CACHED_LENGTH:
            return parse(header)
        return lru(header)

    return cached_parse
