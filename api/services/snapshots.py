"""Snapshots of the directory, the counts and the access grants, each replaced as a whole, so that reads need no database."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias, TypeVar

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.log.published_log import PublishedLog
from api.domain.people.access import AccessGrants
from api.domain.results.ranking import Standings, standings
from api.domain.results.tallies import NOTHING, Counts
from api.domain.results.visibility import results_visible
from api.domain.voting.judging import rules_of
from api.domain.voting.quota import keyed, voter_secret
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.ports import AccessStore, Campaigns, Tallies
from api.services.counts_digests import CountsDigests
from api.services.earlier_counts import EarlierCounts, read_earlier

T = TypeVar("T")
Ranking: TypeAlias = tuple[Campaign, date | None]  # of all voting days, or of one
ReadLogs: TypeAlias = Callable[[], Awaitable[Mapping[str, Sequence[PublishedLog]]]]
MAX_AGE, NO_TIME = timedelta(seconds=1), timedelta(0)
RENEWAL_AGE = timedelta(seconds=0.8)  # of the newest, from which on another is made while it is served
REFRESH_TIMEOUT = 2.0  # seconds for which readers wait for a new snapshot before they are served the last one
log = logging.getLogger("pingxuan.snapshots")


@dataclass(frozen=True)
class Snapshot:
    """The directory, the counts by campaign and the access grants as of one moment.

    counts: of all ballots. earlier: of the campaigns whose standings are seen as of an earlier moment, what is seen instead.
    logs: what is published of each campaign's log, its generations in their order.
    Standings are ranked when first asked for. A snapshot takes over what has not changed of its predecessor's.
    """

    directory: Directory
    counts: Mapping[str, Counts]
    as_of: datetime
    access: AccessGrants = field(default_factory=AccessGrants)
    earlier: Mapping[str, EarlierCounts] = field(default_factory=dict)
    logs: Mapping[str, Sequence[PublishedLog]] = field(default_factory=dict)
    _ranked: dict[Ranking, Standings] = field(default_factory=dict, repr=False, compare=False)
    _ranked_before: Mapping[Ranking, Standings] = field(default_factory=dict, repr=False, compare=False)
    _digests: CountsDigests = field(default_factory=CountsDigests, repr=False, compare=False)
    _cache: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def published(self, now: datetime, drafts: frozenset[str] = frozenset()) -> "Snapshot":
        """Return it with no decision and no outcome that is not public by now, and of all drafts with these alone.

        The same object for the same directory.
        """
        directory = self.directory.published(now, drafts)
        if directory is self.directory:
            return self
        key = (Snapshot, self.transitions_passed(now), drafts)
        return self.cached(key, lambda: replace(self, directory=directory))

    def cached(self, key: object, make: Callable[[], T]) -> T:
        """Return the value under this key, made when first asked for. Layers above keep here what they derive from it."""
        value: T | None = self._cache.get(key)
        if value is None:
            self._cache[key] = value = make()
        return value

    def standings(self, campaign: Campaign, day: date | None = None) -> Standings:
        """Return the campaign's standings as they are seen, on all days or on one."""
        return self.cached((Standings, campaign, day), lambda: self._standings(campaign, day))

    def _standings(self, campaign: Campaign, day: date | None) -> Standings:
        key, (counts, moment) = (campaign, day), self._seen(campaign.slug)
        moment = campaign.calendar.local(moment)
        ranked = self._ranked.get(key)
        if ranked is None:
            self._ranked[key] = ranked = standings(campaign, counts, moment, day, self._ranked_before.get(key))
        elif ranked.as_of != moment:
            self._ranked[key] = ranked = _at(ranked, counts, moment)
        return ranked

    def _seen(self, slug: str) -> tuple[Counts, datetime]:
        """Return the counts of a campaign that are seen, and as of which moment they are."""
        earlier = self.earlier.get(slug)
        return (self.counts.get(slug, NOTHING), self.as_of) if earlier is None else (earlier.counts, earlier.moment)

    @property
    def moments(self) -> frozenset[datetime]:
        """All moments as of which something is seen."""
        return frozenset({self.as_of, *(earlier.moment for earlier in self.earlier.values())})

    def transitions_passed(self, now: datetime) -> int:
        """Count the transitions of campaigns up to this moment: while the count is the same, so are the answers."""
        return self.directory.transitions_passed(now)

    def version(self, now: datetime) -> str:
        """Return a text that changes whenever something that anybody sees has changed, also by a campaign's transition."""
        return self._version(now, frozenset())

    def public_version(self, now: datetime) -> str:
        """Return such a text of what everybody sees: it differs in nothing else, so that it gives nothing else away."""
        campaigns = self.directory.campaigns.values()
        return self._version(now, frozenset(c.slug for c in campaigns if not results_visible(c, now, has_cast=False)))

    @property
    def logs_version(self) -> str:
        """A text that changes whenever more of a log is published, which is no part of the others: few answers show logs."""
        logs = (log for slug in self.directory.campaigns for log in self.logs.get(slug, ()))
        return f"{sorted((log.id, log.size) for log in logs)}"

    def _version(self, now: datetime, hidden: frozenset[str]) -> str:
        """hidden: the campaigns of whose votes only the sum may have a part in it."""
        slugs = sorted(self.directory.campaigns)
        key = (Snapshot, "digest", *slugs, hidden)
        digest = self.cached(key, lambda: self._digests.digest({slug: self._seen(slug)[0] for slug in slugs}, hidden))
        revisions = sorted((campaign.slug, campaign.revision) for campaign in self.directory.campaigns.values())
        return f"{digest} {revisions} {self.transitions_passed(self.as_of)} {self.transitions_passed(now)}"


def _at(ranked: Standings, counts: Counts, moment: datetime) -> Standings:
    """Return the standings as of another moment: ranked again only when another voting day has begun."""
    days_begun = ranked.campaign.calendar.days_begun
    if days_begun(ranked.as_of) == days_begun(moment):
        return replace(ranked, as_of=moment)
    return standings(ranked.campaign, counts, moment, ranked.day, ranked)


async def no_logs() -> Mapping[str, Sequence[PublishedLog]]:
    """Read no logs, where there are none."""
    return {}


class Snapshots:
    """Keeps the newest snapshot, and makes another when one is asked for and the newest is about a second old.

    read_logs: reads what is published of the logs.
    """

    def __init__(
        self,
        campaigns: Campaigns,
        tallies: Tallies,
        access_store: AccessStore,
        instrumentation: Instrumentation = NO_INSTRUMENTATION,
        read_logs: ReadLogs = no_logs,
    ) -> None:
        self._campaigns = campaigns
        self._tallies = tallies
        self._access_store = access_store
        self._instrumentation = instrumentation
        self._read_logs = read_logs
        self._revisions: Mapping[str, int] = {}
        self._refreshing: asyncio.Task[Snapshot] | None = None
        self._deadline = 0.0  # the loop's time until which readers wait for the refresh
        self.newest: Snapshot | None = None

    async def fresh(self, now: datetime, max_age: timedelta = MAX_AGE) -> Snapshot:
        """Return a snapshot younger than max_age. All who ask while one is being made wait for the same one.

        While the database cannot be read, or takes too long, it is the last snapshot; its as_of says how old that is.
        """
        if self.at_hand(now, max_age) is None and self.under_way:  # it may have begun too long ago
            before, found = self.newest, await self._wait_for(self._begin_refresh(now))
            if found is before:
                return found
        return self.at_hand(now, max_age) or await self._wait_for(self._begin_refresh(now))

    def _begin_refresh(self, now: datetime) -> asyncio.Task[Snapshot]:
        """Return the refresh that is under way, or another."""
        if self._refreshing is None or self._refreshing.done():
            # In a context of its own: it is made for many requests, not for the one that happened to need it first.
            self._refreshing = asyncio.create_task(self._refresh_or_keep_newest(now), context=Context())
            self._deadline = asyncio.get_running_loop().time() + REFRESH_TIMEOUT
        return self._refreshing

    def at_hand(self, now: datetime, max_age: timedelta = MAX_AGE) -> Snapshot | None:
        """Return the newest snapshot if fresh would return it at once, and begin another in time, for which nobody waits."""
        age = max_age if self.newest is None else now - self.newest.as_of
        if RENEWAL_AGE <= age < max_age:
            self._begin_refresh(now)
        return self.newest if NO_TIME <= age < max_age else None

    async def after_change(self, now: datetime) -> Snapshot:
        """Return a snapshot of what is stored now, however long that takes: for whoever has just changed something."""
        while self.under_way:  # it may have read before the change
            await asyncio.wait(self.under_way)
        await asyncio.wait([refreshing := self._begin_refresh(now)])
        return refreshing.result()

    @property
    def under_way(self) -> list[asyncio.Task[Snapshot]]:
        """The refresh that has begun and not ended, if there is one: it reads from the database."""
        return [] if self._refreshing is None or self._refreshing.done() else [self._refreshing]

    def most_candidates(self) -> int:
        """Return how many projects stand in the campaign with the most of them, by the newest snapshot."""
        return 0 if self.newest is None else self.newest.directory.most_candidates

    def age(self, now: datetime) -> float:
        """Return how old the newest snapshot is, in seconds; NaN while there is none."""
        return math.nan if self.newest is None else (now - self.newest.as_of).total_seconds()

    async def refresh(self, now: datetime) -> Snapshot:
        """Read what is stored now and put a new snapshot in place of the newest."""
        directory, revisions = await self._read_directory()
        counts, access = await self._tallies.counts(), await self._access_store.access()
        before = self.newest
        known = {} if before is None else before.earlier
        earlier, logs = await read_earlier(self._tallies, directory, known, now), await self._read_logs()
        read = counts, earlier
        unchanged = before is not None and before.directory is directory and (before.counts, before.earlier) == read
        ranked = before._ranked if before is not None and unchanged else {}
        ranked_before = {} if before is None or unchanged else before._ranked or before._ranked_before
        digests = CountsDigests() if before is None else before._digests
        self.newest = Snapshot(directory, counts, now, access, earlier, logs, ranked, ranked_before, digests)
        self._revisions = revisions  # of this very directory: another refresh may have read a newer one meanwhile
        return self.newest

    async def _read_directory(self) -> tuple[Directory, Mapping[str, int]]:
        """Read the directory if a campaign has changed, and clear the caches by campaign: its salt may be destroyed."""
        revisions = await self._campaigns.revisions()
        if self.newest is not None and revisions == self._revisions:
            return self.newest.directory, revisions
        directory = await self._campaigns.directory()
        for cached_function in (voter_secret, keyed, rules_of):
            cached_function.cache_clear()
        return directory, revisions

    async def _wait_for(self, refreshing: asyncio.Task[Snapshot]) -> Snapshot:
        """Wait for a refresh until its deadline, then return the last snapshot. The refresh goes on for later readers."""
        timeout = None if self.newest is None else self._deadline - asyncio.get_running_loop().time()
        if timeout is None or timeout > 0:
            await asyncio.wait([refreshing], timeout=timeout)
        return refreshing.result() if self.newest is None or refreshing.done() else self.newest

    async def _refresh_or_keep_newest(self, now: datetime) -> Snapshot:
        try:
            with self._instrumentation.trace_refresh():
                return await self.refresh(now)
        except Exception:
            if self.newest is None:
                raise
            log.exception("the snapshot of %s is served on: a newer one could not be made", self.newest.as_of)
            return self.newest
