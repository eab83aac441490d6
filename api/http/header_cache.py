"""What does a header mean? What was found out is kept for the next request with the same one, as long as it is short."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Header = TypeVar("Header", bound=str | None)
Meaning = TypeVar("Meaning")
MAX_CACHED_LENGTH = 200  # characters; those of browsers and clients are shorter
MAX_CACHED_HEADERS = 256


def header_cache(find: Callable[[Header], Meaning]) -> Callable[[Header], Meaning]:
    """The same function, which remembers what it found; no caller can fill memory with long headers."""
    known = lru_cache(MAX_CACHED_HEADERS)(find)

    @wraps(find)
    def found(header: Header) -> Meaning:
        if header is not None and len(header) > MAX_CACHED_LENGTH:
            return find(header)
        return known(header)

    return found
