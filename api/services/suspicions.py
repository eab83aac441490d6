"""What is noted about a ballot when it has been cast, what looks odd about many, and what organizers decide about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import not_found
from api.domain.integrity.rulings import Ruling, RulingProblemCode
from api.domain.integrity.signals import Arrival, BallotOrigin, FirstSeenCache, shared_traits, signal
from api.domain.integrity.suspicions import DetectionConfig, Suspicion
from api.domain.voting.ballots import Ballot
from api.domain.voting.quota import voter_secret
from api.ports import Rulings, Signals

MAX_FIRST_SEEN = 100_000  # clues of a process of which one ballot is known; some 30 MB
RULING_BATCH = 200  # ballots ruled on in one transaction
MAX_RULED_AT_ONCE = 1000  # ballots of a suspicion ruled on in one call


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a ruling: the ballots it was made on, as they now are, and what stood in its way with the others.

    more: whether further ballots of the suspicion are open to it.
    """

    ballots: tuple[str, ...]
    problems: tuple[tuple[str, RulingProblemCode], ...] = ()
    more: bool = False


class SuspicionDetector:
    """Notes how ballots arrive, and shows what looks odd. What only one ballot of this process has is not kept."""

    def __init__(self, kept: Signals, server_secret: bytes, detection: DetectionConfig) -> None:
        self.kept = kept
        self._server_secret = server_secret
        self._crowds = FirstSeenCache(MAX_FIRST_SEEN)
        self.detection = detection

    def note(self, campaign: Campaign, ballot: Ballot, origin: BallotOrigin) -> None:
        """Note how a ballot arrived that has just been stored. Writes nothing by itself and keeps nobody waiting."""
        arrival = Arrival(ballot.id, ballot.cast_at)
        found = [
            (clue, one)
            for clue in shared_traits(ballot, origin, self.detection)
            for one in self._crowds.join(clue, arrival)
        ]
        if found and campaign.voter_salt:
            secret = voter_secret(self._server_secret, campaign.slug, campaign.voter_salt)
            self.kept.note([signal(secret, clue, one) for clue, one in found])

    async def suspicion(self, campaign: Campaign, key: str) -> Suspicion:
        """The suspicion with this key. Raises ApiError NOT_FOUND."""
        found = await self.kept.suspicion(campaign.slug, key)
        if found is None:
            raise not_found(
                f"评选“{campaign.slug}”中没有此可疑情况，或保存期已过。",
                f"The campaign {campaign.slug} has no such suspicion, or it is no longer kept.",
                argument="suspicion",
            )
        return found


class BallotModeration:
    """Where organizers rule on ballots."""

    def __init__(self, rulings: Rulings, kept: Signals) -> None:
        self._rulings = rulings
        self._kept = kept

    async def rule(self, campaign: Campaign, ids: Sequence[str], ruling: Ruling) -> Decision:
        """Make a ruling on these ballots."""
        ruled: list[str] = []
        problems: list[tuple[str, RulingProblemCode]] = []
        for start in range(0, len(ids), RULING_BATCH):
            verdict = await self._rulings.rule(campaign.slug, ids[start : start + RULING_BATCH], ruling)
            ruled += verdict.ruled
            problems += verdict.problems
        return Decision(tuple(ruled), tuple(problems))

    async def rule_on(self, suspicion: Suspicion, ruling: Ruling) -> Decision:
        """Make a ruling on the ballots of a suspicion that are open to it, the first MOST of them by time."""
        ruled: list[str] = []
        while len(ruled) < MAX_RULED_AT_ONCE and (
            ids := await self._kept.ballot_ids(suspicion, ruling.kind, RULING_BATCH)
        ):
            ruled += (await self._rulings.rule(suspicion.campaign, ids, ruling)).ruled
        return Decision(tuple(ruled), more=bool(await self._kept.ballot_ids(suspicion, ruling.kind, 1)))
