"""How organizers and staff rule on ballots: by their ids, or on all that a suspicion rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import not_found
from api.domain.integrity.rulings import Ruling, RulingProblemCode
from api.domain.integrity.suspicions import Suspicion
from api.domain.texts import Text
from api.ports import Rulings, Signals

RULING_BATCH = 200  # ballots ruled on in one transaction
MAX_RULED_AT_ONCE = 1000  # ballots of a suspicion ruled on in one call


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a ruling: the ids of the ballots it was made on, and what stood in its way with the others.

    more: whether further ballots of the suspicion are open to it.
    """

    ballots: tuple[str, ...]
    problems: tuple[tuple[str, RulingProblemCode], ...] = ()
    more: bool = False


class BallotModeration:
    """Makes rulings on ballots. Each batch is one transaction, with its entry in the audit trail."""

    def __init__(self, rulings: Rulings, signals: Signals) -> None:
        self._rulings = rulings
        self._signals = signals

    async def suspicion(self, campaign: Campaign, key: str) -> Suspicion:
        """The suspicion with this key. Raises ApiError NOT_FOUND."""
        suspicion = await self._signals.suspicion(campaign.slug, key)
        if suspicion is None:
            raise not_found(
                Text(
                    "评选“{slug}”中没有此可疑情况，或保存期已过。",
                    "The campaign {slug} has no such suspicion, or it is no longer kept.",
                    slug=campaign.slug,
                ),
                argument="suspicion",
            )
        return suspicion

    async def rule(self, campaign: Campaign, ids: Sequence[str], ruling: Ruling) -> Decision:
        """Make a ruling on the ballots with these ids."""
        ruled: list[str] = []
        problems: list[tuple[str, RulingProblemCode]] = []
        for start in range(0, len(ids), RULING_BATCH):
            verdict = await self._rulings.rule(campaign.slug, ids[start : start + RULING_BATCH], ruling)
            ruled += verdict.ruled
            problems += verdict.problems
        return Decision(tuple(ruled), tuple(problems))

    async def rule_on(self, suspicion: Suspicion, ruling: Ruling) -> Decision:
        """Make a ruling on the first MAX_RULED_AT_ONCE ballots of a suspicion, by time, that are open to it."""
        ruled: list[str] = []
        while len(ruled) < MAX_RULED_AT_ONCE and (
            ids := await self._signals.ballot_ids(suspicion, ruling.kind, RULING_BATCH)
        ):
            ruled += (await self._rulings.rule(suspicion.campaign, ids, ruling)).ruled
        return Decision(tuple(ruled), more=bool(await self._signals.ballot_ids(suspicion, ruling.kind, 1)))
