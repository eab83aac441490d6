"""Entry bundles (tlog-tiles): 256 entries, each after its length in two bytes; beside them the ids of their ballots."""

from collections.abc import Sequence
from typing import NamedTuple

from api.domain.log.tiles import TILE_WIDTH

LENGTH_SIZE = 2  # bytes before each entry
ID_SIZE = 26  # characters of a ballot's id
NO_BALLOT = "-" * ID_SIZE


class Bundle(NamedTuple):
    """The entries as they are served, and the ids of their ballots, one after the other; dashes for what is no ballot."""

    entries: bytes = b""
    ballots: str = ""


class BundleError(ValueError):
    """The bytes of a bundle do not add up."""


def append_to_bundles(size: int, last: Bundle, entries: Sequence[bytes], ids: Sequence[str]) -> dict[int, Bundle]:
    """Return what entries at the end make of the bundles of a log of this size: the whole of each that has changed.

    last: the last bundle, while it is not full.
    """
    bundles, at = {}, 0
    n, present = divmod(size, TILE_WIDTH)
    while at < len(entries):
        end = min(at + TILE_WIDTH - present, len(entries))
        added = b"".join([len(entry).to_bytes(LENGTH_SIZE) + entry for entry in entries[at:end]])
        bundles[n] = Bundle(last.entries + added, last.ballots + "".join(ids[at:end]))
        n, present, last, at = n + 1, 0, Bundle(), end
    return bundles


def entries_in(bundle: bytes, width: int) -> list[bytes]:
    """Return the first entries of a bundle, so many. Raises BundleError."""
    entries, at, end = [], 0, len(bundle)
    for place in range(width):
        start = at + LENGTH_SIZE
        at = start + int.from_bytes(bundle[at:start])
        if start > end or at > end:
            raise BundleError(f"entry {place} is cut off")
        entries.append(bundle[start:at])
    return entries


def first_entries(bundle: bytes, width: int) -> bytes:
    """Return the beginning of a bundle: so many of its entries, each after its length."""
    end = 0
    for _ in range(width):
        end += LENGTH_SIZE + int.from_bytes(bundle[end : end + LENGTH_SIZE])
    return bundle[:end]


def ids_in(ballots: str) -> list[str]:
    """Return the ids that were written one after the other."""
    return [ballots[at : at + ID_SIZE] for at in range(0, len(ballots), ID_SIZE)]
