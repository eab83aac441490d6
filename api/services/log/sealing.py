"""Seal what waits in a campaign: ballots in the order of their leaf hashes, rulings, and what is derived from the campaign."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from api.clock import Clock
from api.domain.campaigns.campaign import Campaign
from api.domain.integrity.rulings import RulingKind
from api.domain.log.ballot_leaves import BallotLeaves
from api.domain.log.bundles import ID_SIZE, NO_BALLOT, append_to_bundles
from api.domain.log.derived_entries import (
    Derived,
    Moment,
    days_to_count,
    derive_close,
    derive_comparison,
    derive_days,
    derive_result,
    derive_selection,
    derive_terms,
    may_state_result,
    selections_to_state,
)
from api.domain.log.entries import ContinuesEntry, RulingEntry
from api.domain.log.merkle import EMPTY_ROOT, leaf_hash
from api.domain.log.tiles import TILE_WIDTH, append, root_from_tiles
from api.ports.log import Growth, Log, LogDamagedError, OvertakenError, Queued, Sealing, SealingStore
from api.services.log.directory import LogDirectory

MAX_BATCH = 8_192  # ballots of one transaction, which on SQLite keeps others from casting


@dataclass(eq=False)
class _Campaign:
    """What is kept of a campaign from one batch to the next."""

    campaign: Campaign
    leaves: BallotLeaves


class _Stated(NamedTuple):
    """What is derived in one batch: the lines that come before its ballots, and those after its rulings."""

    before: list[str]
    derived: Derived


@dataclass(eq=False)
class LogSealer:
    """Seals campaigns in this process. grace: after the close, for ballots that are under way."""

    store: SealingStore
    directory: LogDirectory
    clock: Clock
    grace: timedelta

    async def seal(self, campaign: str) -> Log | None:
        """Seal all that waits, and state what is due; return the log. None where another process is at it.

        Raises LookupError where there is no such campaign, LogDamagedError, and what storage raises.
        """
        known: _Campaign | None = None
        while True:
            try:
                async with self.store.sealing(campaign) as sealing:
                    if sealing is None:
                        return None
                    log, rest, known = await self._seal_batch(campaign, sealing, known)
            except OvertakenError:
                return None
            if not rest:
                return log

    async def _seal_batch(self, slug: str, sealing: Sealing, known: _Campaign | None) -> tuple[Log, bool, _Campaign]:
        """Return the log, whether more waits, and what is kept for the next batch."""
        moment = Moment(self.clock(), self.grace)
        read_before = None if known is None else known.campaign
        queued = await sealing.read(MAX_BATCH, lambda campaign: may_state_result(campaign, moment), read_before)
        if known is None or known.campaign is not queued.campaign:
            known = _Campaign(queued.campaign, _leaves_of(queued.campaign))
        log = queued.log or Log(0, slug, 1, self.directory.origin(slug), 0, EMPTY_ROOT)
        stated = await _derive(log, queued, sealing, moment)
        growth = await asyncio.to_thread(_grow, log, queued, known.leaves, stated, moment.now)
        if not growth.tiles and queued.log is not None and growth.log.state == log.state:
            return log, queued.rest, known
        return await sealing.write(queued, growth), queued.rest, known


def _leaves_of(campaign: Campaign) -> BallotLeaves:
    return BallotLeaves(campaign.slug, {project.position: project.number for project in campaign.projects})


async def _derive(log: Log, queued: Queued, sealing: Sealing, moment: Moment) -> _Stated:
    """Find what has to be stated. Days, the close and the result wait until nothing else does: they say what is sealed."""
    campaign, derived = queued.campaign, Derived(dict(log.state))
    if log.continues is not None and not log.size:
        head = log.continues
        derived.entries.append(ContinuesEntry(head["origin"], head["size"], bytes.fromhex(head["root"])).line)
    if derived.state.get("revision") != campaign.revision:
        derive_terms(campaign, derived)
    before, derived.entries = derived.entries, []
    if queued.rest:
        return _Stated(before, derived)
    rulings = sum(len(ruling.ballots) for ruling in queued.rulings)
    index = log.size + len(before) + len(queued.ballots) + rulings
    _check_count(log, queued)
    days = days_to_count(campaign, derived.state, queued.counts, moment)
    derive_days(queued.counts, {day: await sealing.sign_ins(campaign.time_zone, day) for day in days}, derived)
    derive_close(campaign, log.ballots + len(queued.ballots), index, moment, derived)
    derive_result(campaign, queued.counts, moment, derived)
    for stage, version in selections_to_state(campaign, derived.state, moment.now):
        texts = await sealing.selection(stage, version)
        if texts is not None:
            derive_selection(stage, version, texts, derived)
    derive_comparison(campaign, moment, derived)
    return _Stated(before, derived)


def _grow(log: Log, queued: Queued, leaves: BallotLeaves, stated: _Stated, now: datetime) -> Growth:
    """Make the entries, and what they make of the tree. It takes long, and runs in a thread."""
    _check_edge(log, queued)
    first = log.size + len(stated.before)
    sealed = leaves.sorted(queued.ballots)
    ids = [ballot for _, _, ballot in sealed]
    before = [line.encode() for line in stated.before]
    after = [*_rulings(log, queued, ids, first), *(line.encode() for line in stated.derived.entries)]
    entries = [*before, *(entry for _, entry, _ in sealed), *after]
    hashes = [*map(leaf_hash, before), *(leaf for leaf, _, _ in sealed), *map(leaf_hash, after)]
    appended = append(log.size, queued.tiles, hashes)
    names = [*[NO_BALLOT] * len(before), *ids, *[NO_BALLOT] * len(after)]
    grown = replace(
        log,
        size=appended.size,
        root=appended.root,
        ballots=log.ballots + len(ids),
        state=stated.derived.state,
        sealed_at=now,
    )
    bundles = append_to_bundles(log.size, queued.bundle, entries, names)
    return Growth(grown, appended.tiles, bundles, first, stated.derived.documents)


def _check_edge(log: Log, queued: Queued) -> None:
    """See that the tree goes on from what it was. Raises LogDamagedError."""
    try:
        is_sound = root_from_tiles(log.size, queued.tiles) == log.root
    except ValueError:
        is_sound = False
    if not is_sound:
        raise LogDamagedError(f"The tiles at the right edge of {log.origin} do not give its root at size {log.size}.")
    if len(queued.bundle.ballots) != log.size % TILE_WIDTH * ID_SIZE:
        raise LogDamagedError(
            f"The last bundle of {log.origin}, of entries from {log.size // TILE_WIDTH * TILE_WIDTH}, does not have as many "
            f"as its size {log.size} says."
        )


def _check_count(log: Log, queued: Queued) -> None:
    """See that no ballot is sealed twice, once nothing rests. Raises LogDamagedError."""
    ballots, cast = log.ballots + len(queued.ballots), sum(each.cast for each in queued.counts.days.values())
    if ballots > cast:
        raise LogDamagedError(
            f"{cast} ballots are counted in {log.campaign}, and {ballots} would be in the log {log.origin}: some wait that are "
            "in it already, or `pingxuan audit` finds the counts wrong. Nothing is sealed."
        )


def _rulings(log: Log, queued: Queued, ids: list[str], first: int) -> list[bytes]:
    """The entries of rulings, which name ballots by their places."""
    if not queued.rulings:
        return []
    places = {**queued.places, **{ballot: first + n for n, ballot in enumerate(ids)}}
    entries = []
    for ruling in queued.rulings:
        for ballot in ruling.ballots:
            if ballot not in places:
                raise LogDamagedError(f"A ruling waits on a ballot that is not in {log.origin}: nothing is sealed.")
            line = RulingEntry(RulingKind[ruling.kind], places[ballot], ruling.reason_sha256).line
            entries.append(line.encode())
    return entries
