"""Are tiles called and filled as tlog-tiles says, and is a tree that grows by them the same tree?"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.log.merkle import EMPTY_ROOT, HASH_SIZE
from api.domain.log.tiles import (
    ENTRIES,
    TILE_WIDTH,
    Tile,
    append,
    edge_tiles,
    numbered_path,
    openings_path,
    parse_openings_path,
    parse_tile_path,
    root_from_tiles,
    tile_path,
    tiles_of,
    width_at,
)
from tests.domain.log.vectors import LOGS, Vector, leaves, tree

PATHS = {
    "tile/0/000": Tile(0, 0, 256),
    "tile/0/001.p/5": Tile(0, 1, 5),
    "tile/1/000.p/1": Tile(1, 0, 1),
    "tile/63/000.p/255": Tile(63, 0, 255),
    "tile/0/x001/000": Tile(0, 1000, 256),
    "tile/0/x001/x234/067": Tile(0, 1234067, 256),
    "tile/0/x001/234.p/112": Tile(0, 1234, 112),
    "tile/entries/273.p/112": Tile(ENTRIES, 273, 112),
    "tile/entries/x999/999": Tile(ENTRIES, 999999, 256),
}


def full_and_partial(size: int) -> set[str]:
    """The paths of all tiles that a tree of this size has."""
    return {tile_path(Tile(level, n, width_at(level, n, size))) for level, n in tree(size).tiles}


@pytest.mark.parametrize(("path", "tile"), PATHS.items())
def test_a_tile_has_one_path(path: str, tile: Tile) -> None:
    assert tile_path(tile) == path
    assert parse_tile_path(path) == tile
    assert path.endswith("/" + numbered_path(tile.n, tile.width))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/x/000",
        "tile/Entries/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/x000/001",
        "tile/0/x000/x001/000",
        "tile/0/x001",
        "tile/0/001/x000",
        "tile/0/001/000",
        "tile/0/X001/000",
        "tile/0/x01/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/05",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/1000",
        "tile/0/000.p/-1",
        "tile/0/000.p/1/1",
        "tile/0/000.P/1",
        "tile/0/００0",
        "tile/0/000.p/１",
        "tile/٠/000",
        "tile/0/" + "x001/" * 40 + "000",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    assert parse_tile_path(path) is None


@given(level=st.integers(ENTRIES, 63), n=st.integers(0, 10**21 - 1), width=st.integers(1, 256))
def test_every_tile_is_found_by_its_path(level: int, n: int, width: int) -> None:
    assert parse_tile_path(tile_path(Tile(level, n, width))) == Tile(level, n, width)


@given(
    parts=st.lists(
        st.sampled_from(["tile/", "entries/", "0", "1", "63", "/", "x", "001", "000", "/x067", ".p/", "255"])
    )
)
def test_whatever_is_read_is_written_so(parts: list[str]) -> None:
    text = "".join(["tile/0/", *parts])
    tile = parse_tile_path(text)
    assert tile is None or tile_path(tile) == text


@pytest.mark.parametrize("log", LOGS, ids=lambda log: str(log.size))
def test_a_log_has_the_partial_tiles_that_others_write(log: Vector) -> None:
    entries = {tile_path(Tile(ENTRIES, n, width_at(ENTRIES, n, log.size))) for n in range(-(-log.size // TILE_WIDTH))}
    assert {path for path in full_and_partial(log.size) | entries if ".p/" in path} == {
        path for path in log.tiles if ".p/" in path
    }


@pytest.mark.parametrize("log", LOGS, ids=lambda log: str(log.size))
def test_tiles_have_the_root_that_others_compute(log: Vector) -> None:
    grown = tree(log.size)
    assert (grown.size, grown.root) == (log.size, log.root)
    assert root_from_tiles(log.size, {key: grown.tiles[key] for key in edge_tiles(log.size)}) == log.root
    assert all(len(row) == width_at(*key, log.size) * HASH_SIZE for key, row in grown.tiles.items())


def test_widths_are_those_of_the_specification() -> None:
    assert full_and_partial(256) == {"tile/0/000", "tile/1/000.p/1"}
    assert [width_at(0, n, 70_000) for n in (0, 272, 273, 274)] == [256, 256, 112, 0]
    assert [width_at(ENTRIES, n, 70_000) for n in (272, 273, 274)] == [256, 112, 0]
    assert [width_at(1, n, 70_000) for n in (0, 1, 2)] == [256, 17, 0]
    assert [width_at(2, n, 70_000) for n in (0, 1)] == [1, 0]
    assert width_at(3, 0, 70_000) == 0
    assert edge_tiles(70_000) == ((0, 273), (1, 1), (2, 0))
    assert edge_tiles(65_536) == ((2, 0),)


@given(size=st.integers(0, 70_000), parts=st.lists(st.integers(0, 70_000), max_size=4))
def test_a_tree_that_grows_in_parts_is_the_one_that_grew_at_once(size: int, parts: list[int]) -> None:
    bounds = sorted({0, size, *(part % (size + 1) for part in parts)})
    rows: dict[tuple[int, int], bytes] = {}
    for start, stop in pairwise(bounds):
        before = {key: rows[key] for key in edge_tiles(start)}
        grown = append(start, before, leaves(70_000)[start:stop])
        assert grown.size == stop
        assert all(row.startswith(before.get(key, b"")) and row != before.get(key) for key, row in grown.tiles.items())
        rows |= grown.tiles
        assert grown.root == root_from_tiles(stop, tree(70_000).tiles)
    assert rows == append(0, {}, leaves(70_000)[:size]).tiles


@given(size=st.integers(0, 2_000) | st.integers(65_000, 70_000))
def test_a_smaller_trees_tiles_are_the_beginnings_of_a_larger_ones(size: int) -> None:
    whole, part = tree(70_000).tiles, append(0, {}, leaves(70_000)[:size])
    assert all(whole[key].startswith(row) for key, row in part.tiles.items())
    assert root_from_tiles(size, whole) == part.root


def test_appending_nothing_changes_nothing() -> None:
    assert append(0, {}, []) == (0, EMPTY_ROOT, {})
    assert append(300, tree(300).tiles, []) == (300, tree(300).root, {})


@pytest.mark.parametrize(("row", "has"), [({}, 0), ({(0, 1): b"x" * 43 * HASH_SIZE}, 43)])
def test_a_tile_that_is_missing_or_too_short_is_named(row: dict[tuple[int, int], bytes], has: int) -> None:
    edge = {(1, 0): tree(300).tiles[1, 0], **row}
    for ask in (lambda: root_from_tiles(300, edge), lambda: append(300, edge, leaves(1))):
        with pytest.raises(ValueError, match=f"^tile 1 of level 0 has {has} hashes, not the 44 that are needed$"):
            ask()


@pytest.mark.parametrize("tile", [Tile(ENTRIES, 0, 256), Tile(ENTRIES, 273, 112), Tile(ENTRIES, 1234067, 1)])
def test_openings_are_numbered_as_their_bundles(tile: Tile) -> None:
    path = openings_path(tile.n, tile.width)
    assert path == f"openings/{tile_path(tile).removeprefix('tile/entries/')}"
    assert parse_openings_path(path) == tile
    assert parse_openings_path(tile_path(tile)) is None


@pytest.mark.parametrize("size", [0, 1, 256, 257, 65_536, 70_000])
def test_a_tree_has_its_bundles_and_then_its_tiles(size: int) -> None:
    bundles = -(-size // 256)
    paths = [tile_path(tile) for tile in tiles_of(size)]
    assert all(path.startswith("tile/entries/") for path in paths[:bundles])
    assert len(paths[bundles:]) == len(full_and_partial(size))
    assert set(paths[bundles:]) == full_and_partial(size)
