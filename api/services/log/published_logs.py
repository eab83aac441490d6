"""Show what is published of the logs: which there are, and their tiles and bundles as far as a checkpoint is about them."""

from collections.abc import Mapping, Sequence

from api.domain.log.bundles import first_entries
from api.domain.log.merkle import HASH_SIZE
from api.domain.log.published_log import PublishedLog
from api.domain.log.tiles import ENTRIES, TILE_HEIGHT, TILE_WIDTH, Tile
from api.ports.log_reader import LogReader, PublishedKeys
from api.services.snapshots import Snapshot

NONE: Sequence[PublishedLog] = ()


class PublishedLogs:
    """The logs as everybody sees them. prefix: of their origins. keys: None where the server has none, and shows no log."""

    def __init__(self, reader: LogReader, keys: PublishedKeys | None, prefix: str) -> None:
        self.reader = reader
        self.keys = keys
        self._prefix = prefix

    def newest(self, snapshot: Snapshot, campaign: str) -> PublishedLog:
        """The last generation of which anything is published; where nothing is, the log that there is or will be."""
        generations = snapshot.logs.get(campaign, NONE)
        shown = [log for log in generations if log.size] or generations
        return shown[-1] if shown else PublishedLog(0, campaign, 1, f"{self._prefix}/{campaign}")

    async def current(self, snapshot: Snapshot, campaign: str, generation: int) -> PublishedLog | None:
        """One generation as it is this very moment; the first one also before there is any of it."""
        found = await self.reader.log(campaign, generation)
        return self.newest(snapshot, campaign) if found is None and generation == 1 else found

    async def at_least(self, snapshot: Snapshot, campaign: str, generation: int, size: int) -> PublishedLog | None:
        """One generation, read again where the snapshot has it smaller: another process may have published more."""
        generations: Mapping[int, PublishedLog] = {log.generation: log for log in snapshot.logs.get(campaign, NONE)}
        known = generations.get(generation)
        if known is not None and known.size >= size:
            return known
        return await self.current(snapshot, campaign, generation)

    async def tile(self, log: PublishedLog, tile: Tile) -> bytes | None:
        """The content of a tile, or of a bundle of entries; None where the log does not have it, or not as full."""
        if log.size < size_with(tile):
            return None
        if tile.level == ENTRIES:
            bundle = await self.reader.bundle(log.id, tile.n)
            return None if bundle is None else first_entries(bundle.entries, tile.width)
        key = tile.level, tile.n
        return (await self.reader.tiles(log.id, [key])).get(key, b"")[: tile.width * HASH_SIZE] or None


def size_with(tile: Tile) -> int:
    """The size of the smallest tree in which a tile is as full as this."""
    return (tile.n * TILE_WIDTH + tile.width) << (TILE_HEIGHT * max(tile.level, 0))


def keys_text(keys: PublishedKeys, origin: str) -> str:
    """All keys of a log as they are published: one a line, those that sign checkpoints first, retired ones last."""
    published = (*keys.verifier_keys(origin), *keys.receipt_keys(origin), *keys.retired_keys(origin))
    return "".join(f"{key}\n" for key in published)
