"""Tiles of 256 hashes (tlog-tiles): what they are called, how full they are, and how the tree grows by them.

A tile of level L holds, from left to right, the roots of subtrees of 256^L leaves. What it holds in a smaller tree is the
beginning of what it holds in a larger one, so one row for each (level, n) that grows until it is full is enough.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from api.domain.log.merkle import EMPTY_ROOT, HASH_SIZE, node_hash, parents

TILE_WIDTH = 256
TILE_HEIGHT = 8  # levels of the tree in a tile
ENTRIES = -1  # the level of an entry bundle
ENTRIES_FOLDER, OPENINGS_FOLDER = "tile/entries/", "openings/"  # both are numbered in the same way
MAX_LEVEL = 63
PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<n>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?", re.ASCII
)

TileKey: TypeAlias = tuple[int, int]
"""The level and the number of a tile, as in its path."""

Tiles: TypeAlias = Mapping[TileKey, bytes]
"""Hashes of tiles by level and number. A row may be longer than the tree in question makes it."""


class Tile(NamedTuple):
    """A tile, or an entry bundle, as full as it is in some tree."""

    level: int
    n: int
    width: int


class Appended(NamedTuple):
    """What a tree has become: its size and root, and the whole new content of each tile that has changed."""

    size: int
    root: bytes
    tiles: dict[TileKey, bytes]


def tile_path(tile: Tile) -> str:
    """Return the path of a tile below its log."""
    level = "entries" if tile.level == ENTRIES else str(tile.level)
    return f"tile/{level}/{numbered_path(tile.n, tile.width)}"


def numbered_path(n: int, width: int) -> str:
    """Return the part of a path that tells one tile of a level from others."""
    groups = [f"{n % 1000:03d}"]
    while n := n // 1000:
        groups.append(f"x{n % 1000:03d}")
    return "/".join(reversed(groups)) + ("" if width == TILE_WIDTH else f".p/{width}")


def parse_tile_path(path: str) -> Tile | None:
    """Return the tile that has exactly this path; None for any other text."""
    if (match := PATH.fullmatch(path)) is None:
        return None
    level = ENTRIES if match["level"] == "entries" else int(match["level"])
    n = int(re.sub("[x/]", "", match["n"]))
    tile = Tile(level, n, int(match["width"] or TILE_WIDTH))
    is_possible = level <= MAX_LEVEL and 0 < tile.width <= TILE_WIDTH
    return tile if is_possible and tile_path(tile) == path else None


def openings_path(n: int, width: int) -> str:
    """Return the path of what opens the ballots of a bundle of entries."""
    return OPENINGS_FOLDER + numbered_path(n, width)


def parse_openings_path(path: str) -> Tile | None:
    """Return the bundle of entries whose openings have exactly this path; None for any other text."""
    is_one = path.startswith(OPENINGS_FOLDER)
    return parse_tile_path(ENTRIES_FOLDER + path.removeprefix(OPENINGS_FOLDER)) if is_one else None


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield all bundles and tiles of a tree, each as full as it is, the bundles first."""
    for level in range(ENTRIES, MAX_LEVEL + 1):
        n = 0
        while width := width_at(level, n, size):
            yield Tile(level, n, width)
            n += 1


def width_at(level: int, n: int, size: int) -> int:
    """Return how many hashes, or entries, this tile has in a tree of this size; 0 where there is no such tile."""
    hashes = size >> TILE_HEIGHT * max(level, 0)
    return min(max(hashes - n * TILE_WIDTH, 0), TILE_WIDTH)


def edge_tiles(size: int) -> tuple[TileKey, ...]:
    """Return the partial tiles of a tree, by level and number: all that its root, and appending to it, depend on."""
    edge = []
    for level in range(MAX_LEVEL + 1):
        hashes = size >> TILE_HEIGHT * level
        if not hashes:
            break
        if hashes % TILE_WIDTH:
            edge.append((level, hashes // TILE_WIDTH))
    return tuple(edge)


def root_from_tiles(size: int, tiles: Tiles) -> bytes:
    """Return the root of the tree of this size, from the tiles that `edge_tiles` names."""
    root = None
    for level, n in edge_tiles(size):
        row = hashes_of(tiles, level, n, 0, width_at(level, n, size))
        while row:
            last = len(row) & -len(row)  # the rightmost of the perfect subtrees
            subtree = perfect_root(row[-last:])
            root = subtree if root is None else node_hash(subtree, root)
            del row[-last:]
    return EMPTY_ROOT if root is None else root


def append(size: int, edge: Tiles, leaves: Sequence[bytes]) -> Appended:
    """Return what leaf hashes at the end make of a tree of this size, of which `edge` has what `edge_tiles` names."""
    changed: dict[TileKey, bytes] = {}
    new_size, new = size + len(leaves), list(leaves)
    for level in range(MAX_LEVEL + 1):
        if not new:
            break
        first, present = divmod(size >> TILE_HEIGHT * level, TILE_WIDTH)
        row = hashes_of(edge, level, first, 0, present) + new
        new = []
        for start in range(0, len(row), TILE_WIDTH):
            tile = row[start : start + TILE_WIDTH]
            changed[level, first + start // TILE_WIDTH] = b"".join(tile)
            if len(tile) == TILE_WIDTH:
                new.append(perfect_root(tile))
    return Appended(new_size, root_from_tiles(new_size, {**edge, **changed}), changed)


def perfect_root(row: list[bytes]) -> bytes:
    """Return the root over a row of 2^k hashes."""
    while len(row) > 1:
        row = parents(row)
    return row[0]


def hashes_of(tiles: Tiles, level: int, n: int, start: int, stop: int) -> list[bytes]:
    """Return the hashes of a tile from `start` to `stop`. Raises ValueError where the tile is missing or has fewer."""
    if start == stop:
        return []
    row = tiles.get((level, n), b"")
    if len(row) < stop * HASH_SIZE:
        raise ValueError(
            f"tile {n} of level {level} has {len(row) // HASH_SIZE} hashes, not the {stop} that are needed"
        )
    return [row[at : at + HASH_SIZE] for at in range(start * HASH_SIZE, stop * HASH_SIZE, HASH_SIZE)]
