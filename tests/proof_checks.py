"""How does somebody who trusts nobody check a receipt and a proof? By SHA-256, Ed25519 and the RFC: nothing of ours."""

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def ballot_leaf(ballot: str, slug: str, day: str, numbers: Iterable[int], key: str | None) -> bytes:
    """The leaf hash of a ballot, from what its voter knows. ballot: its id."""
    nonce = sha(f"pingxuan/opening/v1\n{ballot.removeprefix('ballot/')}\n".encode()).hex()
    tag = "-" if key is None else sha(f"pingxuan/client/v1\n{key}\n".encode()).hex()
    listed = ",".join(map(str, sorted(numbers)))
    commitment = sha(f"pingxuan/ballot/v1\n{slug}\n{day}\n{nonce}\n{tag}\n{listed}\n".encode()).hex()
    return sha(f"\x00ballot {day} {commitment}".encode())


class Note(NamedTuple):
    """A signed note: its lines, and the id of the key by which one of its signatures was found to hold."""

    lines: list[str]
    key_id: str


def opened_note(note: str, vkey: str) -> Note:
    """Read a note that the key has signed; anything else fails."""
    name, key_id, encoded = vkey.split("+", 2)
    key = b64decode(encoded)
    assert key[0] == 1
    assert sha(f"{name}\n".encode() + key)[:4].hex() == key_id
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        start, signer, blob = line.split(" ")
        assert start == "—"
        signed = b64decode(blob)
        if (signer, signed[:4].hex()) == (name, key_id):
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(signed[4:], f"{text}\n".encode())
            return Note(text.split("\n"), key_id)
    raise AssertionError(f"{vkey} has not signed {note}")


def root_of_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """RFC 9162, section 2.1.3.2."""
    assert index < size
    fn, sn, root = index, size - 1, leaf
    for hash_ in path:
        assert sn
        if fn & 1 or fn == sn:
            root = sha(b"\x01" + hash_ + root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = sha(b"\x01" + root + hash_)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return root


def is_consistent(first: int, second: int, roots: tuple[bytes, bytes], path: Sequence[bytes]) -> bool:
    """RFC 9162, section 2.1.4.2, for sizes from 1."""
    if first == second:
        return not path and roots[0] == roots[1]
    hashes = list(path) if first & (first - 1) else [roots[0], *path]
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = hashes[0]
    for hash_ in hashes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = sha(b"\x01" + hash_ + fr), sha(b"\x01" + hash_ + sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha(b"\x01" + sr + hash_)
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr, sn) == (*roots, 0)


def split_entries(bundle: bytes) -> list[bytes]:
    """The entries of a bundle, each after its length."""
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found
