"""Checkpoints (tlog-checkpoint): the text that a log signs to say how large its tree is and what its root is."""

import re
from typing import NamedTuple

from api.domain.log.merkle import HASH_SIZE
from api.domain.log.notes import NoteError, decode_base64, encode_base64

SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
MAX_SIZE = 2**63 - 1


def parse_size(text: str) -> int:
    """Return the size, or the index, that decimal digits without leading zeros write. Raises NoteError."""
    if not SIZE.fullmatch(text) or int(text) > MAX_SIZE:
        raise NoteError(f"a size is written in decimal digits, without leading zeros: {text[:80]!r}")
    return int(text)


class Checkpoint(NamedTuple):
    """The head of a log: `origin` names the log. Logs of others may say more in `extensions`, one line each."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a checkpoint's note. Raises NoteError."""
        lines = text.split("\n")
        if lines.pop() or len(lines) < 3 or not all(lines):
            raise NoteError("a checkpoint has three lines or more, none of them empty: its origin, its size, its root")
        root = decode_base64(lines[2])
        if len(root) != HASH_SIZE:
            raise NoteError(f"a checkpoint's root has {HASH_SIZE} bytes, not {len(root)}")
        return cls(lines[0], parse_size(lines[1]), root, tuple(lines[3:]))

    @property
    def text(self) -> str:
        """The text that is signed."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, encode_base64(self.root), *self.extensions))
