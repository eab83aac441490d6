"""The anchor: the newest signed checkpoint of each log, kept outside the database, which never goes backwards.

A database that was restored, or to which a server failed over without its last transactions, has a smaller log than the
anchor, and so is found out before it signs a second history.
"""

import asyncio
from pathlib import Path

from api.domain.errors import OperatorError
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import SignedNote
from api.ports.log import Head, LogBehindError
from api.transparency.checkpoint_folder import CheckpointFolder, DamagedCheckpoint


class AnchorError(OperatorError):
    """The anchor cannot be read or written: nothing is signed until somebody has looked at it."""


class FolderAnchor:
    """An anchor in a folder, which several processes of a host may use at once."""

    def __init__(self, folder: Path) -> None:
        self._checkpoints = CheckpointFolder(folder)

    async def head(self, origin: str) -> Head | None:
        """Return the newest head that was recorded for a log, None if there is none yet. Raises AnchorError."""
        kept = await asyncio.to_thread(self._read, origin)
        return None if kept is None else Head(kept.origin, kept.size, kept.root)

    async def heads(self) -> list[Head]:
        """Return the newest head of every log that is kept, by their names. Raises AnchorError."""
        found = [await self.head(origin) for origin in sorted(await asyncio.to_thread(self._checkpoints.origins))]
        return [head for head in found if head is not None]

    async def record(self, note: str) -> None:
        """Keep a signed checkpoint as the newest of its log; it is on the disk once this returns.

        What is kept already changes nothing. Raises LogBehindError for an older checkpoint or another one of the same size,
        and AnchorError.
        """
        await asyncio.to_thread(self._record, SignedNote.parse(note))

    def _read(self, origin: str) -> Checkpoint | None:
        try:
            return self._checkpoints.head(origin)
        except DamagedCheckpoint as error:
            raise AnchorError(
                f"The log's anchor {error}. Nothing is signed until it is whole: put back a copy of it. If there is none, and "
                "you know that the database was neither restored nor failed over, delete the file: the next checkpoint takes "
                "its place."
            ) from None
        except OSError as error:
            raise AnchorError(
                f"The log's anchor {self._checkpoints.file(origin)} cannot be read: {error.strerror}. Nothing is signed until "
                "it can be: see that the disk is there and may be read."
            ) from None

    def _record(self, note: SignedNote) -> None:
        try:
            self._checkpoints.make()
            with self._checkpoints.locked():
                if self._is_newer(Checkpoint.parse(note.text)):
                    self._checkpoints.replace(note)
        except OSError as error:
            raise AnchorError(
                f"The log's anchor {self._checkpoints.folder} cannot be written: {error.strerror}. Nothing is signed until it "
                "can be: see that the disk is there, has room and may be written, or name another folder with "
                "PINGXUAN_LOG_ANCHOR."
            ) from None

    def _is_newer(self, checkpoint: Checkpoint) -> bool:
        kept = self._read(checkpoint.origin)
        if kept is None or kept.size < checkpoint.size:
            return True
        if kept == checkpoint:
            return False
        raise LogBehindError(
            f"The log {checkpoint.origin} would go back or fork: it was to be signed at {checkpoint.size} entries, and "
            f"{self._checkpoints.file(checkpoint.origin)} has it at {kept.size} already.",
            kept.size,
            is_forked=kept.size == checkpoint.size,
        )
