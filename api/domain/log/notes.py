"""Signed notes (signed-note): a text, and lines by which it is known who signed it."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

ED25519, COSIGNATURE, ML_DSA_44 = 1, 4, 6  # kinds of keys: Ed25519 over a note's text; over a cosignature's; ML-DSA-44
MAX_SIGNATURES = 16  # on one note: what signed-note asks everybody to accept
KEY_ID_SIZE = 4  # bytes
MAX_NOTE_SIZE = 65_536  # characters
NAME = re.compile(r"[^\s+\ud800-\udfff]+")
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")
SIGNATURE = re.compile(rf"— ({NAME.pattern}) (\S+)")
KEY = re.compile(r"(?P<name>[^+]*)\+(?P<key_id>[0-9a-f]{8})\+(?P<key>.*)", re.DOTALL)


class NoteError(ValueError):
    """A text is not what its format asks for; the message says what is wrong with it."""


def decode_base64(text: str) -> bytes:
    """Return the bytes of standard base64 with padding, in its one canonical spelling. Raises NoteError."""
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except (Base64Error, UnicodeEncodeError):
        raise NoteError(f"this is not base64: {text[:80]!r}") from None
    if encode_base64(data) != text:
        raise NoteError(f"this is not the base64 that encoders write: {text[:80]!r}")
    return data


def encode_base64(data: bytes) -> str:
    """Return bytes as standard base64 with padding."""
    return b64encode(data).decode("ascii")


def key_id_of(name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes that stand for a key of this name in signature lines."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:KEY_ID_SIZE]


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a key, with the name it signs under, as `name+id+base64` (vkey)."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    @classmethod
    def of(cls, name: str, kind: int, public: bytes) -> "VerifierKey":
        """Return the key of this name. Raises NoteError where no key can have it."""
        if not NAME.fullmatch(name):
            raise NoteError(f"a key's name is UTF-8, has no spaces and no '+', and is not empty: {name[:80]!r}")
        return cls(name, key_id_of(name, kind, public), kind, public)

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a key. Raises NoteError, also where its id is not that of its name and its bytes."""
        if (match := KEY.fullmatch(text)) is None:
            raise NoteError(
                f"a key is written NAME+ID+BASE64, with an id of eight small hexadecimal digits: {text[:200]!r}"
            )
        data = decode_base64(match["key"])
        if len(data) < 2:
            raise NoteError(f"a key is one byte for its kind and then its bytes: {text[:200]!r}")
        key = cls.of(match["name"], data[0], data[1:])
        if key.kind in {ED25519, COSIGNATURE} and len(key.public) != 32:
            raise NoteError(f"an Ed25519 key has 32 bytes, not {len(key.public)}: {text[:200]!r}")
        if key.key_id.hex() != match["key_id"]:
            raise NoteError(f"the id of this key is {key.key_id.hex()}, not what it says: {text[:200]!r}")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.kind]) + self.public)}"


class Signature(NamedTuple):
    """One signature line: who signed, by which key, and the bytes that depend on the key's kind."""

    name: str
    key_id: bytes
    blob: bytes

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """Read a line without its newline. Raises NoteError."""
        if (match := SIGNATURE.fullmatch(line)) is None:
            raise NoteError(f"a signature line is written '— NAME BASE64': {line[:200]!r}")
        name, encoded = match.groups()
        data = decode_base64(encoded)
        if len(data) <= KEY_ID_SIZE:
            raise NoteError(f"this signature is too short: {line[:200]!r}")
        return cls(name, data[:KEY_ID_SIZE], data[KEY_ID_SIZE:])

    def __str__(self) -> str:
        return f"— {self.name} {encode_base64(self.key_id + self.blob)}"


class SignedNote(NamedTuple):
    """A text, whose last line ends as the others do, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str | bytes) -> "SignedNote":
        """Read a note, as bytes of UTF-8 or as the text that they are. Raises NoteError; verifies no signature."""
        try:
            note = note.decode() if isinstance(note, bytes) else note
            note.encode()
        except UnicodeError:
            raise NoteError("the note is not UTF-8") from None
        if len(note) > MAX_NOTE_SIZE:
            raise NoteError(f"the note has {len(note)} characters; at most {MAX_NOTE_SIZE} are read")
        if CONTROLS.search(note):
            raise NoteError("the note has control characters other than newlines")
        text, blank, lines = note.rpartition("\n\n")
        if not blank:
            raise NoteError("the note has no blank line between its text and its signatures")
        if not lines.endswith("\n"):
            raise NoteError("the note does not end with a signature line and a newline")
        signatures = lines[:-1].split("\n")
        if len(signatures) > MAX_SIGNATURES:
            raise NoteError(f"the note has {len(signatures)} signatures; at most {MAX_SIGNATURES} are read")
        return cls(text + "\n", tuple(map(Signature.parse, signatures)))

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{each}\n" for each in self.signatures)
