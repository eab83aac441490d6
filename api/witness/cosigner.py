"""Cosigning, exactly as tlog-witness says: only what goes on from the checkpoint of that log which was cosigned last."""

import logging
import time
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.merkle import EMPTY_ROOT, verify_consistency
from api.domain.log.notes import NoteError, Signature, SignedNote
from api.domain.log.signatures import check_signatures
from api.domain.log.witness_protocol import SIZE_TYPE, Submission
from api.transparency.checkpoint_folder import CheckpointFolder, DamagedCheckpoint
from api.transparency.ed25519 import ed25519_holds
from api.witness.known_logs import KnownLogs
from api.witness.witness_key import WitnessKey

MAX_LOGS = 1000  # that have no line of their own
log = logging.getLogger("pingxuan.witness")


class Answer(NamedTuple):
    """What a request is answered with, over HTTP."""

    status: int
    text: str
    content_type: str = "text/plain; charset=utf-8"


class Cosigner:
    """A witness: its key, the logs it knows, and the newest checkpoint of each that it has cosigned."""

    def __init__(
        self,
        key: WitnessKey,
        known: KnownLogs,
        cosigned: CheckpointFolder,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._key = key
        self._known = known
        self._cosigned = cosigned
        self._clock = clock

    def answer(self, body: bytes) -> Answer:
        """Answer a request to cosign; what has been cosigned is on the disk before this returns."""
        try:
            submission = Submission.parse(body)
            checkpoint = Checkpoint.parse(submission.note.text)
        except NoteError as error:
            return Answer(400, f"{error}\n")
        if submission.old > checkpoint.size:
            return Answer(400, f"the old size {submission.old} is larger than the checkpoint's, {checkpoint.size}\n")
        keys = self._known.keys_of(checkpoint.origin)
        if not keys:
            return Answer(404, f"this witness does not know the log {checkpoint.origin}\n")
        try:
            signed = check_signatures(submission.note, keys, ed25519_holds)
        except NoteError as error:
            return Answer(403, f"{error}\n")
        if not signed:
            return Answer(403, "none of the signatures is of a key that this witness has of that log\n")
        signers = {each.key.key_id for each in signed}
        return self._guarded(lambda: self._stored(submission, checkpoint, signers))

    def checkpoint(self, digest: str) -> Answer:
        """The newest checkpoint that was cosigned of the log whose origin has this SHA-256, in hexadecimal digits."""

        def find() -> Answer:
            for origin in self._cosigned.origins():
                if sha256(origin.encode()).hexdigest() == digest:
                    return Answer(200, str(self._cosigned.note(origin)))
            return Answer(404, "this witness has cosigned nothing of such a log\n")

        return self._guarded(find)

    def summary(self) -> Answer:
        """What people see: the witness's key, and how far it has seen each log."""

        def describe() -> Answer:
            heads = [self._cosigned.head(origin) for origin in sorted(self._cosigned.origins())]
            lines = [f"{head.origin} {head.size}\n" for head in heads if head is not None]
            return Answer(200, f"{self._key.verifier_key}\n\n{''.join(lines)}")

        return self._guarded(describe)

    def _guarded(self, work: Callable[[], Answer]) -> Answer:
        """What this answers; 503 where what is stored cannot be used."""
        try:
            return work()
        except DamagedCheckpoint as error:
            problem = f"{error}: put back a copy of it"
        except OSError as error:
            problem = f"{self._cosigned.folder} cannot be used: {error.strerror}"
        log.error("%s. Nothing of it is cosigned until it can be used.", problem)
        return Answer(503, "this witness cannot use what it has stored\n")

    def _stored(self, submission: Submission, checkpoint: Checkpoint, signers: set[bytes]) -> Answer:
        with self._cosigned.locked():
            return self._compared(submission, checkpoint, signers)

    def _compared(self, submission: Submission, checkpoint: Checkpoint, signers: set[bytes]) -> Answer:
        """Compare a checkpoint that the log has signed with the one cosigned last, as its lock is held."""
        kept = self._cosigned.head(checkpoint.origin)
        if kept is None and not self._known.is_named(checkpoint.origin) and len(self._cosigned.origins()) >= MAX_LOGS:
            return Answer(404, "this witness has no room for further logs that have no line of their own\n")
        size, root = (0, EMPTY_ROOT) if kept is None else (kept.size, kept.root)
        is_fork = size == checkpoint.size and root != checkpoint.root
        if is_fork and kept is not None:
            self._keep_fork(submission.note, checkpoint)
        if is_fork or submission.old != size:
            return Answer(409, f"{size}\n", SIZE_TYPE)
        if not _goes_on(submission, checkpoint, size, root):
            log.warning(
                "%s does not go on at %d from what was cosigned at %d", checkpoint.origin, checkpoint.size, size
            )
            return Answer(422, "the proof does not hold from the checkpoint that was cosigned last to this one\n")
        return self._cosign(submission.note, checkpoint, size, signers)

    def _cosign(self, note: SignedNote, checkpoint: Checkpoint, size: int, signers: set[bytes]) -> Answer:
        cosignature = self._key.cosign(int(self._clock()), note.text)
        if size < checkpoint.size or size == 0:
            own: list[Signature] = [each for each in note.signatures if each.key_id in signers]
            self._cosigned.replace(SignedNote(note.text, (*own, cosignature)))
            log.info("cosigned %s at %d, after %d", checkpoint.origin, checkpoint.size, size)
        return Answer(200, f"{cosignature}\n")

    def _keep_fork(self, note: SignedNote, checkpoint: Checkpoint) -> None:
        """Keep a second history that a log has signed, one for each log: with what was cosigned it is proof of that."""
        log.error("%s has signed two histories of %d entries", checkpoint.origin, checkpoint.size)
        self._cosigned.keep_fork(note)


def _goes_on(submission: Submission, checkpoint: Checkpoint, size: int, root: bytes) -> bool:
    if size in (0, checkpoint.size):
        return not submission.proof
    return verify_consistency(size, checkpoint.size, root, checkpoint.root, submission.proof)
