"""Cast a ballot: the only way into the ballot box for GraphQL, commands and imports alike, with all that goes with it.

The rules are checked first, without reading anything; then the ballot box inserts, and the insert decides. Only a ballot
that is going to be refused costs a read: to see whether it is a retry of one already stored, and whether the quota is
used up as well, so that everything wrong is said at once. A refusal goes into the audit trail, and a new ballot to the
detection of suspicions, here and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ApiError, ErrorCode
from api.domain.integrity.signals import BallotOrigin
from api.domain.texts import Text
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot, Draft
from api.domain.voting.quota import Quota, ballot_ids, retry_tag, voter_secret
from api.domain.voting.rules import CastAttempt, judge, next_ballot_at, quota_rule
from api.domain.voting.violations import Violation
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
        """All that is wrong with a ballot, by the rules of cast; the quota only where the voter can be known."""
        ballots_cast = None if voter is None or campaign.anonymised else await self._ballots_cast(campaign, voter, now)
        return judge(CastAttempt(draft, campaign, now, ballots_cast))

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
            return await self._find_retried_or_refuse(campaign, voter, draft, now)
        result = await self._box.admit(self._admission(campaign, voter, draft, now))
        return result or Refusal((quota_rule(campaign).exhausted(campaign, now),))

    async def _find_retried_or_refuse(
        self, campaign: Campaign, voter: str, draft: Draft, now: datetime
    ) -> AdmissionResult | Refusal:
        if draft.idempotency_key is not None and not campaign.anonymised:
            tag = retry_tag(self._secret(campaign), voter, draft.idempotency_key)
            if (earlier := await self._box.find_retried(tag)) is not None:
                return AdmissionResult(earlier, is_new=False)
        return Refusal(await self.check(campaign, voter, draft, now))

    def _admission(self, campaign: Campaign, voter: str, draft: Draft, now: datetime) -> Admission:
        secret, day = self._secret(campaign), campaign.calendar.day_of(now)
        key = draft.idempotency_key
        return Admission(
            ids=ballot_ids(secret, voter, campaign.quota, day),
            campaign=campaign.slug,
            day=day,
            cast_at=now,
            numbers=frozenset(campaign.numbers_by_id[name] for name in draft.project_ids),
            retry_tag=None if key is None else retry_tag(secret, voter, key),
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
