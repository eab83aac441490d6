"""Model a ballot: the voter's draft, its admission by the rules, and the stored ballot."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Any, NamedTuple

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.voided_votes import positions_voided_at
from api.domain.integrity.rulings import BallotStatus, Ruling, status_after
from api.domain.value_classes import value
from api.domain.voting.channels import Channel

BIT = (1).__lshift__  # of a position
BITS = tuple(tuple(bit + 1 for bit in range(8) if byte >> bit & 1) for byte in range(256))  # those of each byte, from 1


@value
class Draft:
    """A ballot as it was sent: ids in any order, unchecked.

    other_campaigns: those besides its own in which its key may have cast a ballot.
    """

    project_ids: tuple[str, ...]
    idempotency_key: str | None = None
    other_campaigns: tuple[Campaign, ...] = field(default=(), repr=False, compare=False)


@value
class Admission:
    """A ballot that keeps every rule, ready to be stored.

    ids: its possible ids, one per slot of the quota, of which it is stored under the first free one. positions: ascending.
    retry_tag: finds it again when the same request is retried; None when the caller sent no idempotency key. other_tags: the
    tags that the same key of the same voter has in other campaigns. judged_by: the campaign as the rules were asked; None where
    it cannot have changed since. vote_ids: where votes are cast one by one, the slots of the project in the period, of which
    the ballot takes a free one too; else none. client_tag: what the ballot log makes of its idempotency key.
    """

    ids: tuple[str, ...]
    campaign: str
    day: date
    cast_at: datetime
    positions: tuple[int, ...]
    retry_tag: str | None = None
    other_tags: tuple[str, ...] = ()
    judged_by: Campaign | None = field(default=None, repr=False, compare=False)
    channel: Channel = Channel.WEB
    vote_ids: tuple[str, ...] = ()
    client_tag: bytes | None = None

    @property
    def tallied(self) -> Sequence[int]:
        """The positions under which its votes are tallied: of each that is voided by then, the negative one as well."""
        if self.judged_by is None or not self.judged_by.voided_votes:
            return self.positions
        voided = positions_voided_at(self.judged_by.voided_votes, self.cast_at)
        return [*self.positions, *(-position for position in voided.intersection(self.positions))]


class StoredBatch:
    """The ballots that one commit has stored, in their order: their admissions by id.

    made: what was made of all of them together.
    """

    __slots__ = ("ballots", "made")

    def __init__(self) -> None:
        self.ballots: dict[str, Admission] = {}
        self.made: dict[str, Any] = {}


@value
class Ballot:
    """A stored ballot: the positions of its projects, ascending, and the last ruling on it, None when there is none.

    batch: what it was stored with, just now; None for one that is read.
    """

    id: str
    campaign: str
    day: date
    cast_at: datetime
    positions: tuple[int, ...]
    ruling: Ruling | None = None
    channel: Channel = Channel.WEB
    client_tag: bytes | None = None
    batch: StoredBatch | None = field(default=None, repr=False, compare=False)

    @property
    def status(self) -> BallotStatus:
        """Whether it counts."""
        return BallotStatus.COUNTED if self.ruling is None else status_after(self.ruling.kind)

    def is_of(self, draft: Draft, campaign: Campaign) -> bool:
        """Whether this draft, sent for this campaign, is what it was cast from: the same projects, in whatever order."""
        positions = sorted(campaign.positions_by_id.get(name, 0) for name in draft.project_ids)
        return self.campaign == campaign.slug and tuple(positions) == self.positions


class AdmissionResult(NamedTuple):
    """The ballot that is stored for an admission; is_new: it was stored now, not by an earlier request with its key."""

    ballot: Ballot
    is_new: bool


def bitmap(positions: Iterable[int], width: int | None = None) -> bytes:
    """The chosen positions as `width` bytes, or as few as there can be, little-endian: bit n-1 is position n."""
    bits = sum(map(BIT, frozenset(positions))) >> 1
    return bits.to_bytes((bits.bit_length() + 7) // 8 if width is None else width, "little")


def positions_in(choices: bytes) -> tuple[int, ...]:
    """The inverse of bitmap, ascending."""
    return tuple(8 * place + bit for place, byte in enumerate(choices) if byte for bit in BITS[byte])
