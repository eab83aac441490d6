"""Cosignatures (tlog-cosignature, Ed25519): what a witness signs to say that it has seen this checkpoint, and when."""

from typing import NamedTuple

from api.domain.log.notes import NoteError

TIME_SIZE, ED25519_SIZE = 8, 64  # bytes
MAX_TIME = 2**63 - 1


def cosignature_message(time: int, text: str) -> bytes:
    """Return what is signed: the POSIX time in seconds, and the text of the checkpoint's note."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


class Cosignature(NamedTuple):
    """The blob of a cosignature's line: when it was made, in POSIX seconds, and the signature."""

    time: int
    signature: bytes

    @classmethod
    def parse(cls, blob: bytes) -> "Cosignature":
        """Read a blob. Raises NoteError."""
        time = int.from_bytes(blob[:TIME_SIZE], "big")
        if len(blob) != TIME_SIZE + ED25519_SIZE or time > MAX_TIME:
            raise NoteError("a cosignature has eight bytes for its time, below 2^63, and 64 for its signature")
        return cls(time, blob[TIME_SIZE:])

    @property
    def blob(self) -> bytes:
        """The bytes that follow the key's id in a signature line."""
        return self.time.to_bytes(TIME_SIZE, "big") + self.signature
