"""Proofs from tiles: which tiles a proof needs, and the hashes that it is of."""

from collections.abc import Iterable, Iterator

from api.domain.log.merkle import node_hash
from api.domain.log.tiles import TILE_HEIGHT, Tiles, hashes_of, perfect_root


def tiles_for_inclusion(index: int, size: int) -> tuple[tuple[int, int], ...]:
    """Return the level and number of each tile from which a leaf's inclusion in the tree of this size is proved."""
    return _tiles_under(_inclusion_ranges(index, size))


def inclusion_proof(index: int, size: int, tiles: Tiles) -> list[bytes]:
    """Return the hashes that prove the leaf at `index` in the tree of this size (RFC 6962, section 2.1.1)."""
    return [_subtree_root(start, stop, tiles) for start, stop in _inclusion_ranges(index, size)]


def tiles_for_consistency(old_size: int, new_size: int) -> tuple[tuple[int, int], ...]:
    """Return the level and number of each tile from which it is proved that the new tree continues the old one."""
    return _tiles_under(_consistency_ranges(old_size, new_size))


def consistency_proof(old_size: int, new_size: int, tiles: Tiles) -> list[bytes]:
    """Return the hashes that prove that the new tree continues the old one (RFC 6962, section 2.1.2)."""
    return [_subtree_root(start, stop, tiles) for start, stop in _consistency_ranges(old_size, new_size)]


def _inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Return the leaves under each hash of the proof, from the lowest up."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    ranges, start, stop = [], 0, size
    while stop - start > 1:
        middle = start + _left_half(stop - start)
        if index < middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def _consistency_ranges(old_size: int, new_size: int) -> list[tuple[int, int]]:
    """Return the leaves under each hash of the proof, from the lowest up."""
    if not 0 <= old_size <= new_size:
        raise ValueError(f"a tree of {new_size} continues none of {old_size}")
    if old_size in {0, new_size}:
        return []
    ranges, start, stop = [], 0, new_size
    while stop != old_size:
        middle = start + _left_half(stop - start)
        if old_size <= middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # else it is the whole old tree, whose root the verifier has
        ranges.append((start, stop))
    return ranges[::-1]


def _left_half(width: int) -> int:
    """Return how many of so many leaves, two at least, are in the left subtree: the greatest smaller power of two."""
    return 1 << (width - 1).bit_length() - 1


def _tiles_under(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the tiles that hold the perfect subtrees of these ranges of leaves, each once."""
    places = {_place(start, height)[:2] for each in ranges for start, height in _perfect_subtrees(*each)}
    return tuple(sorted(places))


def _subtree_root(start: int, stop: int, tiles: Tiles) -> bytes:
    """Return the hash over a range of leaves that is a subtree of some tree."""
    roots = []
    for first, height in _perfect_subtrees(start, stop):
        level, n, place = _place(first, height)
        roots.append(perfect_root(hashes_of(tiles, level, n, place, place + (1 << height % TILE_HEIGHT))))
    root = roots.pop()
    while roots:
        root = node_hash(roots.pop(), root)
    return root


def _perfect_subtrees(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the first leaf and the height of each perfect subtree in a range, from left to right."""
    while start < stop:
        height = (stop - start).bit_length() - 1
        yield start, height
        start += 1 << height


def _place(first: int, height: int) -> tuple[int, int, int]:
    """Return the level and number of the tile that holds a perfect subtree, and the place of its first hash there."""
    level = height // TILE_HEIGHT
    n, place = divmod(first >> TILE_HEIGHT * level, 1 << TILE_HEIGHT)
    return level, n, place
