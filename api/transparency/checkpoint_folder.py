"""A folder with the newest signed checkpoint of each log, replaced whole or not at all, whenever the machine stops.

Several processes of a host may use it at once. A file a log holds the note as it was signed, so that people can read it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

from api.disk import sync
from api.domain.errors import OperatorError
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import NoteError, SignedNote

ENDING, FORK = ".checkpoint", ".fork"
NEW, LOCK = "new", "lock"  # what is being written, by whoever has the lock
READABLE = 0o644  # nothing in it is secret


class DamagedCheckpoint(OperatorError):
    """A file of the folder is not what was written into it."""


class CheckpointFolder:
    """The newest checkpoint of each log. Its methods raise OSError where the folder cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, origin: str) -> Path:
        """The file with the newest checkpoint of a log."""
        return self.folder / (quote(origin, safe="") + ENDING)

    def note(self, origin: str) -> SignedNote | None:
        """Return the newest checkpoint of a log as it was signed, None if there is none. Raises DamagedCheckpoint."""
        file = self.file(origin)
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            return None
        return _parsed(file, origin, content)

    def head(self, origin: str) -> Checkpoint | None:
        """Return the newest checkpoint of a log, None if there is none. Raises DamagedCheckpoint."""
        note = self.note(origin)
        return None if note is None else Checkpoint.parse(note.text)

    def origins(self) -> list[str]:
        """The logs of which there is a checkpoint."""
        return [unquote(file.name.removesuffix(ENDING)) for file in self.folder.glob(f"*{ENDING}")]

    def replace(self, note: SignedNote) -> None:
        """Put a note in the place of the newest of its log; it is on the disk once this returns. Needs the lock."""
        self._replace(self.file(Checkpoint.parse(note.text).origin), note)

    def keep_fork(self, note: SignedNote) -> None:
        """Keep a note that forks its log from the newest beside that one. Needs the lock."""
        self._replace(self.file(Checkpoint.parse(note.text).origin).with_suffix(FORK), note)

    def _replace(self, file: Path, note: SignedNote) -> None:
        new = self.folder / NEW
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, READABLE)
        try:
            _write_all(descriptor, str(note).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(new, file)
        sync(self.folder)

    def make(self) -> None:
        """Make the folder where there is none yet; the one around it must be there."""
        if not self.folder.is_dir():
            self.folder.mkdir(exist_ok=True)
            sync(self.folder.parent)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only process that writes here; the system frees the lock of one that dies."""
        descriptor = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, READABLE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _parsed(file: Path, origin: str, content: bytes) -> SignedNote:
    try:
        note = SignedNote.parse(content.decode())
        found = Checkpoint.parse(note.text).origin
    except (NoteError, ValueError) as error:
        raise DamagedCheckpoint(f"{file} is damaged: {error}") from None
    if found != origin:
        raise DamagedCheckpoint(f"{file} is of another log, {found}")
    return note


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
