"""Check what else lies in a folder of a log: tiles and openings as they were in a smaller tree, and further documents."""

from api.domain.log.bundles import first_entries
from api.domain.log.tiles import (
    ENTRIES,
    OPENINGS_FOLDER,
    TILE_WIDTH,
    Tile,
    parse_openings_path,
    parse_tile_path,
    width_at,
)
from api.verifier.findings import FindingCode, LogBroken
from api.verifier.hash_tree import HashTree
from api.verifier.log_files import LogFiles, bundle_path, check_document, openings_of


def check_other_files(files: LogFiles, size: int, tree: HashTree, *, is_open: bool) -> list[str]:
    """Check files that the log at this size does not need; return the paths of those that are not of it."""
    strange = []
    for path in files.paths():
        folder = path.partition("/")[0]
        if folder == "documents":
            check_document(path, files.find(path) or b"")
        elif folder in ("tile", "openings"):
            tile = parse_openings_path(path) or parse_tile_path(path)
            width = 0 if tile is None else width_at(tile.level, tile.n, size)
            if tile is None or tile.width > width or (folder == "openings" and not is_open):
                strange.append(path)
            elif tile.width < width:
                _check_smaller(files, path, tile, size, tree)
    return strange


def _check_smaller(files: LogFiles, path: str, tile: Tile, size: int, tree: HashTree) -> None:
    """See that a file of a smaller tree is the beginning of the one of this tree."""
    content = files.find(path) or b""
    if path.startswith(OPENINGS_FOLDER):
        whole = (files.find(openings_of(tile.n, size)) or b"").split(b"\n")
        right = b"".join(line + b"\n" for line in whole[: tile.width])
    elif tile.level == ENTRIES:
        right = first_entries(files.find(bundle_path(tile.n, size)) or b"", tile.width)
    else:
        right = tree.row(tile)
    if content != right:
        full = path.rpartition(".p/")[0]
        found = f"it is not how {full} begins, as it is in the tree of {size} entries"
        should = f"it should be its first {tile.width} of {TILE_WIDTH} at most"
        raise LogBroken(FindingCode.TILE_WRONG, path, found, should)
