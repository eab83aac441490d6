"""The key that a witness cosigns with, in a file that its owner alone may read."""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.domain.errors import OperatorError
from api.domain.log.cosignatures import Cosignature, cosignature_message
from api.domain.log.notes import COSIGNATURE, NoteError, Signature, VerifierKey, decode_base64, encode_base64

WORD, FORM = "witness", "witness NAME BASE64"


class WitnessKeyError(OperatorError):
    """A key cannot be made or read; the message says what would be right."""


@dataclass(frozen=True)
class WitnessKey:
    """The key of a witness. verifier_key: its public half, with the witness's name."""

    private: Ed25519PrivateKey
    verifier_key: VerifierKey

    @classmethod
    def of(cls, name: str, seed: bytes) -> "WitnessKey":
        """Return the key of a witness with this name. Raises NoteError and ValueError."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(private, VerifierKey.of(name, COSIGNATURE, private.public_key().public_bytes_raw()))

    def cosign(self, time: int, text: str) -> Signature:
        """Return the cosignature of a checkpoint's text at a POSIX time."""
        signature = self.private.sign(cosignature_message(time, text))
        return Signature(self.verifier_key.name, self.verifier_key.key_id, Cosignature(time, signature).blob)


def read_witness_key(file: Path) -> WitnessKey:
    """Read a key's file. Raises WitnessKeyError and OSError."""
    lines = [line.split() for line in file.read_text("utf-8", "replace").splitlines() if line.strip()]
    try:
        [[word, name, seed]] = [words for words in lines if not words[0].startswith("#")]
        if word == WORD:
            return WitnessKey.of(name, decode_base64(seed))
    except ValueError:  # too few or too many lines or words, or NoteError
        pass
    raise WitnessKeyError(
        f"{file} holds no key of a witness, which is one line, `{FORM}`: name the file that --new-key made."
    )


def make_witness_key(file: Path, name: str) -> WitnessKey:
    """Make up a key and keep it in a new file. Raises WitnessKeyError for a name that no key can have, and OSError."""
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    try:
        key = WitnessKey.of(name, seed)
    except NoteError as error:
        raise WitnessKeyError(f"{error}; give one like witness.example.org/w1.") from None
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(f"# {key.verifier_key}\n{WORD} {name} {encode_base64(seed)}\n")
    return key
