"""Which signatures of a note hold: those of unknown keys are passed over, a wrong one of a known key is refused."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from api.domain.log.cosignatures import Cosignature, cosignature_message
from api.domain.log.notes import COSIGNATURE, ED25519, NoteError, Signature, SignedNote, VerifierKey

Ed25519Check: TypeAlias = Callable[[bytes, bytes, bytes], bool]
"""Tell whether an Ed25519 signature holds, given the public key, the signature and the message."""


class Signed(NamedTuple):
    """A key whose signature holds. time: when it was made, in POSIX seconds, where the signature says so."""

    key: VerifierKey
    time: int | None


def check_signatures(note: SignedNote, keys: Iterable[VerifierKey], holds: Ed25519Check) -> tuple[Signed, ...]:
    """Return those of the keys that have signed the note, each once; none where none of them has.

    Raises NoteError where a signature of one of the keys does not hold. Keys of other kinds than Ed25519's two are unknown.
    """
    known = {(key.name, key.key_id): key for key in keys if key.kind in {ED25519, COSIGNATURE}}
    signed: dict[VerifierKey, Signed] = {}
    for signature in note.signatures:
        if key := known.get((signature.name, signature.key_id)):
            signed.setdefault(key, _checked(note.text, signature, key, holds))
    return tuple(signed.values())


def _checked(text: str, signature: Signature, key: VerifierKey, holds: Ed25519Check) -> Signed:
    time, blob, message = None, signature.blob, text.encode()
    if key.kind == COSIGNATURE:
        time, blob = Cosignature.parse(signature.blob)
        message = cosignature_message(time, text)
    if not holds(key.public, blob, message):
        raise NoteError(f"the signature of {key.name} (key {key.key_id.hex()}) does not hold")
    return Signed(key, time)
