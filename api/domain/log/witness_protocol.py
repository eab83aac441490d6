"""What a log and a witness say to each other (tlog-witness): a checkpoint that is to be cosigned, and the answer."""

from typing import NamedTuple

from api.domain.log.checkpoints import parse_size
from api.domain.log.merkle import HASH_SIZE
from api.domain.log.notes import NoteError, Signature, SignedNote, decode_base64, encode_base64

PATH = "/add-checkpoint"
MAX_PROOF_HASHES = 63
SIZE_TYPE = "text/x.tlog.size"  # of an answer 409
OLD = "old "


class Submission(NamedTuple):
    """A checkpoint to be cosigned, and the proof that it goes on from the one of size `old` that was cosigned last."""

    old: int
    proof: tuple[bytes, ...]
    note: SignedNote

    @classmethod
    def parse(cls, body: bytes) -> "Submission":
        """Read the body of a request. Raises NoteError."""
        head, blank, note = body.partition(b"\n\n")
        if not blank:
            raise NoteError("there is no blank line before the checkpoint")
        first, *hashes = head.decode("ascii", "replace").split("\n")
        if not first.startswith(OLD):
            raise NoteError(f"the first line is 'old SIZE': {first[:80]!r}")
        if len(hashes) > MAX_PROOF_HASHES:
            raise NoteError(f"a proof has at most {MAX_PROOF_HASHES} hashes, this one {len(hashes)}")
        return cls(parse_size(first.removeprefix(OLD)), tuple(map(_hash, hashes)), SignedNote.parse(note))

    def __bytes__(self) -> bytes:
        hashes = "".join(f"{encode_base64(each)}\n" for each in self.proof)
        return f"{OLD}{self.old}\n{hashes}\n{self.note}".encode()


def parse_cosignatures(body: bytes) -> tuple[Signature, ...]:
    """Read the signature lines of an answer 200. Raises NoteError."""
    try:
        lines = body.decode()
    except UnicodeDecodeError:
        raise NoteError("the signature lines are not UTF-8") from None
    if not lines.endswith("\n"):
        raise NoteError("the last signature line does not end with a newline")
    return tuple(map(Signature.parse, lines[:-1].split("\n")))


def parse_size_answer(body: bytes) -> int:
    """Read the size in an answer 409. Raises NoteError."""
    return parse_size(body.decode("ascii", "replace").removesuffix("\n"))


def _hash(line: str) -> bytes:
    data = decode_base64(line)
    if len(data) != HASH_SIZE:
        raise NoteError(f"a hash of a proof has {HASH_SIZE} bytes, not {len(data)}")
    return data
