"""Are the proofs from tiles those of RFC 6962, and are the tiles that are named all that they need?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.log.merkle import HASH_SIZE, inclusion_path, verify_consistency, verify_inclusion
from api.domain.log.tile_proofs import (
    consistency_proof,
    inclusion_proof,
    tiles_for_consistency,
    tiles_for_inclusion,
)
from api.domain.log.tiles import root_from_tiles, width_at
from tests.domain.log.vectors import LOGS, Vector, leaves, tree

LARGEST = 70_000
sizes = pytest.mark.parametrize("log", LOGS, ids=lambda log: str(log.size))


def served(keys: tuple[tuple[int, int], ...], size: int) -> dict[tuple[int, int], bytes]:
    """These tiles as they are in a tree of this size, no hash more."""
    return {key: tree(LARGEST).tiles[key][: width_at(*key, size) * HASH_SIZE] for key in keys}


@sizes
def test_inclusion_is_proved_as_others_do(log: Vector) -> None:
    for index, leaf, path in log.inclusion:
        proof = inclusion_proof(index, log.size, served(tiles_for_inclusion(index, log.size), log.size))
        assert proof == path
        assert verify_inclusion(index, log.size, leaf, proof, log.root)


@sizes
def test_consistency_is_proved_as_others_do(log: Vector) -> None:
    for old_size, path in log.consistency:
        assert (
            consistency_proof(old_size, log.size, served(tiles_for_consistency(old_size, log.size), log.size)) == path
        )


@given(data=st.data(), size=st.integers(1, 2_000) | st.integers(65_000, LARGEST))
def test_every_leaf_of_every_tree_is_proved(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1), "index")
    proof = inclusion_proof(index, size, served(tiles_for_inclusion(index, size), size))
    assert verify_inclusion(index, size, leaves(LARGEST)[index], proof, root_from_tiles(size, tree(LARGEST).tiles))
    assert proof == inclusion_proof(index, size, tree(LARGEST).tiles)  # rows that have grown on serve as well
    assert size > 2_000 or proof == inclusion_path(leaves(LARGEST)[:size], index)


@given(data=st.data(), new_size=st.integers(0, 2_000) | st.integers(65_000, LARGEST))
def test_every_tree_is_proved_to_continue_every_older_one(data: st.DataObject, new_size: int) -> None:
    old_size = data.draw(st.integers(0, new_size), "older size")
    proof = consistency_proof(old_size, new_size, served(tiles_for_consistency(old_size, new_size), new_size))
    old, new = (root_from_tiles(size, tree(LARGEST).tiles) for size in (old_size, new_size))
    assert verify_consistency(old_size, new_size, old, new, proof)


@given(data=st.data(), size=st.integers(1, 2_000) | st.integers(65_000, LARGEST))
def test_no_tile_is_named_in_vain(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1), "index")
    for key in (keys := tiles_for_inclusion(index, size)):
        with pytest.raises(ValueError, match="hashes, not the"):
            inclusion_proof(index, size, served(tuple(each for each in keys if each != key), size))


def test_what_no_tree_has_is_not_proved() -> None:
    for index in (-1, 5):
        with pytest.raises(ValueError, match="a tree of 5 has no leaf"):
            tiles_for_inclusion(index, 5)
    with pytest.raises(ValueError, match="a tree of 5 continues none of 6"):
        consistency_proof(6, 5, {})
