"""Static files for browsers: those in api/pages/static and what is made of catalogues, under a path that changes with them."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from api.domain.errors import bad_input
from api.domain.texts import Text
from api.http.caching import FOREVER
from api.http.compression import MIN_BYTES, gzipped
from api.http.negotiation import accepts_gzip
from api.http.routing_errors import error_response
from api.pages.translations import sources, translated_words

STATIC = Path(__file__).with_name("static")
ROUTE = "/assets/{digest}/{name:path}"
KINDS = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes and its media type, with the charset."""

    content: bytes
    media_type: str


class Assets:
    """All files of a folder, by their path within it, and beside them the words of pages in languages that have a catalogue.

    root_path: what the addresses of this server begin with.
    """

    def __init__(self, folder: Path = STATIC, root_path: str = "") -> None:
        self.root_path = root_path
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        self._assets = {file.relative_to(folder).as_posix(): _asset(file) for file in files}
        self._compressed: dict[str, bytes] = {}
        self._unmade = translated_words()
        self.digest = _digest(self._assets, sources())

    @property
    def prefix(self) -> str:
        """The path prefix of this version, under which files are immutable."""
        return f"{self.root_path}/assets/{self.digest}"

    def text(self, name: str) -> str:
        """The text of a file. Raises KeyError."""
        return self._assets[name].content.decode()

    def names(self, folder: str) -> list[str]:
        """The names of the files under a folder, in order."""
        return [name for name in self._assets if name.startswith(f"{folder}/")]

    async def serve(self, request: Request) -> Response:
        """Serve one file; also under another version's prefix, for a page that a server of that version has served."""
        name = request.path_params["name"]
        asset = self._assets.get(name) or await self._make(name)
        if asset is None:
            return error_response(request, bad_input(Text("没有这个文件。", "There is no such file.")), 404)
        current = request.path_params["digest"] == self.digest
        headers = {
            "Cache-Control": FOREVER if current else "no-store",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if len(asset.content) < MIN_BYTES or not accepts_gzip(request.headers.get("accept-encoding")):
            return Response(asset.content, 200, headers, asset.media_type)
        return Response(await self._compress(name), 200, headers | {"Content-Encoding": "gzip"}, asset.media_type)

    async def _make(self, name: str) -> Asset | None:
        """Make what no file holds, for its first reader, off the event loop, since a whole catalogue is read for it."""
        make = self._unmade.get(name)
        if make is not None:
            self._assets[name] = Asset(await asyncio.to_thread(make), _media_type(name))
        return self._assets.get(name)

    async def _compress(self, name: str) -> bytes:
        """Compress the file for its first reader, off the event loop: a large one takes a tenth of a second."""
        if name not in self._compressed:
            self._compressed[name] = await asyncio.to_thread(gzipped, self._assets[name].content, 9)
        return self._compressed[name]


@cache
def shipped_assets(root_path: str = "") -> Assets:
    """Read api/pages/static, once for the process."""
    return Assets(root_path=root_path)


def _asset(file: Path) -> Asset:
    return Asset(file.read_bytes(), _media_type(file.name))


def _media_type(name: str) -> str:
    return f"{KINDS.get(Path(name).suffix, 'text/plain')}; charset=utf-8"


def _digest(assets: dict[str, Asset], more: Iterable[Path]) -> str:
    """A digest of the names and contents of all files, and of those that more is made of."""
    digest = hashlib.sha256()
    for file in more:
        digest.update(file.read_bytes())
    for name, asset in assets.items():
        digest.update(f"{name}\0{len(asset.content)}\0".encode())
        digest.update(asset.content)
    return digest.hexdigest()[:16]
