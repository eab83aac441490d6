"""Proof files (tlog-proof, `.tlog-proof`): that an entry is in a log, for whoever is offline."""

from dataclasses import dataclass

from api.domain.log.checkpoints import Checkpoint, parse_size
from api.domain.log.merkle import HASH_SIZE, verify_inclusion
from api.domain.log.notes import NoteError, SignedNote, decode_base64, encode_base64

FIRST_LINE = "c2sp.org/tlog-proof@v1"
EXTRA, INDEX = "extra ", "index "
MAX_PATH = 63  # hashes: more than any tree asks for


@dataclass(frozen=True)
class ProofFile:
    """The index of an entry, the path from its leaf hash to the root, and the signed checkpoint whose root that is.

    extra: bytes of any meaning, which nothing proves.
    """

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes | None = None

    @classmethod
    def parse(cls, text: str) -> "ProofFile":
        """Read a file. Raises NoteError; verifies neither the path nor a signature."""
        head, blank, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        if first != FIRST_LINE:
            raise NoteError(f"a proof file begins with the line {FIRST_LINE}, not {first[:80]!r}")
        if not blank:
            raise NoteError("the proof file has no blank line before its checkpoint")
        extra = decode_base64(lines.pop(0)[len(EXTRA) :]) if lines and lines[0].startswith(EXTRA) else None
        if not lines or not lines[0].startswith(INDEX):
            raise NoteError("the proof file does not say 'index N' where it should")
        path = tuple(decode_base64(line) for line in lines[1:])
        if len(path) > MAX_PATH or any(len(each) != HASH_SIZE for each in path):
            raise NoteError(f"a path has at most {MAX_PATH} hashes, of {HASH_SIZE} bytes each")
        Checkpoint.parse(SignedNote.parse(note).text)
        return cls(parse_size(lines[0][len(INDEX) :]), path, note, extra)

    def __str__(self) -> str:
        extra = [] if self.extra is None else [EXTRA + encode_base64(self.extra)]
        lines = [FIRST_LINE, *extra, f"{INDEX}{self.index}", *map(encode_base64, self.path)]
        return "".join(f"{line}\n" for line in lines) + "\n" + self.note

    @property
    def checkpoint(self) -> Checkpoint:
        """The head that the path leads to, as its note says it."""
        return Checkpoint.parse(SignedNote.parse(self.note).text)

    def proves(self, leaf: bytes) -> bool:
        """Tell whether the path leads from this leaf hash to the checkpoint's root. Who signed it is another question."""
        head = self.checkpoint
        return verify_inclusion(self.index, head.size, leaf, self.path, head.root)
