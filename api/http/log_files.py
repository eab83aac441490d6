"""The files of ballot logs (tlog-tiles): anybody fetches, copies and checks them, from any page and by any cache."""

import asyncio
import hashlib
from datetime import datetime
from typing import NamedTuple

from starlette import requests
from starlette.responses import Response

from api.domain.campaigns.campaign import Campaign
from api.domain.log.published_log import PublishedLog
from api.domain.log.tiles import ENTRIES, Tile, parse_openings_path, parse_tile_path
from api.http.caching import FOREVER, is_known
from api.http.compression import MIN_BYTES, gzipped
from api.http.log_paths import (
    FOLDER,
    HIDDEN,
    NO_DOCUMENT,
    NO_FILE,
    NOTHING_YET,
    LogFile,
    no_log,
    not_published,
    parse_document_path,
    parse_log_path,
)
from api.http.negotiation import accepts_gzip
from api.http.refusals import refusals_answered
from api.ports.log_reader import PublishedKeys
from api.services.log.openings import LogOpenings
from api.services.log.published_logs import PublishedLogs, keys_text, size_with
from api.services.published import Published
from api.services.snapshots import Snapshot

ROUTE = FOLDER + "{path:path}"
BRIEFLY = "public, max-age=2"  # seconds
FOR_MINUTES = "public, max-age=300"  # keys are rotated
TEXT_FILES = ("checkpoint", "keys", "policy")
TEXT, BYTES, JSON = "text/plain; charset=utf-8", "application/octet-stream", "application/json"
MAX_GZIP_BYTES = 65_536  # what is longer is compressed in a thread


class Shown(NamedTuple):
    """A file as it is served."""

    content: bytes
    media_type: str
    cache_control: str
    compressible: bool = False


class LogFilesEndpoint:
    """Answers below /log/. published: what everybody sees, and the moment at which they do. root_path: of addresses."""

    def __init__(
        self,
        logs: PublishedLogs,
        openings: LogOpenings,
        published: Published,
        root_path: str = "",
    ) -> None:
        self._logs = logs
        self._openings = openings
        self._published = published
        self._no_log = no_log(root_path)

    @refusals_answered
    async def serve(self, request: requests.Request) -> Response:
        """Serve one file, as far as a checkpoint that is published is about it."""
        asked = parse_log_path(request.scope["path"], request.scope.get("raw_path"))
        if asked is None:
            raise NO_FILE
        snapshot, now = await self._published()
        campaign = snapshot.directory.campaigns.get(asked.slug)
        if self._logs.keys is None or campaign is None:
            raise self._no_log
        return await _response(request, await self._file(asked, campaign, snapshot, now))

    async def _file(self, asked: LogFile, campaign: Campaign, snapshot: Snapshot, now: datetime) -> Shown:
        if (tile := parse_tile_path(asked.path)) is not None:
            return await self._tile(asked, tile, snapshot)
        if (tile := parse_openings_path(asked.path)) is not None:
            return await self._opened(asked, tile, campaign, snapshot, now)
        if (sha256 := parse_document_path(asked.path)) is not None:
            return await self._document(asked, sha256, snapshot)
        if asked.path not in TEXT_FILES:
            raise NO_FILE
        log = await self._logs.current(snapshot, asked.slug, asked.generation)
        if log is None or self._logs.keys is None:
            raise self._no_log
        if asked.path != "checkpoint":
            return Shown(_keys_or_policy(asked.path, self._logs.keys, log.origin).encode(), TEXT, FOR_MINUTES)
        if log.note is None:
            raise NOTHING_YET
        return Shown(log.note.encode(), TEXT, BRIEFLY)

    async def _log(self, asked: LogFile, snapshot: Snapshot, size: int) -> PublishedLog:
        """The log, with the larger of these sizes: the one that is asked for, or the one that is published."""
        log = await self._logs.at_least(snapshot, asked.slug, asked.generation, size)
        if log is None:
            raise self._no_log
        if not log.size:
            raise NOTHING_YET
        return log

    async def _tile(self, asked: LogFile, tile: Tile, snapshot: Snapshot) -> Shown:
        log = await self._log(asked, snapshot, size_with(tile))
        content = await self._logs.tile(log, tile)
        if content is None:
            raise not_published(log, tile, asked.path)
        return Shown(content, BYTES, FOREVER, compressible=tile.level == ENTRIES)

    async def _opened(self, asked: LogFile, tile: Tile, campaign: Campaign, snapshot: Snapshot, now: datetime) -> Shown:
        log = await self._log(asked, snapshot, size_with(tile))
        if not log.is_countable(campaign, now):  # unless another process has published since that voting is over
            log = await self._logs.current(snapshot, asked.slug, asked.generation) or log
        if not log.is_countable(campaign, now):
            raise HIDDEN
        text = await self._openings.bundle(log, campaign, tile)
        if text is None:
            raise not_published(log, tile, asked.path)
        return Shown(text.encode(), TEXT, FOREVER, compressible=True)

    async def _document(self, asked: LogFile, sha256: str, snapshot: Snapshot) -> Shown:
        await self._log(asked, snapshot, 1)
        content = await self._logs.reader.document(asked.slug, sha256)
        if content is None:
            raise NO_DOCUMENT
        return Shown(content, JSON, FOREVER, compressible=True)


def _keys_or_policy(path: str, keys: PublishedKeys, origin: str) -> str:
    return keys.policy(origin) if path == "policy" else keys_text(keys, origin)


async def _response(request: requests.Request, shown: Shown) -> Response:
    """The response with a file: compressed for a client that takes that, and only its head for one that has it."""
    tag = f'"{hashlib.sha256(shown.content).hexdigest()[:32]}"'
    headers = {"Cache-Control": shown.cache_control, "ETag": tag}
    if shown.compressible:
        headers |= {"ETag": f"W/{tag}", "Vary": "Accept-Encoding"}
    if is_known(tag, request.headers.get("if-none-match")):
        return Response(None, 304, headers)
    content = shown.content
    compress = shown.compressible and len(content) >= MIN_BYTES
    if compress and accepts_gzip(request.headers.get("accept-encoding")):
        headers["Content-Encoding"] = "gzip"
        content = await _compressed(content)
    return Response(content, 200, headers, shown.media_type)


async def _compressed(content: bytes) -> bytes:
    if len(content) > MAX_GZIP_BYTES:
        return await asyncio.to_thread(gzipped, content, 9)
    return gzipped(content, 6)
