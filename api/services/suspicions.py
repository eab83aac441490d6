"""What is noted about how ballots arrive, and the suspicions that come of it."""

from collections.abc import Sequence
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.integrity.signals import Arrival, BallotOrigin, FirstSeenCache, shared_traits, signal
from api.domain.integrity.suspicions import DetectionConfig, Suspicion, SuspicionKind
from api.domain.voting.ballots import Ballot
from api.domain.voting.quota import voter_secret
from api.ports import Signals

MAX_FIRST_SEEN = 100_000  # traits of a process of which one ballot is known; some 30 MB


class SuspicionDetector:
    """Notes what ballots have in common, and shows what looks odd.

    A trait is stored only once a second ballot of this process shares it.
    """

    def __init__(self, signals: Signals, server_secret: bytes, detection: DetectionConfig) -> None:
        self._signals = signals
        self._server_secret = server_secret
        self._detection = detection
        self._first_seen = FirstSeenCache(MAX_FIRST_SEEN)

    def note(self, campaign: Campaign, ballot: Ballot, origin: BallotOrigin) -> None:
        """Note how a ballot arrived that has just been stored. Never waits and never fails."""
        arrival = Arrival(ballot.id, ballot.cast_at)
        shared = [
            (trait, each)
            for trait in shared_traits(ballot, origin, self._detection)
            for each in self._first_seen.add(trait, arrival)
        ]
        if shared and campaign.voter_salt:
            secret = voter_secret(self._server_secret, campaign.slug, campaign.voter_salt)
            self._signals.note([signal(secret, trait, each) for trait, each in shared])

    async def suspicions(
        self, campaign: Campaign, kinds: Sequence[SuspicionKind], limit: int, before: int | None = None
    ) -> tuple[Suspicion, ...]:
        """At most so many suspicions of these kinds, the newest first, with numbers below `before`; no kinds mean all."""
        return await self._signals.suspicions(campaign.slug, kinds, limit, before)

    async def count(self, campaign: Campaign, kinds: Sequence[SuspicionKind]) -> int:
        """How many suspicions of these kinds there are; no kinds mean all."""
        return await self._signals.count(campaign.slug, kinds)

    async def ballot_ids(self, suspicion: Suspicion, limit: int) -> tuple[str, ...]:
        """The ids of the first ballots of a suspicion, by the time they were cast."""
        return await self._signals.ballot_ids(suspicion, None, limit)

    def kept_until(self, suspicion: Suspicion) -> datetime:
        """When the suspicion is deleted at the earliest."""
        return suspicion.last_at + self._detection.retention
