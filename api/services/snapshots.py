"""What is known without asking the database: the directory, the standings and the roster at one moment.

A snapshot is replaced as a whole and never changed.
"""

import asyncio
import hashlib
import logging
import math
from bisect import bisect_right
from collections.abc import Mapping
from contextvars import Context
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from api.domain.campaigns.campaign import Campaign, Directory
from api.domain.people.access import AccessGrants
from api.domain.results.ranking import Standings, standings
from api.domain.results.tallies import NOTHING, Counts
from api.domain.voting.quota import voter_secret
from api.domain.voting.rules import rules_of
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.ports import AccessStore, Campaigns, Tallies

MAX_AGE = timedelta(seconds=1)
REFRESH_TIMEOUT = 2.0  # seconds for which readers wait for a new snapshot before they are served the last one
log = logging.getLogger("pingxuan.snapshots")


@dataclass(frozen=True)
class Snapshot:
    """The directory, the counts and the roster as of one moment. Standings are ranked when first asked for, then kept.

    A snapshot in which nothing has changed takes over what its predecessor has ranked; only as_of is new.
    """

    directory: Directory
    counts: Mapping[str, Counts]
    as_of: datetime
    access: AccessGrants = field(default_factory=AccessGrants)
    _ranked: dict[tuple[str, date | None], Standings] = field(default_factory=dict, repr=False, compare=False)

    def standings(self, campaign: Campaign, day: date | None = None) -> Standings:
        """The campaign's standings, on all days or on one."""
        key, moment = (campaign.slug, day), campaign.calendar.local(self.as_of)
        known = self._ranked.get(key)
        if known is None:
            self._ranked[key] = known = standings(campaign, self.counts.get(campaign.slug, NOTHING), moment, day)
        elif known.as_of != moment:
            self._ranked[key] = known = self._moved(known, moment)
        return known

    def turn(self, now: datetime) -> int:
        """How many moments have passed at which time alone changed what is said of a campaign: the same, the same answers."""
        return bisect_right(self.directory.turns, now)

    def version(self, now: datetime) -> str:
        """The same text as long as nothing that is stored has changed and every campaign stands where it stood."""
        revisions = sorted((campaign.slug, campaign.revision) for campaign in self.directory.campaigns.values())
        return f"{self._digest_of_counts} {revisions} {self.turn(self.as_of)} {self.turn(now)}"

    @cached_property
    def _digest_of_counts(self) -> str:
        counted = [
            (
                slug,
                *(sorted(kind.items()) for kind in (counts.ballots, counts.held, counts.voided)),
                _sorted(counts.votes),
            )
            for slug, counts in sorted(self.counts.items())
        ]
        return hashlib.sha256(repr(counted).encode()).hexdigest()

    def _moved(self, known: Standings, moment: datetime) -> Standings:
        """The same standings at a later moment: the same ranks, unless a voting day has begun since."""
        days = known.campaign.calendar.days_begun
        if days(known.as_of) == days(moment):
            return replace(known, as_of=moment)
        return standings(known.campaign, known.counts, moment, known.day)


def _sorted(votes: Mapping[date, Mapping[int, int]]) -> list[object]:
    return [(day, sorted(votes[day].items())) for day in sorted(votes)]


class Snapshots:
    """Keeps the newest snapshot and replaces it when it is asked for and a second old; nobody asks, nothing is read."""

    def __init__(
        self,
        campaigns: Campaigns,
        tallies: Tallies,
        people: AccessStore,
        instrumentation: Instrumentation = NO_INSTRUMENTATION,
    ) -> None:
        self._campaigns = campaigns
        self._tallies = tallies
        self._people = people
        self._instrumentation = instrumentation
        self._revisions: Mapping[str, int] = {}
        self._refreshing: asyncio.Task[Snapshot] | None = None
        self._overdue = 0.0  # the loop's time at which nobody waits for it any longer
        self.newest: Snapshot | None = None

    async def fresh(self, now: datetime, age: timedelta = MAX_AGE) -> Snapshot:
        """A snapshot less than a second old, or than this age. All who ask while one is being made wait for that same one.

        While the database cannot be read, or takes too long, the last snapshot is served on; its as_of says how old it is.
        """
        if self.newest is not None and timedelta(0) <= now - self.newest.as_of < age:
            return self.newest
        if self._refreshing is None or self._refreshing.done():
            # In a context of its own: it is made for many requests, not for the one that happened to need it first.
            self._refreshing = asyncio.create_task(self._refresh_or_keep(now), context=Context())
            self._overdue = asyncio.get_running_loop().time() + REFRESH_TIMEOUT
        return await self._made_in_time(self._refreshing)

    def age(self, now: datetime) -> float:
        """How old the newest snapshot is, in seconds; not a number while there is none."""
        return math.nan if self.newest is None else (now - self.newest.as_of).total_seconds()

    async def refresh(self, now: datetime) -> Snapshot:
        """Read what is stored now and put a new snapshot in place of the newest."""
        directory = await self._directory()
        counts, access = await self._tallies.counts(), await self._people.access()
        before = self.newest
        unchanged = before is not None and before.directory is directory and before.counts == counts
        ranked = before._ranked if before is not None and unchanged else {}
        self.newest = Snapshot(directory, counts, now, access, ranked)
        return self.newest

    async def _directory(self) -> Directory:
        """Read again only when a campaign has changed. What the old one led to is dropped: a secret may be forgotten."""
        revisions = await self._campaigns.revisions()
        if self.newest is not None and revisions == self._revisions:
            return self.newest.directory
        directory, self._revisions = await self._campaigns.directory(), revisions
        for remembered in (voter_secret, rules_of):
            remembered.cache_clear()
        return directory

    async def _made_in_time(self, refreshing: asyncio.Task[Snapshot]) -> Snapshot:
        """What is being made or, when that is overdue, the last one. It is made on: a query is not to be had back."""
        left = None if self.newest is None else self._overdue - asyncio.get_running_loop().time()
        if left is None or left > 0:
            await asyncio.wait([refreshing], timeout=left)
        return refreshing.result() if self.newest is None or refreshing.done() else self.newest

    async def _refresh_or_keep(self, now: datetime) -> Snapshot:
        try:
            with self._instrumentation.trace_refresh():
                return await self.refresh(now)
        except Exception:
            if self.newest is None:
                raise
            log.exception("the snapshot of %s is served on: a newer one could not be made", self.newest.as_of)
            return self.newest
