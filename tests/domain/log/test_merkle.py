"""Are root and proofs those of RFC 6962, and is every proof of anything else refused?"""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.log.merkle import (
    EMPTY_ROOT,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.domain.log.vectors import LOGS, Vector, leaves

sizes = pytest.mark.parametrize("log", LOGS, ids=lambda log: str(log.size))
flips = st.tuples(st.integers(0, 31), st.sampled_from([1 << bit for bit in range(8)]))


def defined(hashes: tuple[bytes, ...]) -> bytes:
    """The Merkle Tree Hash over leaf hashes, word for word as section 2.1 of RFC 6962 defines it."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return sha256(b"\x01" + defined(hashes[:k]) + defined(hashes[k:])).digest()


def subproof(m: int, hashes: tuple[bytes, ...], known: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.2 of RFC 6962, word for word."""
    if m == len(hashes):
        return [] if known else [defined(hashes)]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    if m <= k:
        return [*subproof(m, hashes[:k], known), defined(hashes[k:])]
    return [*subproof(m - k, hashes[k:], False), defined(hashes[:k])]


def flipped(data: bytes, where: tuple[int, int]) -> bytes:
    place, bit = where
    return data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]


@sizes
def test_the_root_is_the_one_that_others_compute(log: Vector) -> None:
    assert root_of(leaves(log.size)) == log.root


@sizes
def test_a_path_from_a_leaf_to_the_root_is_the_one_that_others_compute(log: Vector) -> None:
    for index, leaf, path in log.inclusion:
        assert leaf == leaves(log.size)[index]
        assert inclusion_path(leaves(log.size), index) == path
        assert verify_inclusion(index, log.size, leaf, path, log.root)


@sizes
def test_a_larger_tree_is_shown_to_begin_with_a_smaller_one(log: Vector) -> None:
    for old_size, path in log.consistency:
        assert verify_consistency(old_size, log.size, root_of(leaves(old_size)), log.root, path)


@given(size=st.integers(0, 70))
def test_the_root_is_what_rfc_6962_defines(size: int) -> None:
    assert root_of(leaves(size)) == defined(leaves(size))


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = leaves(2)
    assert leaf_hash(left + right) != node_hash(left, right)


@given(data=st.data(), size=st.integers(1, 600))
def test_every_leaf_is_proved_and_nothing_else_is(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1), "index")
    leaf, root, path = leaves(size)[index], root_of(leaves(size)), inclusion_path(leaves(size), index)
    assert verify_inclusion(index, size, leaf, path, root)
    assert root_from_inclusion(index, size, leaf, path) == root

    where = data.draw(flips, "flip")
    assert not verify_inclusion(index, size, flipped(leaf, where), path, root)
    assert not verify_inclusion(index, size, leaf, path, flipped(root, where))
    for place in range(len(path)):
        changed = [*path[:place], flipped(path[place], where), *path[place + 1 :]]
        assert not verify_inclusion(index, size, leaf, changed, root)
        assert not verify_inclusion(index, size, leaf, path[:place] + path[place + 1 :], root)
    assert not verify_inclusion(index, size, leaf, [*path, leaf], root)
    assert not verify_inclusion(index, size, leaf, [leaf, *path], root)

    other = data.draw(st.integers(-1, size + 1).filter(lambda n: n != index), "another index")
    assert not verify_inclusion(other, size, leaf, path, root)


@given(data=st.data(), size=st.integers(1, 300))
def test_a_path_fits_no_other_shape_of_tree(data: st.DataObject, size: int) -> None:
    """A size of the same shape about a leaf cannot be told from it by the path: the signed checkpoint says the size."""
    index = data.draw(st.integers(0, size - 1), "index")
    other = data.draw(st.integers(0, 600), "another size")
    path = inclusion_path(leaves(size), index)
    if index < other and sides(index, size) == sides(index, other):
        return
    assert not verify_inclusion(index, other, leaves(size)[index], path, root_of(leaves(size)))


def sides(index: int, size: int) -> list[bool]:
    """Whether each hash of a leaf's path is on the left."""
    found, last = [], size - 1
    while last:
        if index % 2 or index < last:
            found.append(index % 2 == 1)
        index, last = index // 2, last // 2
    return found


@given(data=st.data(), new_size=st.integers(0, 130))
def test_every_older_tree_is_proved_and_nothing_else_is(data: st.DataObject, new_size: int) -> None:
    old_size = data.draw(st.integers(0, new_size), "older size")
    old, new = root_of(leaves(old_size)), root_of(leaves(new_size))
    path = subproof(old_size, leaves(new_size), True) if old_size else []
    assert verify_consistency(old_size, new_size, old, new, path)

    where = data.draw(flips, "flip")
    assert not verify_consistency(old_size, new_size, flipped(old, where), new, path)
    assert old_size == 0 < new_size or not verify_consistency(old_size, new_size, old, flipped(new, where), path)
    for place in range(len(path)):
        changed = [*path[:place], flipped(path[place], where), *path[place + 1 :]]
        assert not verify_consistency(old_size, new_size, old, new, changed)
        assert not verify_consistency(old_size, new_size, old, new, path[:place] + path[place + 1 :])
    assert not verify_consistency(old_size, new_size, old, new, [*path, old])
    assert not verify_consistency(old_size, new_size, old, new, [old, *path])
    other = data.draw(st.integers(-1, new_size + 1).filter(lambda n: n != old_size), "another size")
    assert not verify_consistency(other, new_size, old, new, path)


def test_a_smaller_tree_continues_none_and_an_empty_one_has_the_root_of_nothing() -> None:
    two, three = root_of(leaves(2)), root_of(leaves(3))
    assert not verify_consistency(3, 2, three, two, [])
    assert not verify_consistency(-1, 2, EMPTY_ROOT, two, [])
    assert not verify_consistency(0, 0, EMPTY_ROOT, two, [])
    assert not verify_consistency(0, 2, two, two, [])
    assert not verify_consistency(2, 2, two, three, [])


@pytest.mark.parametrize("change", [b"", b"\0"], ids=["shorter", "longer"])
def test_a_hash_of_another_length_is_none(change: bytes) -> None:
    left, right = leaves(2)
    path = [right[:-1] if not change else right + change]
    assert not verify_inclusion(0, 2, left, path, node_hash(left, path[0]))
    three = root_of(leaves(3))
    assert not verify_consistency(2, 3, node_hash(left, right), three, path)


@pytest.mark.parametrize("index", [-1, 2])
def test_a_leaf_that_is_not_there_has_no_path(index: int) -> None:
    with pytest.raises(ValueError, match="a tree of 2 has no leaf"):
        inclusion_path(leaves(2), index)
    with pytest.raises(ValueError, match="a tree of 2 has no leaf"):
        root_from_inclusion(index, 2, leaves(1)[0], [])
