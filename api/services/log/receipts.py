"""Receipts: what a voter gets for a ballot once it is stored, made only where somebody asks.

The first receipt that is asked for of a commit has all ballots of it signed together; the others find that. One that is asked
for later is a batch of one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from secrets import token_bytes
from typing import Protocol

from api.domain.campaigns.campaign import Campaign
from api.domain.log.ballot_leaves import ballot_leaf
from api.domain.log.merkle import HASH_SIZE
from api.domain.log.notes import VerifierKey
from api.domain.log.receipts import Receipt, ReceiptBatch, seal_by
from api.domain.voting.ballots import Ballot
from api.ports.log import LogSigner
from api.services.log.directory import LogDirectory


class _Cast(Protocol):
    """What a receipt needs to know of a ballot, or of its admission."""

    @property
    def campaign(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def cast_at(self) -> datetime: ...
    @property
    def positions(self) -> tuple[int, ...]: ...
    @property
    def client_tag(self) -> bytes | None: ...


class Receipts:
    """Signs for ballots that are stored. signer: None where there are no keys. deadline: until a ballot is in the log."""

    def __init__(self, signer: LogSigner | None, directory: LogDirectory, deadline: timedelta) -> None:
        self._signer = signer
        self._directory = directory
        self._deadline = deadline
        self._key_ids: dict[str, bytes] = {}

    def of(self, ballot: Ballot, campaign: Campaign) -> Receipt | None:
        """The receipt for a ballot of this campaign; None while nothing may be signed."""
        stored = ballot.batch
        batch: ReceiptBatch | None = None if stored is None else stored.made.get(campaign.slug)
        if batch is None:
            batch = self._signed(campaign, {ballot.id: ballot} if stored is None else stored.ballots)
            if batch is None:
                return None
            if stored is not None:
                stored.made[campaign.slug] = batch
        return batch.receipt(ballot.id)

    def _signed(self, campaign: Campaign, cast: Mapping[str, _Cast]) -> ReceiptBatch | None:
        """Those of these ballots that are the campaign's, as a batch that is signed; None while nothing may be signed."""
        signer, slug = self._signer, campaign.slug
        origin = self._directory.receipt_origin(slug)
        if signer is None or origin is None:
            return None
        ours = {name: each for name, each in cast.items() if each.campaign == slug}
        written, leaves = _written_numbers(campaign), {}
        day, said = date.min, ""
        for name, each in ours.items():
            if each.day != day:
                day, said = each.day, str(each.day)
            leaves[name] = ballot_leaf(slug, said, name, each.client_tag, written(each.positions))
        last = max([each.cast_at for each in ours.values()])
        noise = token_bytes(HASH_SIZE * len(leaves))
        blinds = [noise[start : start + HASH_SIZE] for start in range(0, len(noise), HASH_SIZE)]
        batch = ReceiptBatch(leaves, blinds, campaign.calendar.local(seal_by(last, self._deadline)))
        batch.sign(origin, self._key_id(signer, origin), signer.sign_receipt)
        return batch

    def _key_id(self, signer: LogSigner, origin: str) -> bytes:
        if origin not in self._key_ids:
            self._key_ids[origin] = VerifierKey.parse(signer.receipt_keys(origin)[0]).key_id
        return self._key_ids[origin]


@lru_cache(maxsize=64)
def _written_numbers(campaign: Campaign) -> Callable[[Sequence[int]], str]:
    """What writes the numbers of projects, ascending, by their ascending positions."""
    numbers = {position: project.number for position, project in sorted(campaign.by_position.items())}
    words = {position: str(number) for position, number in numbers.items()}
    if list(numbers.values()) == sorted(numbers.values()):
        return lambda positions: ",".join([words[position] for position in positions])
    return lambda positions: ",".join(map(str, sorted([numbers[position] for position in positions])))
