"""Go on with a campaign's log under a new origin, after its database has lost what was published or its tree is damaged."""

from dataclasses import dataclass

from api.domain.log.checkpoints import Checkpoint
from api.domain.log.merkle import EMPTY_ROOT
from api.domain.log.notes import SignedNote
from api.ports.log import Anchor, Head, Log, SealingStore
from api.services.log.directory import LogDirectory


@dataclass(frozen=True)
class LogContinuation:
    """Begins another generation of a log. Its first entry will commit to the head of the one before."""

    store: SealingStore
    anchor: Anchor | None
    directory: LogDirectory

    async def continue_log(self, campaign: str) -> Log:
        """Begin it, and queue all ballots and rulings of the campaign for it. Raises LookupError where there never was a log.

        The head is the largest that was signed: the anchor's, or the published one. What was only sealed, nobody has seen.
        """
        found = await self.store.log(campaign)
        stored = found or Log(0, campaign, 1, self.directory.origin(campaign), 0, EMPTY_ROOT)
        anchored = None if self.anchor is None else await self.anchor.head(stored.origin)
        if found is None and anchored is None:
            raise LookupError(campaign)
        signed = [head for head in (anchored, _published(stored)) if head is not None]
        head = max(signed, key=lambda each: each.size, default=stored.head)
        origin = self.directory.origin(campaign, stored.generation + 1)
        return await self.store.begin_generation(stored, origin, head)


def _published(log: Log) -> Head | None:
    if log.note is None:
        return None
    checkpoint = Checkpoint.parse(SignedNote.parse(log.note).text)
    return Head(log.origin, checkpoint.size, checkpoint.root)
