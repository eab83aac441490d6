"""How a ballot is cast: the one door through which every ballot enters, whoever brings it.

The rules are asked first, without reading anything; then the ballot box writes, and its word is the law. Only a ballot
that is going to be refused costs a read: to see whether it is a retry of one already stored, and whether the quota is
used up as well, so that everything wrong is said at once.
"""

from dataclasses import dataclass
from datetime import date, datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ApiError, ErrorCode
from api.domain.texts import Text
from api.domain.voting.ballots import Admission, Ballot, Draft
from api.domain.voting.quota import Quota, ballot_ids, retry_tag, voter_secret
from api.domain.voting.rules import CastAttempt, judge, next_ballot_at, quota_rule
from api.domain.voting.violations import Violation
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.ports import BallotBox


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ballot that was not stored, with everything that is wrong with it."""

    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many ballots a voter has left in this period. next_allowed_at: None when one may be cast now, or never."""

    can_cast: bool
    remaining: int
    quota: Quota
    next_allowed_at: datetime | None


class BallotCasting:
    """Where voters cast, check and find their ballots. server_secret is one half of every campaign's voter secret."""

    def __init__(
        self, box: BallotBox, server_secret: bytes, instrumentation: Instrumentation = NO_INSTRUMENTATION
    ) -> None:
        self.box = box
        self._server_secret = server_secret
        self._instrumentation = instrumentation

    async def cast(self, campaign: Campaign, voter: str, draft: Draft, now: datetime) -> Ballot | Refusal:
        """Cast a ballot, or say everything that is wrong with it. A retry gets the ballot it cast before."""
        outcome = await self._outcome(campaign, voter, draft, now)
        if isinstance(outcome, Refusal):
            self._instrumentation.count_refusal(outcome.violations)
        return outcome

    async def check(self, campaign: Campaign, voter: str | None, draft: Draft, now: datetime) -> tuple[Violation, ...]:
        """All that is wrong with a ballot, by the rules that cast asks; the quota only where the voter can be known."""
        spent = None if voter is None or campaign.anonymised else await self._spent(campaign, voter, now)
        return judge(CastAttempt(draft, campaign, now, spent))

    async def ballots_of(self, campaign: Campaign, voter: str) -> tuple[Ballot, ...]:
        """Every ballot that this voter has cast in the campaign, by day. Raises ApiError FORGOTTEN."""
        return await self.box.find(self._all_ids(campaign, voter))

    async def has_cast(self, campaign: Campaign, voter: str | None) -> bool:
        """Whether this voter has a ballot in the campaign; of a forgotten campaign nobody can tell."""
        return voter is not None and not campaign.anonymised and bool(await self.ballots_of(campaign, voter))

    async def allowance(self, campaign: Campaign, voter: str, now: datetime) -> Allowance:
        """How many ballots this voter may still cast now, and when next."""
        if now < campaign.window.opens_at:
            return Allowance(False, 0, campaign.quota, campaign.calendar.local(campaign.window.opens_at))
        if not campaign.window.contains(now):
            return Allowance(False, 0, campaign.quota, None)
        remaining = campaign.quota.limit - await self._spent(campaign, voter, now)
        return Allowance(remaining > 0, remaining, campaign.quota, None if remaining else next_ballot_at(campaign, now))

    async def _outcome(self, campaign: Campaign, voter: str, draft: Draft, now: datetime) -> Ballot | Refusal:
        if judge(CastAttempt(draft, campaign, now)):
            return await self._refuse(campaign, voter, draft, now)
        ballot = await self.box.admit(self._admission(campaign, voter, draft, now))
        return ballot or Refusal((quota_rule(campaign).exhausted(campaign, now),))

    async def _refuse(self, campaign: Campaign, voter: str, draft: Draft, now: datetime) -> Ballot | Refusal:
        if draft.idempotency_key is not None and not campaign.anonymised:
            tag = retry_tag(self._secret(campaign), voter, draft.idempotency_key)
            if (earlier := await self.box.find_retried(tag)) is not None:
                return earlier
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
        )

    async def _spent(self, campaign: Campaign, voter: str, now: datetime) -> int:
        """How many ballots of the current period this voter has cast."""
        return len(await self.box.find(self._ids_on(campaign, voter, campaign.calendar.day_of(now))))

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
