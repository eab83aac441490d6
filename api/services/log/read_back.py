"""Read a log back from storage, and hash it anew: what is signed is what can be read."""

import asyncio
from collections.abc import Mapping

from api.domain.log.bundles import BundleError, entries_in
from api.domain.log.merkle import HASH_SIZE, leaf_hash
from api.domain.log.tiles import (
    ENTRIES,
    TILE_WIDTH,
    Tile,
    TileKey,
    edge_tiles,
    perfect_root,
    root_from_tiles,
    tile_path,
    width_at,
)
from api.ports.log import Head, Log, LogDamagedError, SealingStore

AT_ONCE = 32  # bundles that are read at a time
ADVICE = "Nothing is signed until it is restored from a backup, or the log goes on with `pingxuan log continue`."


async def read_back(store: SealingStore, log: Log, start: int) -> None:
    """Hash the entries from `start` on and all above them, and compare with what is stored. Raises LogDamagedError."""
    roots = await _check_entries(store, log, start // TILE_WIDTH)
    level = 1
    while roots:
        roots = await _check_level(store, log, level, roots)
        level += 1
    await check_root(store, log, Head(log.origin, log.size, log.root))


async def check_root(store: SealingStore, log: Log, head: Head) -> None:
    """See that the tiles give this root at this size. Raises LogDamagedError."""
    if await root_at(store, log, head.size) != head.root:
        raise LogDamagedError(
            f"The tiles of {log.origin} do not give the root that it has at size {head.size}. {ADVICE}"
        )


async def root_at(store: SealingStore, log: Log, size: int) -> bytes | None:
    """The root that the tiles give at a size; None where tiles are missing."""
    tiles = await read_tiles(store, log, edge_tiles(size))
    try:
        return root_from_tiles(size, tiles)
    except ValueError:
        return None


async def read_tiles(store: SealingStore, log: Log, keys: tuple[TileKey, ...]) -> Mapping[TileKey, bytes]:
    """The tiles among these that are stored."""
    tiles = {}
    for level, n in keys:
        for hashes in (await store.tiles(log.id, level, n, n + 1)).values():
            tiles[level, n] = hashes
    return tiles


async def _check_entries(store: SealingStore, log: Log, first: int) -> Mapping[int, bytes]:
    """Compare bundles with the lowest tiles; return the roots of those tiles that are full."""
    roots: dict[int, bytes] = {}
    end = -(-log.size // TILE_WIDTH)
    for start in range(first, end, AT_ONCE):
        stop = min(start + AT_ONCE, end)
        bundles = await store.bundles(log.id, start, stop)
        tiles = await store.tiles(log.id, 0, start, stop)
        roots |= await asyncio.to_thread(_check_bundles, log, range(start, stop), bundles, tiles)
    return roots


def _check_bundles(
    log: Log, numbers: range, bundles: Mapping[int, bytes], tiles: Mapping[int, bytes]
) -> dict[int, bytes]:
    roots = {}
    for n in numbers:
        width = width_at(ENTRIES, n, log.size)
        try:
            leaves = [leaf_hash(entry) for entry in entries_in(bundles.get(n, b""), width)]
        except BundleError as error:
            raise _damaged(log, Tile(ENTRIES, n, width), str(error)) from None
        _compare(log, Tile(0, n, width), leaves, tiles.get(n, b""))
        if width == TILE_WIDTH:
            roots[n] = perfect_root(leaves)
    return roots


async def _check_level(store: SealingStore, log: Log, level: int, roots: Mapping[int, bytes]) -> Mapping[int, bytes]:
    """Compare the roots of tiles with the level above; return the roots of those tiles there that are full."""
    first, last = min(roots) // TILE_WIDTH, max(roots) // TILE_WIDTH
    stored = await store.tiles(log.id, level, first, last + 1)
    above = {}
    for n in range(first, last + 1):
        width = width_at(level, n, log.size)
        hashes = stored.get(n, b"")[: width * HASH_SIZE]
        row = [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]
        known = [roots.get(n * TILE_WIDTH + place) for place in range(width)]
        for place, root in enumerate(known):
            if root is not None and (place >= len(row) or row[place] != root):
                raise _damaged(log, Tile(level, n, width), f"hash {place} is not that of the tile below it")
        if width == TILE_WIDTH:
            above[n] = perfect_root(row)
    return above


def _compare(log: Log, tile: Tile, leaves: list[bytes], hashes: bytes) -> None:
    if b"".join(leaves) == hashes[: tile.width * HASH_SIZE]:
        return
    place = next(n for n, leaf in enumerate(leaves) if hashes[n * HASH_SIZE : (n + 1) * HASH_SIZE] != leaf)
    bundle, index = tile_path(Tile(ENTRIES, tile.n, tile.width)), tile.n * TILE_WIDTH + place
    raise _damaged(log, tile, f"hash {place} is not that of entry {index} in {bundle}")


def _damaged(log: Log, tile: Tile, what: str) -> LogDamagedError:
    return LogDamagedError(f"The log {log.origin} is damaged in {tile_path(tile)}: {what}. {ADVICE}")
