"""Logs of sixteen sizes, their checkpoints and proofs, as an implementation that shares nothing with ours made them.

vectors.json says which one did. Entry n is the text `entry n`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.domain.log.merkle import leaf_hash
from api.domain.log.tiles import Appended, append

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text())
ORIGIN, VKEY, SEED = VECTORS["origin"], VECTORS["vkey"], bytes.fromhex(VECTORS["seed"])


@dataclass(frozen=True)
class Vector:
    """A log of one size. inclusion: index, leaf hash and path. consistency: older size and path. tiles: partial ones."""

    size: int
    root: bytes
    checkpoint: str
    tiles: tuple[str, ...]
    inclusion: tuple[tuple[int, bytes, list[bytes]], ...]
    consistency: tuple[tuple[int, list[bytes]], ...]


def _hashes(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


LOGS = [
    Vector(
        log["size"],
        bytes.fromhex(log["root"]),
        log["checkpoint"],
        tuple(log["tiles"]),
        tuple((each["index"], bytes.fromhex(each["leaf_hash"]), _hashes(each["hashes"])) for each in log["inclusion"]),
        tuple((each["from"], _hashes(each["hashes"])) for each in log["consistency"]),
    )
    for log in VECTORS["logs"]
]


def entry(n: int) -> bytes:
    """Return the entry at an index."""
    return b"entry %d" % n


@cache
def leaves(size: int) -> tuple[bytes, ...]:
    """Return the leaf hashes of a log of this size."""
    return tuple(leaf_hash(entry(n)) for n in range(size))


@cache
def tree(size: int) -> Appended:
    """Return a log of this size, all its tiles among what was changed."""
    return append(0, {}, leaves(size))
