"""Cast a ballot: the only way into the ballot box for GraphQL, commands and imports alike, with all that goes with it.

The rules are checked first, without reading anything; then the ballot box inserts, and the insert decides. Only a ballot
that is going to be refused costs a read: to see whether its key has cast one already, this or another, and whether the
quota is used up as well, so that everything wrong is said at once. A refusal goes into the audit trail, and a new ballot
to the detection of suspicions, here and nowhere else.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.ids import BallotId
from api.domain.integrity.signals import BallotOrigin
from api.domain.people.identity import Voter
from api.domain.voting.ballots import AdmissionResult, Ballot, Draft
from api.domain.voting.judging import CastAttempt, judge
from api.domain.voting.quota import Quota
from api.domain.voting.rules.base import Violation
from api.domain.voting.rules.idempotency_key import IdempotencyKeyReused
from api.domain.voting.rules.quota import next_ballot_at
from api.domain.voting.voting_times import voting_open_from
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.ports import Electors
from api.services.audit_trail import AuditRecorder
from api.services.suspicions import SuspicionDetector
from api.services.voter_ballots import VoterBallots


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ballot that was not stored, with everything that is wrong with it."""

    violations: tuple[Violation, ...]


@dataclass(slots=True, kw_only=True)
class _Act(CastAttempt):
    """A ballot that is being cast or checked; see BallotCasting.cast."""

    voter: Voter
    origin: BallotOrigin | None

    @property
    def needs_list(self) -> bool:
        """Whether the campaign's list of voters decides about this one."""
        rule = None if self.voter.at_polling_place else self.campaign.eligibility
        return rule is not None and rule.listed


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many ballots a voter has left in this period. next_allowed_at: None when one may be cast now, or never again.

    used_up: where votes are cast one by one, the ids of the projects that have got as many as one may get in this period.
    """

    can_cast: bool
    remaining: int
    quota: Quota
    next_allowed_at: datetime | None
    used_up: tuple[str, ...] = ()


class BallotCasting:
    """Casts, checks and finds ballots."""

    def __init__(
        self,
        ballots: VoterBallots,
        electors: Electors,
        audit: AuditRecorder,
        suspicion_detector: SuspicionDetector,
        instrumentation: Instrumentation = NO_INSTRUMENTATION,
    ) -> None:
        self._ballots = ballots
        self._electors = electors
        self._audit = audit
        self._suspicion_detector = suspicion_detector
        self._instrumentation = instrumentation

    def cast(
        self, campaign: Campaign, voter: Voter, draft: Draft, now: datetime, origin: BallotOrigin | None
    ) -> Awaitable[Ballot | Refusal]:
        """Cast a ballot, or say everything that is wrong with it. A retry gets the ballot it cast before.

        It is a Deferred wherever nothing but the ballot box is waited for. origin: how the ballot arrived. None means that no
        voter sent it, as in a simulation: then the audit trail holds no refusal of it, and no suspicion counts it.
        """
        act = _act(campaign, voter, draft, now, origin)
        return self._cast_if_listed(act) if act.needs_list else self._cast(act)

    async def _cast_if_listed(self, act: _Act) -> Ballot | Refusal:
        return await self._cast(await self._looked_up(act))

    def _cast(self, act: _Act) -> Awaitable[Ballot | Refusal]:
        if judge(act):
            return self._refuse_unless_earlier(act)
        admitted: Callable[[AdmissionResult | None], Any] = partial(self._admitted, act)
        return self._ballots.admit(act.campaign, act.voter, act.draft, act.now).then(admitted)

    def _admitted(self, act: _Act, result: AdmissionResult | None) -> Ballot | Coroutine[Any, Any, Ballot | Refusal]:
        if result is None or not result.is_new:
            return self._refuse(act, None if result is None else result.ballot)
        if act.origin is not None:
            self._suspicion_detector.note(act.campaign, result.ballot, act.origin)
        return result.ballot

    async def _refuse_unless_earlier(self, act: _Act) -> Ballot | Refusal:
        return await self._refuse(act, await self._ballots.earlier(act.campaign, act.voter, act.draft))

    async def _refuse(self, act: _Act, earlier: Ballot | None) -> Ballot | Refusal:
        """Return the ballot that the draft's key has cast before, if it is this one; else say all that is wrong."""
        if earlier is not None and earlier.is_of(act.draft, act.campaign):
            return earlier
        refusal = Refusal(await self._violations(act, earlier))
        self._instrumentation.count_refusal(refusal.violations)
        if act.origin is not None:
            self._audit.record_refusal(act.campaign, act.voter.pseudonym, refusal.violations, act.now)
        return refusal

    async def check(
        self, campaign: Campaign, voter: Voter | None, draft: Draft, now: datetime
    ) -> tuple[Violation, ...]:
        """All that is wrong with a ballot, by the rules of cast; what concerns the voter only where they can be known."""
        if voter is None:
            return judge(CastAttempt(draft, campaign, now))
        earlier = await self._ballots.earlier(campaign, voter, draft)
        if earlier is not None and earlier.is_of(draft, campaign):
            return ()
        return await self._violations(await self._looked_up(_act(campaign, voter, draft, now)), earlier)

    async def already_cast(self, campaign: Campaign, voters: Sequence[Voter]) -> frozenset[str]:
        """The pseudonyms of those among these voters, each a ballot of a polling place, that are in the box."""
        return await self._ballots.stored(campaign, voters)

    async def find(self, ids: Sequence[str]) -> tuple[Ballot, ...]:
        """The ballots among these ids that exist, in the order of the ids."""
        return await self._ballots.find(ids)

    async def has_stored(self, campaign: Campaign, voter: Voter, draft: Draft, moment: datetime) -> bool:
        """Whether this very ballot is stored: of this voter, cast at this moment, with these projects.

        So an import that went on after it was cut off knows its own ballots. Raises ApiError FORGOTTEN.
        """
        return any(
            ballot.cast_at == moment and ballot.is_of(draft, campaign)
            for ballot in await self._ballots.in_period(campaign, voter, moment)
        )

    async def ballots_of(self, campaign: Campaign, voter: str) -> tuple[Ballot, ...]:
        """Every ballot that this voter has cast in the campaign, by time. Raises ApiError FORGOTTEN."""
        return await self._ballots.of(campaign, voter)

    async def history(self, campaigns: Iterable[Campaign], voter: str) -> Sequence[Ballot]:
        """Every ballot that this voter has cast in these campaigns, the newest first; none of an anonymised one."""
        known = (campaign for campaign in campaigns if not campaign.anonymised)
        return (await self._ballots.of_all(known, voter))[::-1]

    async def has_cast(self, campaign: Campaign, voter: str | None) -> bool:
        """Whether this voter has a ballot in the campaign; False in an anonymised one, where it cannot be known."""
        return voter is not None and not campaign.anonymised and await self._ballots.has_cast(campaign, voter)

    async def allowance(self, campaign: Campaign, voter: Voter, now: datetime) -> Allowance:
        """How many ballots this voter may still cast now, and when next. Raises ApiError FORGOTTEN."""
        opens_at = voting_open_from(campaign, now)
        if opens_at is None or not await self._is_eligible(campaign, voter, now):
            return Allowance(False, 0, campaign.quota, None)
        cast = await self._ballots.in_period(campaign, voter, opens_at)
        remaining = campaign.quota.limit - len(cast)
        next_at = opens_at if remaining else next_ballot_at(campaign, opens_at)
        if now < opens_at:
            return Allowance(False, 0, campaign.quota, next_at)
        rule, votes = campaign.vote_quota, _votes_for(campaign, cast)
        used_up = () if rule is None else tuple(name for name, number in votes.items() if number >= rule.per_project)
        return Allowance(remaining > 0, remaining, campaign.quota, None if remaining else next_at, used_up)

    async def _violations(self, act: _Act, earlier: Ballot | None) -> tuple[Violation, ...]:
        """All that is wrong with a ballot. earlier: the other one that its key has cast."""
        campaign, voter = act.campaign, act.voter
        if not campaign.anonymised:
            cast = await self._ballots.in_period(campaign, voter, act.now)
            act.ballots_cast = campaign.quota.limit if cast and voter.at_polling_place else len(cast)
            act.votes_for = _votes_for(campaign, cast)
        reused = () if earlier is None else (IdempotencyKeyReused(str(BallotId(earlier.id))),)
        return (*reused, *judge(act))

    async def _looked_up(self, act: _Act) -> _Act:
        """The same, with what is known of its voter without their ballots."""
        if act.needs_list:
            act.listed = await self._electors.listed(act.campaign.slug, act.voter.pseudonym)
        return act

    async def _is_eligible(self, campaign: Campaign, voter: Voter, now: datetime) -> bool:
        rule = campaign.eligibility
        return rule is None or not any(rule.violations(await self._looked_up(_act(campaign, voter, Draft(()), now))))


def _act(campaign: Campaign, voter: Voter, draft: Draft, now: datetime, origin: BallotOrigin | None = None) -> _Act:
    claims = None if voter.at_polling_place else voter.claims
    return _Act(draft, campaign, now, claims=claims, voter=voter, origin=origin)


def _votes_for(campaign: Campaign, ballots: Sequence[Ballot]) -> dict[str, int]:
    """How many of these ballots name a project, by its id."""
    votes = Counter(position for ballot in ballots for position in ballot.positions)
    return {name: votes[position] for name, position in campaign.positions_by_id.items() if votes[position]}
