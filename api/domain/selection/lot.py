"""The lot: an order that nobody could know or choose, because the digest of its seed was published before."""

from hashlib import sha256


def seed_digest(seed: str) -> str:
    """Return what is published of a seed before opening: the SHA-256 of its UTF-8 bytes, in hexadecimal digits."""
    return sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()  # half a character is no seed, and no error either


def is_promised(seed: str, lot_digest: str | None) -> bool:
    """Return whether this is the seed whose digest was published."""
    return lot_digest is not None and seed_digest(seed) == lot_digest


def lot(seed: str, stage: str, number: int) -> str:
    """Return the lot that a project draws; the lowest is the first."""
    return sha256(f"{seed}/{stage}/{number}".encode()).hexdigest()
