"""Fetch a published ballot log into a folder, file by file, with several requests under way."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path

import aiohttp
from yarl import URL

from api.cli.errors import CommandError
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import NoteError, SignedNote
from api.domain.log.tiles import ENTRIES, TILE_WIDTH, Tile, openings_path, tile_path, tiles_of, width_at

REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=40)  # seconds
MAX_ATTEMPTS, RETRY_INTERVAL = 4, 0.5  # seconds before the second attempt; twice that before the third, and so on
MAX_WAIT = 60.0  # seconds that a server may ask for
AT_ONCE = 16  # requests
MAX_FILE = 64 * 1024 * 1024  # bytes: more than any file of a log has
MAX_ENTRIES = 100_000_000  # more than any log has that is no trap
CHUNK = 64 * 1024
TOO_MANY_REQUESTS = 429
COMMITTED = re.compile(
    rb"(?:rules|result) ([0-9a-f]{64})|selection [!-~]+ [0-9]+ [0-9a-f]{64} ([0-9a-f]{64})"
)  # no ballot, ruling or number has such words in it
CHECKPOINT = "checkpoint"


class LogDownload:
    """The download of one log to a folder, which may have files of an earlier one: what never changes is not fetched again."""

    def __init__(self, session: aiohttp.ClientSession, url: str, folder: Path) -> None:
        self._session, self._folder = session, folder
        self._base = _address(url)
        self._place = self._base.with_user(None)  # without a password

    async def run(self) -> None:
        """Fetch whatever there is of the log at its present size. What is missing, or is no log, the verification tells."""
        checkpoint = await self._with_retries(lambda: self._get(CHECKPOINT))
        if checkpoint is None:
            raise CommandError(f"{self._place} has no ballot log: no “checkpoint” is below it; see that it is right.")
        for path in ("keys", "policy"):  # they change
            if not await self._fetch(path):
                (self._folder / path).unlink(missing_ok=True)
        size = _size(checkpoint)
        if size > MAX_ENTRIES:
            raise CommandError(f"{self._base} says that it has {size:,} entries; at most {MAX_ENTRIES:,} are fetched.")
        await self._fetch_tree(size)
        self._keep_last_checkpoint(checkpoint)
        self._write(CHECKPOINT, checkpoint)  # in the end: until then the folder has all of what it had

    async def _fetch_tree(self, size: int) -> None:
        """Fetch what belongs to a tree of this size, until something is missing."""
        if await self._fetch_all(map(tile_path, tiles_of(size))):
            await self._fetch_all(f"documents/{digest}" for digest in sorted(self._committed(size)))
            if size and await self._fetch_once(_openings(0, size)):
                await self._fetch_all(_openings(n, size) for n in range(1, -(-size // TILE_WIDTH)))

    def _keep_last_checkpoint(self, checkpoint: bytes) -> None:
        """Keep another checkpoint that the folder has as one that was seen before."""
        last = self._folder / CHECKPOINT
        if last.is_file() and last.read_bytes() != checkpoint:
            kept = last.with_name(f"{CHECKPOINT}.{_size(last.read_bytes())}")
            if not kept.exists():  # what was seen first is what a fork is found by
                last.rename(kept)

    async def _fetch_all(self, paths: Iterable[str]) -> bool:
        """Fetch files until one is missing; return whether none is."""
        waiting, complete = iter(paths), True

        async def fetch_some() -> None:
            nonlocal complete
            for path in waiting:
                complete = complete and await self._fetch_once(path)
                if not complete:
                    return

        await asyncio.gather(*(fetch_some() for _ in range(AT_ONCE)))
        return complete

    async def _fetch_once(self, path: str) -> bool:
        return (self._folder / path).is_file() or await self._fetch(path)

    async def _fetch(self, path: str) -> bool:
        """Fetch a file into the folder; return whether there is one."""
        content = await self._with_retries(lambda: self._get(path))
        if content is None:
            return False
        self._write(path, content)
        return True

    def _write(self, path: str, content: bytes) -> None:
        """Write a file, which is there whole or not at all."""
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        part.write_bytes(content)
        part.rename(target)

    async def _with_retries(self, get: Callable[[], Awaitable[bytes | None]]) -> bytes | None:
        """Try again after a failure of the network, and as often as the server says when it will have time."""
        attempt = 1
        while True:
            try:
                return await get()
            except (aiohttp.ClientError, TimeoutError) as error:
                seconds = _asked_for(error)
                if seconds is None and attempt == MAX_ATTEMPTS:
                    reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
                    raise CommandError(f"{self._place} does not answer: {reason}; see that it is served.") from error
                attempt += seconds is None
                await asyncio.sleep(RETRY_INTERVAL * 2 ** (attempt - 2) if seconds is None else seconds)

    async def _get(self, path: str) -> bytes | None:
        url = self._base.joinpath(*path.split("/"))
        async with self._session.get(url, timeout=REQUEST_TIMEOUT) as response:
            if response.status == 404:
                return None
            if response.status != 200:
                response.raise_for_status()
                raise CommandError(f"{self._place} answers {response.status} for {path}, which is no file of a log.")
            content = bytearray()
            async for chunk in response.content.iter_chunked(CHUNK):
                content += chunk
                if len(content) > MAX_FILE:
                    raise CommandError(
                        f"{self._place}: {path} has more bytes than any file of a log; it is not read on."
                    )
            return bytes(content)

    def _committed(self, size: int) -> Iterator[str]:
        """Yield the digests of documents that entries commit to."""
        for n in range(-(-size // TILE_WIDTH)):
            content = (self._folder / tile_path(Tile(ENTRIES, n, width_at(0, n, size)))).read_bytes()
            if b"rules " in content or b"result " in content or b"selection " in content:
                for document, record in COMMITTED.findall(content):
                    yield (document or record).decode()


def _address(url: str) -> URL:
    """The address of a log. What is malformed is not quoted: any part of it may be a password."""
    try:
        address = URL(url)
    except ValueError:
        address = URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise CommandError("The log has no address; give one such as https://vote.example.cn/log/shanghai-2017")
    return address.with_query(None).with_fragment(None)


def _size(checkpoint: bytes) -> int:
    try:
        return Checkpoint.parse(SignedNote.parse(checkpoint).text).size
    except NoteError as error:
        raise CommandError(f"The checkpoint there is none: {error}.") from error


def _openings(n: int, size: int) -> str:
    return openings_path(n, width_at(ENTRIES, n, size))


def _asked_for(error: Exception) -> float | None:
    """For how many seconds a server asks to wait that limits the rate of requests; None for any other failure."""
    if not isinstance(error, aiohttp.ClientResponseError) or error.status != TOO_MANY_REQUESTS:
        return None
    asked = "" if error.headers is None else error.headers.get("Retry-After", "")
    return min(max(float(asked), RETRY_INTERVAL), MAX_WAIT) if asked.isdigit() else None
