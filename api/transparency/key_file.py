"""The file with the keys of the ballot logs: one key a line, the newest of its kind first.

`log SEED` signs checkpoints, `receipts SEED` signs receipts; SEED is the base64 of 32 random bytes (private keys of RFC 8032).
A line with `retired` before it signs nothing any more, and its public key goes on being published; `retired log public KEY`
is for a key whose seed has been destroyed. A line that begins with `#` is a comment.
"""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.disk import sync
from api.domain.errors import OperatorError
from api.domain.log.notes import NoteError, decode_base64, encode_base64

LOG, RECEIPTS = "log", "receipts"
ROLES = (LOG, RECEIPTS)
KEY_SIZE = 32  # bytes, of a seed and of a public key
FORMS = "'log SEED', 'receipts SEED', or one of them after 'retired'"
HEADER = """\
# The keys of ballot logs. Keep this file secret, and a copy of it where the server's disk cannot take it along.
# A new key goes above the old one of its kind; put 'retired ' before the old one once nobody asks for its signature.
"""


class KeyFileError(OperatorError):
    """The file is missing or says what no key file says: where, and what would be right, but nothing of any key."""


@dataclass(frozen=True, repr=False)
class LogKey:
    """A key of a role. signs: None for a key that only goes on being published."""

    role: str
    public: bytes
    signs: Ed25519PrivateKey | None


def read_keys(file: Path) -> tuple[LogKey, ...]:
    """Read the keys of a file, in its order. Raises KeyFileError."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"The keys of the ballot logs cannot be read from {file}: {error}") from None
    keys = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if words and not words[0].startswith("#"):
            try:
                keys.append(_key(words))
            except NoteError as error:
                raise KeyFileError(f"{file}, line {number}: {error}") from None
    for role in ROLES:
        if not any(key.role == role and key.signs for key in keys):
            raise KeyFileError(
                f"{file} has no key of the form '{role} SEED', not retired; `pingxuan log keys` writes one"
            )
    _refuse_repeated(file, keys)
    return tuple(keys)


def make_key_file(file: Path) -> None:
    """Write new keys of both roles, readable by the file's owner alone. Raises KeyFileError where there is a file already."""
    lines = [f"{role} {encode_base64(secrets.token_bytes(KEY_SIZE))}\n" for role in ROLES]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=file.parent, prefix=file.name) as whole:  # of mode 0600
            whole.write(HEADER + "".join(lines))
            whole.flush()
            os.fsync(whole.fileno())
            os.link(whole.name, file)  # so that no process ever reads half of it
    except OSError as error:
        if isinstance(error, FileExistsError) and file.exists():
            raise KeyFileError(f"{file} exists: its keys may have signed something, so nothing replaces it") from None
        raise KeyFileError(f"{file} cannot be written: {error}") from None
    sync(file.parent)


def _key(words: list[str]) -> LogKey:
    match words:
        case [("log" | "receipts") as role, seed]:
            private = Ed25519PrivateKey.from_private_bytes(_bytes(seed))
            return LogKey(role, private.public_key().public_bytes_raw(), private)
        case ["retired", ("log" | "receipts") as role, "public", key]:
            return LogKey(role, _bytes(key), None)
        case ["retired", ("log" | "receipts") as role, seed]:
            return replace(_key([role, seed]), signs=None)
    raise NoteError(f"a key is written {FORMS}")


def _bytes(encoded: str) -> bytes:
    """Return 32 bytes; the error does not repeat what may be a seed."""
    try:
        data = decode_base64(encoded)
    except NoteError:
        data = b""
    if len(data) != KEY_SIZE:
        raise NoteError(f"a key is the base64 of {KEY_SIZE} bytes, 44 characters with a '=' at the end")
    return data


def _refuse_repeated(file: Path, keys: Iterable[LogKey]) -> None:
    """Refuse one key in two lines: a receipt's key must not sign checkpoints, nor a retired one go on."""
    seen: set[bytes] = set()
    for key in keys:
        if key.public in seen:
            raise KeyFileError(f"{file} has the same key in two lines; each role, and each time, has a key of its own")
        seen.add(key.public)
