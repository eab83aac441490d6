"""The whole of what is published of a log, as files: the same paths as are served, in a folder that anybody can verify."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.log.bundles import entries_in
from api.domain.log.entries import ResultEntry, RulesEntry, SelectionEntry, parse_entry
from api.domain.log.published_log import PublishedLog
from api.domain.log.tiles import ENTRIES, Tile, openings_path, tile_path, tiles_of
from api.services.log.openings import LogOpenings
from api.services.log.published_logs import PublishedLogs, keys_text


@dataclass(frozen=True)
class LogFiles:
    """Reads the files of a log from storage, one at a time. now: for whether the commitments may be opened."""

    logs: PublishedLogs
    openings: LogOpenings
    campaign: Campaign
    now: datetime

    async def of(self, log: PublishedLog) -> AsyncIterator[tuple[str, bytes]]:
        """Path and content of each file, the checkpoint at the end, when all that it is about is there.

        Raises ValueError where nothing is published, and LookupError where storage lacks what is.
        """
        note = str(log.signed_note)
        documents: set[str] = set()
        for tile in tiles_of(log.size):
            content = await self.logs.tile(log, tile)
            if content is None:
                raise LookupError(tile_path(tile))
            yield tile_path(tile), content
            if tile.level == ENTRIES:
                documents.update(_documents(entries_in(content, tile.width)))
                opened = await self._opened(log, tile)
                if opened is not None:
                    yield openings_path(tile.n, tile.width), opened
        for sha256 in sorted(documents):
            yield f"documents/{sha256}", await self._document(sha256)
        if self.logs.keys is not None:
            yield "keys", keys_text(self.logs.keys, log.origin).encode()
            yield "policy", self.logs.keys.policy(log.origin).encode()
        yield "checkpoint", note.encode()

    async def _opened(self, log: PublishedLog, tile: Tile) -> bytes | None:
        if not log.is_countable(self.campaign, self.now):
            return None
        text = await self.openings.bundle(log, self.campaign, tile)
        return None if text is None else text.encode()

    async def _document(self, sha256: str) -> bytes:
        content = await self.logs.reader.document(self.campaign.slug, sha256)
        if content is None:
            raise LookupError(f"documents/{sha256}")
        return content


def _documents(entries: list[bytes]) -> Iterator[str]:
    """The digests of the documents that entries commit to."""
    for line in entries:
        if line.startswith(b"ballot "):
            continue
        entry = parse_entry(line)
        if isinstance(entry, RulesEntry | ResultEntry):
            yield entry.sha256
        elif isinstance(entry, SelectionEntry):
            yield entry.trace_sha256
            yield entry.record_sha256
