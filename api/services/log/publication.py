"""Publish what is sealed: read it back, sign it, and have it outside the database before anybody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.clock import Clock
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import SignedNote, VerifierKey
from api.domain.log.tile_proofs import consistency_proof, tiles_for_consistency
from api.ports.log import Anchor, Head, Log, LogBehindError, LogSigner, SealingStore, Witnesses
from api.services.log.directory import LogDirectory
from api.services.log.read_back import check_root, read_back, read_tiles, root_at

ADVICE = (
    "Ballots are taken and served, but nothing is signed: no checkpoint, no receipt. Bring back the newest copy of the "
    "database, or go on under a new origin with `pingxuan log continue`."
)


@dataclass(eq=False)
class LogPublisher:
    """Publishes logs in this process, without an anchor or witnesses where there are none."""

    store: SealingStore
    signer: LogSigner
    anchor: Anchor | None
    witnesses: Witnesses | None
    directory: LogDirectory
    clock: Clock
    _agreed: dict[str, Head] = field(default_factory=dict, repr=False)
    _signed: dict[str, str] = field(default_factory=dict, repr=False)
    _refusals: dict[str, LogBehindError] = field(default_factory=dict, repr=False)

    async def check(self, campaign: str) -> None:
        """See that the log is what was published outside the database. Raises LogBehindError and LogDamagedError.

        What is outside is read first: what it says was sealed before.
        """
        origin = self.directory.origin(campaign)
        head = None if self.anchor is None else await self.anchor.head(origin)
        stored = await self.store.log(campaign)
        if stored is not None and stored.origin != origin:  # another generation has begun since the last look
            self.directory.logs = {**self.directory.logs, campaign: stored}
            await self.check(campaign)
            return
        size = 0 if stored is None else stored.size
        refusal = self._refusals.get(origin)
        if refusal is not None and (size < refusal.size or refusal.is_forked):
            raise refusal
        if head is None or (self._agreed.get(origin) == head and size >= head.size):
            return
        if size < head.size:
            raise LogBehindError(
                f"The log {origin} has {size} entries in the database, and its anchor {head.size}. {ADVICE}", head.size
            )
        if stored is not None and not await self._continues(stored, head):
            await read_back(self.store, stored, 0)  # a damaged tree, which says so, is no fork
            raise LogBehindError(
                f"The log {origin} does not continue the checkpoint of size {head.size} that its anchor has. {ADVICE}",
                head.size,
                is_forked=True,
            )
        self._agreed[origin] = head

    async def follow(self, campaign: str) -> None:
        """Keep in the anchor what another host has published, which has one of its own. Raises what the anchor raises."""
        stored = self.directory.logs.get(campaign)
        if self.anchor is None or stored is None or stored.note is None:
            return
        head = await self.anchor.head(stored.origin)
        if head is None or head.size < stored.published_size:
            await self.anchor.record(stored.note)

    async def _continues(self, stored: Log, head: Head) -> bool:
        """Tell whether the log had this head when it was as large."""
        if stored.size == head.size and stored.root != head.root:
            return False
        return await root_at(self.store, stored, head.size) == head.root

    def has_signed(self, log: Log) -> bool:
        """Tell whether what is published has the signatures of all keys that sign now: after a rotation it has not."""
        if log.note is not None and self._signed.get(log.origin) != log.note:
            keys = map(VerifierKey.parse, self.signer.verifier_keys(log.origin))
            signatures = {(each.name, each.key_id) for each in SignedNote.parse(log.note).signatures}
            if not signatures.issuperset((key.name, key.key_id) for key in keys):
                return False
            self._signed[log.origin] = log.note
        return log.note is not None

    async def publish(self, log: Log) -> None:
        """Publish a log as it is sealed. Raises LogBehindError, LogDamagedError, QuorumMissingError, OperatorError."""
        await read_back(self.store, log, log.published_size)
        if log.note is not None:
            before = Checkpoint.parse(SignedNote.parse(log.note).text)
            await check_root(self.store, log, Head(log.origin, before.size, before.root))
        await self.check(log.campaign)
        note = self.signer.sign_checkpoint(Checkpoint(log.origin, log.size, log.root).text, log.origin)
        try:
            if self.anchor is not None:
                await self.anchor.record(note)
            if self.witnesses is not None:
                note = await self.witnesses.cosign(note, _Prover(self.store, log).prove)
        except LogBehindError as error:
            await self._refused(log, error)
            return
        await self.store.publish(log, note, self.clock())

    async def _refused(self, log: Log, error: LogBehindError) -> None:
        """Pass over that another process has published more of the same log meanwhile; raise the error otherwise."""
        stored = await self.store.log(log.campaign)
        if stored is not None and stored.origin == log.origin and stored.size >= error.size > log.size:
            return
        self._refusals[log.origin] = error
        raise error


@dataclass(frozen=True)
class _Prover:
    """Proves to witnesses that a log continues what they have seen of it."""

    store: SealingStore
    log: Log

    async def prove(self, old: int, new: int) -> Sequence[bytes]:
        """The consistency proof between two sizes."""
        return consistency_proof(old, new, await read_tiles(self.store, self.log, tiles_for_consistency(old, new)))
