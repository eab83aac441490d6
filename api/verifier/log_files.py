"""The files of a log: as they lie below a folder, and what each has to be in a tree of some size."""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from api.domain.log.bundles import LENGTH_SIZE
from api.domain.log.merkle import HASH_SIZE
from api.domain.log.tiles import ENTRIES, TILE_WIDTH, Tile, openings_path, tile_path, width_at
from api.verifier.findings import FindingCode, LogBroken

DIGEST = re.compile("[0-9a-f]{64}")


class LogFiles(Protocol):
    """Files by their paths below the log."""

    def find(self, path: str) -> bytes | None:
        """Return the content of a file; None where there is none."""
        ...

    def paths(self) -> Sequence[str]:
        """Return the path of every file."""
        ...


class FolderFiles:
    """The files below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, path: str) -> bytes | None:
        """Return the content of a file; None where there is none."""
        try:
            return (self._folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def paths(self) -> Sequence[str]:
        """Return the path of every file, in order."""
        files = (file.relative_to(self._folder).as_posix() for file in self._folder.rglob("*") if file.is_file())
        return sorted(files)


def read(files: LogFiles, path: str, why: str) -> bytes:
    """Return the content of a file that has to be there; why: what it belongs to."""
    content = files.find(path)
    if content is None:
        raise LogBroken(FindingCode.FILE_MISSING, path, "the file is not there", f"it should be: {why}")
    return content


def bundle_path(n: int, size: int) -> str:
    """Return the path of a bundle of entries in a tree of this size."""
    return tile_path(Tile(ENTRIES, n, width_at(0, n, size)))


def entry_path(index: int, size: int) -> str:
    """Return the path of the bundle that has an entry."""
    return bundle_path(index // TILE_WIDTH, size)


def openings_of(n: int, size: int) -> str:
    """Return the path of the openings of a bundle in a tree of this size."""
    return openings_path(n, width_at(ENTRIES, n, size))


def bundles(files: LogFiles, size: int) -> Iterator[tuple[int, str, list[bytes]]]:
    """Yield each bundle: the index of its first entry, its path, and its entries."""
    for n in range(-(-size // TILE_WIDTH)):
        path, width = bundle_path(n, size), width_at(0, n, size)
        yield TILE_WIDTH * n, path, split_bundle(read(files, path, f"the log has {size} entries"), width, path)


def split_bundle(data: bytes, width: int, path: str) -> list[bytes]:
    """Return the entries of a bundle, which has exactly so many."""
    entries, at = [], 0
    while at < len(data):
        start = at + LENGTH_SIZE
        at = start + (data[start - 2] << 8) + data[start - 1] if start <= len(data) else start
        entries.append(data[start:at])
    if at != len(data) or len(entries) != width:
        cut = "" if at == len(data) else ", of which the last is cut short"
        raise LogBroken(
            FindingCode.BUNDLE_UNREADABLE,
            path,
            f"its {len(data)} bytes hold {len(entries)} entries{cut}",
            f"there should be {width}, each after its length in two bytes, and nothing else",
        )
    return entries


def tile_hashes(files: LogFiles, level: int, n: int, size: int) -> bytes:
    """Return a tile as it is in a tree of this size."""
    tile = Tile(level, n, width_at(level, n, size))
    path, expected = tile_path(tile), tile.width * HASH_SIZE
    content = read(files, path, f"the log has {size} entries")
    if len(content) != expected:
        should = f"{tile.width} hashes take {expected}"
        raise LogBroken(FindingCode.TILE_SIZE_WRONG, path, f"it has {len(content)} bytes", should)
    return content


def read_document(files: LogFiles, digest: str, entry: int) -> str:
    """Return the text of the document that an entry commits to."""
    path = f"documents/{digest}"
    content = read(files, path, f"entry {entry} commits to it")
    check_document(path, content, entry)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is no UTF-8"
        raise LogBroken(FindingCode.DOCUMENT_WRONG, path, found, "documents are JSON in UTF-8", entry) from error


def check_document(path: str, content: bytes, entry: int | None = None) -> None:
    """See that a document has the digest that it is called by."""
    expected, digest = path.rpartition("/")[2], sha256(content).hexdigest()
    if digest != expected and DIGEST.fullmatch(expected):
        found = f"the SHA-256 of its content is {digest}"
        raise LogBroken(FindingCode.DOCUMENT_WRONG, path, found, f"it should be {expected}", entry)
