"""Prove from tiles that a ballot is in a log, and that one tree continues another: in a few rows and a few hundred hashes."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from api.domain.log.published_log import PublishedLog
from api.domain.log.tile_proofs import (
    consistency_proof,
    inclusion_proof,
    tiles_for_consistency,
    tiles_for_inclusion,
)
from api.ports.log_reader import LogReader
from api.services.log.published_logs import NONE
from api.services.snapshots import Snapshot


class Inclusion(NamedTuple):
    """That a ballot is in a log, at this place: the hashes from its leaf up to the root of the published tree."""

    log: PublishedLog
    place: int
    hashes: Sequence[bytes]


class LogProofs:
    """Proofs on what is published."""

    def __init__(self, reader: LogReader) -> None:
        self._reader = reader

    async def of_ballot(
        self, snapshot: Snapshot, campaign: str, ballot: str, shown: Callable[[PublishedLog], PublishedLog]
    ) -> Inclusion | None:
        """The proof that a ballot is in its campaign's log; None until that is published.

        shown: says as of which head the answer shows a log, given how it is now.
        """
        place = await self._reader.place(ballot)
        if place is None:
            return None
        known = next((log for log in snapshot.logs.get(campaign, NONE) if log.id == place.log), None)
        if known is None or known.size <= place.place:  # a younger snapshot may have it
            known = await self._reader.log_with_id(place.log)
        known = None if known is None else shown(known)
        if known is None or known.size <= place.place:
            return None
        return Inclusion(known, place.place, await self.inclusion(known, place.place))

    async def inclusion(self, log: PublishedLog, index: int) -> Sequence[bytes]:
        """The hashes that prove an entry to be in the published tree."""
        tiles = await self._reader.tiles(log.id, tiles_for_inclusion(index, log.size))
        return inclusion_proof(index, log.size, tiles)

    async def consistency(self, log: PublishedLog, old: int, new: int) -> Sequence[bytes]:
        """The hashes that prove the tree of the one size to continue that of the other, both of them published."""
        tiles = await self._reader.tiles(log.id, tiles_for_consistency(old, new))
        return consistency_proof(old, new, tiles)
