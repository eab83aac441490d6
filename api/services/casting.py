"""Cast a ballot: the only way into the ballot box for GraphQL, commands and imports alike, with all that goes with it.

The rules are checked first, without reading anything; then the ballot box inserts, and the insert decides. Only a ballot
that is going to be refused costs a read: to see whether its key has cast one already, this or another, and whether the
quota is used up as well, so that everything wrong is said at once. A refusal goes into the audit trail, and a new ballot
to the detection of suspicions, here and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ApiError, ErrorCode
from api.domain.ids import BallotId
from api.domain.integrity.signals import BallotOrigin
from api.domain.texts import Text
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot, Draft
from api.domain.voting.judging import CastAttempt, judge
from api.domain.voting.quota import Quota, ballot_ids, retry_tag, voter_secret
from api.domain.voting.rules.base import Violation
from api.domain.voting.rules.idempotency_key import IdempotencyKeyReused
from api.domain.voting.rules.quota import QuotaRule, next_ballot_at
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.ports import BallotBox
from api.services.audit_trail import AuditRecorder
from api.services.suspicions import SuspicionDetector


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ballot that was not stored, with everything that is wrong with it."""

    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many ballots a voter has left in this period. next_allowed_at: None when one may be cast now, or never again."""

    can_cast: bool
    remaining: int
    quota: Quota
    next_allowed_at: datetime | None


class BallotCasting:
    """Casts, checks and finds ballots. server_secret is one half of every campaign's voter secret."""

    def __init__(
        self,
        box: BallotBox,
        audit: AuditRecorder,
        suspicion_detector: SuspicionDetector,
        server_secret: bytes,
        instrumentation: Instrumentation = NO_INSTRUMENTATION,
    ) -> None:
        self._box = box
        self._audit = audit
        self._suspicion_detector = suspicion_detector
        self._server_secret = server_secret
        self._instrumentation = instrumentation

    async def cast(
        self, campaign: Campaign, voter: str, draft: Draft, now: datetime, origin: BallotOrigin | None
    ) -> Ballot | Refusal:
        """Cast a ballot, or say everything that is wrong with it. A retry gets the ballot it cast before.

        origin: how the ballot arrived. None means that no voter sent it, as in a simulation: then the audit trail holds no
        refusal of it, and no suspicion counts it.
        """
        outcome = await self._admit_or_refuse(campaign, voter, draft, now)
        if isinstance(outcome, Refusal):
            self._instrumentation.count_refusal(outcome.violations)
            if origin is not None:
                self._audit.record_refusal(campaign, voter, outcome.violations, now)
            return outcome
        if outcome.is_new and origin is not None:
            self._suspicion_detector.note(campaign, outcome.ballot, origin)
        return outcome.ballot

    async def check(self, campaign: Campaign, voter: str | None, draft: Draft, now: datetime) -> tuple[Violation, ...]:
        """All that is wrong with a ballot, by the rules of cast; key and quota only where the voter can be known."""
        if voter is None or campaign.anonymised:
            return judge(CastAttempt(draft, campaign, now))
        earlier = await self._earlier(campaign, voter, draft)
        if earlier is not None and earlier.is_of(draft, campaign):
            return ()
        return await self._violations(campaign, voter, draft, now, earlier)

    async def find(self, ids: Sequence[str]) -> tuple[Ballot, ...]:
        """The ballots among these ids that exist, in the order of the ids."""
        return await self._box.find(ids)

    async def ballots_of(self, campaign: Campaign, voter: str) -> tuple[Ballot, ...]:
        """Every ballot that this voter has cast in the campaign, by day. Raises ApiError FORGOTTEN."""
        return await self._box.find(self._all_ids(campaign, voter))

    async def has_cast(self, campaign: Campaign, voter: str | None) -> bool:
        """Whether this voter has a ballot in the campaign; False in an anonymised one, where it cannot be known."""
        return voter is not None and not campaign.anonymised and bool(await self.ballots_of(campaign, voter))

    async def allowance(self, campaign: Campaign, voter: str, now: datetime) -> Allowance:
        """How many ballots this voter may still cast now, and when next."""
        if now < campaign.window.opens_at:
            return Allowance(False, 0, campaign.quota, campaign.calendar.local(campaign.window.opens_at))
        if not campaign.window.contains(now):
            return Allowance(False, 0, campaign.quota, None)
        remaining = campaign.quota.limit - await self._ballots_cast(campaign, voter, now)
        return Allowance(remaining > 0, remaining, campaign.quota, None if remaining else next_ballot_at(campaign, now))

    async def _admit_or_refuse(
        self, campaign: Campaign, voter: str, draft: Draft, now: datetime
    ) -> AdmissionResult | Refusal:
        if judge(CastAttempt(draft, campaign, now)):
            earlier = None if campaign.anonymised else await self._earlier(campaign, voter, draft)
        else:
            result = await self._box.admit(self._admission(campaign, voter, draft, now))
            if result is None:
                quota = QuotaRule(campaign.quota.limit, campaign.quota.period)
                return Refusal((quota.exhausted(campaign, now),))
            if result.is_new:
                return result
            earlier = result.ballot
        if earlier is not None and earlier.is_of(draft, campaign):
            return AdmissionResult(earlier, is_new=False)
        return Refusal(await self._violations(campaign, voter, draft, now, earlier))

    async def _violations(
        self, campaign: Campaign, voter: str, draft: Draft, now: datetime, earlier: Ballot | None
    ) -> tuple[Violation, ...]:
        """All that is wrong with a ballot. earlier: the other one that its key has cast."""
        ballots_cast = None if campaign.anonymised else await self._ballots_cast(campaign, voter, now)
        reused = () if earlier is None else (IdempotencyKeyReused(str(BallotId(earlier.id))),)
        return (*reused, *judge(CastAttempt(draft, campaign, now, ballots_cast)))

    async def _earlier(self, campaign: Campaign, voter: str, draft: Draft) -> Ballot | None:
        """The ballot that the voter has cast with this key, in whichever campaign."""
        tags = self._tags(campaign, voter, draft)
        return await self._box.find_retried(*tags) if tags else None

    def _tags(self, campaign: Campaign, voter: str, draft: Draft) -> tuple[str, ...]:
        """What is stored of the draft's key: in its campaign, and in each other where a voter can still be known."""
        key = draft.idempotency_key
        if key is None:
            return ()
        others = (other for other in draft.other_campaigns if other.slug != campaign.slug and not other.anonymised)
        return tuple(retry_tag(self._secret(each), voter, key) for each in (campaign, *others))

    def _admission(self, campaign: Campaign, voter: str, draft: Draft, now: datetime) -> Admission:
        secret, day = self._secret(campaign), campaign.calendar.day_of(now)
        tags = self._tags(campaign, voter, draft)
        return Admission(
            ids=ballot_ids(secret, voter, campaign.quota, day),
            campaign=campaign.slug,
            day=day,
            cast_at=now,
            positions=frozenset(campaign.positions_by_id[name] for name in draft.project_ids),
            retry_tag=tags[0] if tags else None,
            other_tags=tags[1:],
            judged_by=campaign,
        )

    async def _ballots_cast(self, campaign: Campaign, voter: str, now: datetime) -> int:
        """How many ballots of the current period this voter has cast."""
        return len(await self._box.find(self._ids_on(campaign, voter, campaign.calendar.day_of(now))))

    def _ids_on(self, campaign: Campaign, voter: str, day: date) -> tuple[str, ...]:
        return ballot_ids(self._secret(campaign), voter, campaign.quota, day)

    def _all_ids(self, campaign: Campaign, voter: str) -> tuple[str, ...]:
        days = campaign.quota.period.first_days(campaign.calendar.days)
        return tuple(name for day in days for name in self._ids_on(campaign, voter, day))

    def _secret(self, campaign: Campaign) -> bytes:
        if not campaign.voter_salt:
            raise ApiError(
                ErrorCode.FORGOTTEN,
                Text(
                    "此次评选的选民密钥已销毁，选票无法再与投票人对应。凭选票id仍可查询选票。",
                    "This campaign's voter secret has been destroyed: nobody's ballots can be found by their voter any "
                    "more. By its id a ballot can still be looked up.",
                ),
            )
        return voter_secret(self._server_secret, campaign.slug, campaign.voter_salt)
