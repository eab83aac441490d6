"""Hash every entry up to the root, and compare with every tile: what differs is told apart by what leads to the signed root."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.merkle import HASH_SIZE, leaf_hash, root_from_inclusion
from api.domain.log.tile_proofs import inclusion_proof, tiles_for_inclusion
from api.domain.log.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    edge_tiles,
    perfect_root,
    root_from_tiles,
    tile_path,
    width_at,
)
from api.verifier.findings import FindingCode, LogBroken
from api.verifier.log_files import LogFiles, bundle_path, bundles, entry_path, split_bundle, tile_hashes


@dataclass(frozen=True, slots=True)
class Difference:
    """A hash in a tile that is not the one that follows from the entries."""

    level: int
    n: int
    place: int
    computed: bytes
    stored: bytes


class HashTree:
    """The tree over a log's entries. wanted: leaf hashes to look out for, whose indexes `found` has afterwards."""

    def __init__(self, files: LogFiles, size: int, wanted: Sequence[bytes] = ()) -> None:
        self._files, self._size = files, size
        self._rows: dict[int, list[bytes]] = {}  # by level, from 1 on: the roots of what is full below it
        self._edge: list[bytes] = []  # the leaf hashes of the last tile, where that is not full
        self._difference: Difference | None = None
        self._wanted = wanted
        self.found: dict[bytes, int] = {}

    def entries(self) -> Iterator[tuple[int, list[bytes]]]:
        """Yield the entries of each bundle, with the index of the first, while they are hashed."""
        row = self._rows[1] = []
        for first, _, entries in bundles(self._files, self._size):
            leaves = list(map(leaf_hash, entries))
            self._compare(0, first // TILE_WIDTH, leaves)
            for leaf in self._wanted:
                if leaf in leaves:
                    self.found[leaf] = first + leaves.index(leaf)
            if len(leaves) == TILE_WIDTH:
                row.append(perfect_root(leaves))
            else:
                self._edge = leaves
            yield first, entries

    def check(self, checkpoint: Checkpoint) -> None:
        """See that all tiles and the signed root are what the entries come to, once these have been gone through."""
        level = 1
        while hashes := self._rows.get(level):
            above = self._rows[level + 1] = []
            for n, start in enumerate(range(0, len(hashes), TILE_WIDTH)):
                row = hashes[start : start + TILE_WIDTH]
                self._compare(level, n, row)
                if len(row) == TILE_WIDTH:
                    above.append(perfect_root(row))
            level += 1
        if (root := self.root_at(self._size)) != checkpoint.root:
            raise self._changed(checkpoint, root)
        if self._difference is not None:
            raise _wrong_tile(self._difference, self._size)

    def root_at(self, size: int) -> bytes:
        """Return the root of the tree as it was at this size."""
        tiles = {(level, n): self._row(level, n, size) for level, n in edge_tiles(size)}
        return root_from_tiles(size, tiles)

    def row(self, tile: Tile) -> bytes:
        """Return what a tile, of this size of the log or an earlier one, has to hold."""
        if tile.level or tile.n * TILE_WIDTH + len(self._edge) == self._size:
            hashes = self._rows.get(tile.level, [])[tile.n * TILE_WIDTH :] if tile.level else self._edge
        else:
            hashes = self._leaves(tile.n)
        return b"".join(hashes[: tile.width])

    def _row(self, level: int, n: int, size: int) -> bytes:
        return self.row(Tile(level, n, width_at(level, n, size)))

    def _leaves(self, n: int) -> list[bytes]:
        path, width = bundle_path(n, self._size), width_at(0, n, self._size)
        return list(map(leaf_hash, split_bundle(self._files.find(path) or b"", width, path)))

    def _compare(self, level: int, n: int, computed: list[bytes]) -> None:
        """Keep the first difference between a tile and what lies below it; the size of each has to be right."""
        stored = tile_hashes(self._files, level, n, self._size)
        if self._difference is None and b"".join(computed) != stored:
            hashes = [stored[at : at + HASH_SIZE] for at in range(0, len(stored), HASH_SIZE)]
            place = next(place for place, (one, two) in enumerate(zip(computed, hashes, strict=True)) if one != two)
            self._difference = Difference(level, n, place, computed[place], hashes[place])

    def _changed(self, checkpoint: Checkpoint, root: bytes) -> LogBroken:
        """Return the finding where entries do not come to the root: the entry, where its tile does lead there."""
        difference = self._difference
        if difference is not None and difference.level == 0:
            index = difference.n * TILE_WIDTH + difference.place
            if self._leads_to(checkpoint.root, index, difference.stored):
                found = f"its hash is {difference.computed.hex()}"
                should = f"the hash that leads to the signed root is {difference.stored.hex()}"
                return LogBroken(FindingCode.ENTRY_CHANGED, entry_path(index, self._size), found, should, index)
        found = f"it says that {checkpoint.size} entries have the root {checkpoint.root.hex()}"
        first = "" if difference is None else f"; the first tile that differs is {_path(difference, self._size)}"
        return LogBroken(FindingCode.ROOT_WRONG, "checkpoint", found, f"they come to {root.hex()}{first}")

    def _leads_to(self, root: bytes, index: int, leaf: bytes) -> bool:
        """Tell whether the published tiles prove that the tree of this root has this leaf."""
        tiles: Mapping[tuple[int, int], bytes] = {
            place: tile_hashes(self._files, *place, self._size) for place in tiles_for_inclusion(index, self._size)
        }
        return root_from_inclusion(index, self._size, leaf, inclusion_proof(index, self._size, tiles)) == root


def _path(difference: Difference, size: int) -> str:
    return tile_path(Tile(difference.level, difference.n, width_at(difference.level, difference.n, size)))


def _wrong_tile(difference: Difference, size: int) -> LogBroken:
    below = 1 << TILE_HEIGHT * difference.level
    first = (difference.n * TILE_WIDTH + difference.place) * below
    of = f"entry {first}" if below == 1 else f"the entries {first} to {first + below - 1}"
    found = f"its hash {difference.place}, of {of}, is {difference.stored.hex()}"
    return LogBroken(
        FindingCode.TILE_WRONG, _path(difference, size), found, f"it should be {difference.computed.hex()}"
    )
