"""What everybody sees of a log: as much of it as its newest checkpoint is about."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from api.domain.campaigns.campaign import Campaign
from api.domain.log.checkpoints import Checkpoint
from api.domain.log.notes import SignedNote
from api.domain.results.visibility import CLOSED, results_visible


@dataclass(frozen=True)
class PublishedLog:
    """One generation of a campaign's log, up to what is published.

    size: how many of its entries everybody sees, those under the note, which is None while there are none. closed: the place of
    its first entry `closed`, whether or not that is published; None before there is one.
    """

    id: int
    campaign: str
    generation: int
    origin: str
    size: int = 0
    note: str | None = None
    published_at: datetime | None = None
    closed: int | None = None

    @cached_property
    def signed_note(self) -> SignedNote:
        """The checkpoint with its signatures. Raises NoteError, which is a ValueError, as where nothing is published."""
        if self.note is None:
            raise ValueError(f"nothing is published of {self.origin}")
        return SignedNote.parse(self.note)

    @cached_property
    def root(self) -> bytes:
        """The root of the published tree. Raises as signed_note does."""
        return Checkpoint.parse(self.signed_note.text).root

    def is_countable(self, campaign: Campaign, now: datetime) -> bool:
        """Whether everybody may open its commitments and count them.

        Voting is over, the log has published that it is, and the results may be seen by all.
        """
        is_closed = self.closed is not None and self.closed < self.size
        return is_closed and campaign.phase(now) in CLOSED and results_visible(campaign, now, has_cast=False)
