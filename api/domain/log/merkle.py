"""The hash tree of RFC 6962, section 2.1: what its root is, and what proves that a leaf, or an older tree, is in it."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

HASH_SIZE = 32  # bytes
EMPTY_ROOT = sha256(b"").digest()
Hash = TypeVar("Hash", bytes, str)  # as bytes, or as hexadecimal digits


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash that stands for an entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash that stands for two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def rows_of(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the tree over these leaf hashes row by row, from the leaves up to the root."""
    rows = [row := list(leaves)]
    while len(row) > 1:
        rest = row[-1:] if len(row) % 2 else []  # the last of an odd row stands for itself on the next level
        rows.append(row := parents(row) + rest)
    return rows


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over these leaf hashes."""
    return rows_of(leaves)[-1][0] if leaves else EMPTY_ROOT


def parents(row: Iterable[bytes]) -> list[bytes]:
    """Return the nodes above a row of hashes, two by two; the last of an odd row has none."""
    hashes = iter(row)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(hashes, hashes, strict=False)]


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that prove the leaf at `index`, from the lowest up."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"a tree of {len(leaves)} has no leaf {index}")
    return siblings(rows_of(leaves), index)


def siblings(rows: Iterable[Sequence[Hash]], index: int) -> list[Hash]:
    """Return what is beside the way from the leaf at `index` up through the rows of a tree."""
    path = []
    for row in rows:
        if (sibling := index ^ 1) < len(row):
            path.append(row[sibling])
        index >>= 1
    return path


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root of the tree of `size` in which this leaf is at `index`, if the path is right.

    Raises ValueError where no path can be: the index is not in the tree, or the path has too many hashes or too few.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    above = list(reversed(_checked(path)))
    node, last = leaf, size - 1
    while last:
        if index % 2 or index < last:
            if not above:
                raise ValueError(f"the path has too few hashes: {len(path)}")
            sibling = above.pop()
            node = node_hash(sibling, node) if index % 2 else node_hash(node, sibling)
        index, last = index // 2, last // 2
    if above:
        raise ValueError(f"the path has too many hashes: {len(path)}")
    return node


def verify_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether the path proves that the tree of this size and root has this leaf at `index`."""
    try:
        return root_from_inclusion(index, size, leaf, path) == root
    except ValueError:
        return False


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether the path proves that the new tree begins with all leaves of the old one, in their order."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == 0:
        return not path and old_root == EMPTY_ROOT and (new_size > 0 or new_root == EMPTY_ROOT)
    if old_size == new_size:
        return not path and old_root == new_root
    try:
        return _roots_from_consistency(old_size, new_size, old_root, path) == (old_root, new_root)
    except ValueError:
        return False


def _roots_from_consistency(
    old_size: int, new_size: int, old_root: bytes, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return the roots of both trees by the path, as RFC 9162 does in 2.1.4.2; the old tree is neither empty nor whole."""
    above = list(reversed(_checked(path)))
    index, last = old_size - 1, new_size - 1
    while index % 2:  # the old tree ends with the subtree that ends at `index`; a whole one is its own first hash
        index, last = index // 2, last // 2
    if not above and index:
        raise ValueError("the path has no hashes")
    old = new = above.pop() if index else old_root
    while last:
        if index % 2 or index < last:
            if not above:
                raise ValueError(f"the path has too few hashes: {len(path)}")
            sibling = above.pop()
            if index % 2:
                old, new = node_hash(sibling, old), node_hash(sibling, new)
            else:
                new = node_hash(new, sibling)
        index, last = index // 2, last // 2
    if above:
        raise ValueError(f"the path has too many hashes: {len(path)}")
    return old, new


def _checked(path: Sequence[bytes]) -> Sequence[bytes]:
    """Return the path, whose hashes all have the length of one."""
    if any(len(each) != HASH_SIZE for each in path):
        raise ValueError(f"a hash of the path has not {HASH_SIZE} bytes")
    return path
