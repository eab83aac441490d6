"""Look after the logs in a server process: every so often, see which have to be sealed, and publish what is."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from api.clock import Clock
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.states import CampaignState
from api.domain.errors import ApiError, ErrorCode, OperatorError
from api.domain.log.derived_entries import Moment, is_due, is_over
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.ports import Campaigns
from api.ports.log import Log, LogBehindError, LogDamagedError, SealingStore, Waiting
from api.services.log.directory import LogDirectory
from api.services.log.publication import LogPublisher
from api.services.log.read_back import read_back
from api.services.log.sealing import LogSealer

REPEAT = 600.0  # seconds after which the same complaint goes into the log again
log = logging.getLogger("pingxuan.log")


@dataclass(frozen=True, slots=True)
class SealingTerms:
    """How often is looked, how many ballots are sealed at least, and after how many seconds however few there are.

    grace: after the end of a day or of voting, for ballots that are under way.
    """

    interval: float = 60.0
    minimum: int = 64
    deadline: float = 3600.0
    grace: timedelta = timedelta(minutes=1)


@dataclass(eq=False)
class SealingRounds:
    """One round after the other. time: seconds by a clock that never goes back, for how long something waits."""

    store: SealingStore
    campaigns: Campaigns
    sealer: LogSealer
    publisher: LogPublisher
    directory: LogDirectory
    clock: Clock
    terms: SealingTerms
    instrumentation: Instrumentation = NO_INSTRUMENTATION
    time: Callable[[], float] = time.monotonic
    _known: dict[str, Campaign] = field(default_factory=dict, repr=False)
    _waiting: Mapping[str, Waiting] = field(default_factory=dict, repr=False)
    _since: dict[str, tuple[int, float]] = field(default_factory=dict, repr=False)
    _unpublished: dict[str, tuple[int, int]] | None = field(default=None, repr=False)
    _complaints: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)

    @property
    def ballots_waiting(self) -> int:
        """How many ballots wait to be sealed, as of the last look."""
        return sum(each.ballots for each in self._waiting.values())

    @property
    def published_ago(self) -> float:
        """Seconds since a log was published, by the clock of the campaigns; 0 where none ever was."""
        moments = [each.published_at for each in self.directory.logs.values() if each.published_at is not None]
        return max(0.0, (self.clock() - max(moments)).total_seconds()) if moments else 0.0

    async def keep_sealing(self) -> None:
        """Look now, and again and again, until cancelled. Whatever goes wrong, the next look comes."""
        while True:
            await self.look()
            await asyncio.sleep(self.terms.interval)

    async def check(self) -> None:
        """See which logs must not be signed: before the first receipt is."""
        try:
            self.directory.logs = await self.store.logs()
            for slug in await self.campaigns.revisions():
                await self._is_signable(slug)
        except ApiError as error:
            self._complain("", error)

    async def look(self) -> None:
        """Seal and publish what is due in each campaign."""
        try:
            campaigns = await self._campaigns()
            self._waiting = await self.store.waiting()
            self.directory.logs = await self.store.logs()
        except Exception as error:
            self._complain("", error)
            return
        for campaign in campaigns:
            await self._see_to(campaign)
        logs = self.directory.logs.values()
        self._unpublished = {each.campaign: (each.id, each.size) for each in logs if self._is_unpublished(each)}

    async def _campaigns(self) -> list[Campaign]:
        """The campaigns that everybody knows, read anew where they have changed."""
        revisions = await self.campaigns.revisions()
        for slug, revision in revisions.items():
            known = self._known.get(slug)
            if known is None or known.revision != revision:
                read = await self.campaigns.campaign(slug)
                if read is not None:
                    self._known[slug] = read
        for slug in self._known.keys() - revisions.keys():
            del self._known[slug]
        return [each for each in self._known.values() if each.state is not CampaignState.DRAFT]

    async def _see_to(self, campaign: Campaign) -> None:
        slug = campaign.slug
        try:
            if not await self._is_signable(slug):
                return
            sealed = None
            if self._is_due(campaign):
                sealed = await self.sealer.seal(slug)
                if sealed is not None:
                    self.directory.logs = {**self.directory.logs, slug: sealed}
            present = sealed or self.directory.logs.get(slug)
            if present is not None and self._is_unpublished(present) and (sealed or self._was_unpublished(present)):
                await self.publisher.publish(present)
                await self._published(slug)
            self._complaints.pop(slug, None)
        except LogBehindError as error:
            self.directory.behind[slug] = str(error)
            self._complain(slug, error)
        except LogDamagedError as error:
            self._complain(slug, await self._located(slug, error))
        except Exception as error:
            self._complain(slug, error)

    async def _is_signable(self, slug: str) -> bool:
        """Tell whether a log may be signed, and remember it for receipts."""
        try:
            await self.publisher.check(slug)
            await self.publisher.follow(slug)
        except (LogBehindError, OperatorError) as error:
            self.directory.behind[slug] = str(error)
            self._complain(slug, error)
            return False
        self.directory.behind.pop(slug, None)
        return True

    def _is_due(self, campaign: Campaign) -> bool:
        """Tell whether a campaign has to be sealed now: enough waits, it has waited for long, or something has to be stated."""
        stored, waiting = self.directory.logs.get(campaign.slug), self._waiting.get(campaign.slug)
        moment = Moment(self.clock(), self.terms.grace)
        if stored is None or not stored.size or is_due(campaign, stored.state, moment):
            return True
        if waiting is None:
            self._since.pop(campaign.slug, None)
            return False
        oldest, since = self._since.get(campaign.slug, (None, 0.0))
        if oldest != waiting.oldest:
            # How long that has waited which is met at the first look, nobody knows.
            since = self.time() if self._unpublished is not None else -self.terms.deadline
            self._since[campaign.slug] = (waiting.oldest, since)
        waited = self.time() - since
        return waiting.ballots >= self.terms.minimum or 2 * waited >= self.terms.deadline or is_over(campaign, moment)

    def _is_unpublished(self, stored: Log) -> bool:
        return stored.size > 0 and (stored.published_size < stored.size or not self.publisher.has_signed(stored))

    def _was_unpublished(self, present: Log) -> bool:
        """Tell whether nobody has published it since the last look: whoever sealed it is gone, or has failed."""
        if self._unpublished is None:
            return True
        return self._unpublished.get(present.campaign) == (present.id, present.size)

    async def _published(self, slug: str) -> None:
        stored = await self.store.log(slug)
        if stored is not None:
            self.directory.logs = {**self.directory.logs, slug: stored}

    async def _located(self, slug: str, error: LogDamagedError) -> LogDamagedError:
        """Say where a log is damaged, which takes reading it all."""
        stored = await self.store.log(slug)
        try:
            if stored is not None:
                await read_back(self.store, stored, 0)
        except LogDamagedError as located:
            return located
        return error

    def _complain(self, slug: str, error: Exception) -> None:
        """Say what is wrong: at once, and then every ten minutes for as long as it is."""
        self.instrumentation.count_log_failure()
        what = str(error) or type(error).__name__
        said, at = self._complaints.get(slug, ("", 0.0))
        if said == what and self.time() - at < REPEAT:
            return
        self._complaints[slug] = (what, self.time())
        where = f" of {slug}" if slug else "s"
        if isinstance(error, ApiError) and error.code is ErrorCode.OVERLOADED:
            log.warning("the log%s waits for the database: %s", where, error)
        elif isinstance(error, OperatorError):
            log.error("the log%s is not published: %s", where, error)
        else:
            log.error("the log%s could not be sealed or published", where, exc_info=error)
