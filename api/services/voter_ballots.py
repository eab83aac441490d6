"""Store and find the ballots of a voter, under keys that are derived and name nobody (domain.voting.quota)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count, islice

from api.domain.campaigns.campaign import Campaign
from api.domain.deferred import Deferred
from api.domain.errors import ApiError, ErrorCode
from api.domain.log.entries import client_tag
from api.domain.people.identity import Voter
from api.domain.texts import Text
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot, Draft
from api.domain.voting.quota import ballot_ids, retry_tag, vote_ids, voter_secret
from api.domain.voting.rules.votes import VoteQuotaRule
from api.ports import BallotBox

PERIODS_AT_ONCE = 1000  # whose ids are derived without a turn for anybody else


class VoterBallots:
    """The ballot box as voters use it. server_secret is one half of every campaign's voter secret."""

    def __init__(self, box: BallotBox, server_secret: bytes) -> None:
        self._box = box
        self._server_secret = server_secret

    def admit(self, campaign: Campaign, voter: Voter, draft: Draft, now: datetime) -> Deferred[AdmissionResult | None]:
        """Store a draft that keeps every rule: see ports.BallotBox. Raises ApiError FORGOTTEN as well."""
        secret, tags, rule = self._secret(campaign), self._tags(campaign, voter, draft), campaign.vote_quota
        period = campaign.quota.period_key(campaign.calendar, now, voter.channel)
        positions = tuple(sorted({campaign.positions_by_id[name] for name in draft.project_ids}))
        key = None if voter.at_polling_place else draft.idempotency_key  # at a polling place, no voter has sent one
        admission = Admission(
            _ids(campaign, secret, voter, period),
            campaign.slug,
            campaign.calendar.day_of(now),
            now,
            positions,
            retry_tag=tags[0] if tags else None,
            other_tags=tags[1:],
            judged_by=campaign,
            channel=voter.channel,
            vote_ids=() if rule is None else _vote_ids(secret, voter, period, positions, rule),
            client_tag=None if key is None else client_tag(key),
        )
        return self._box.admit(admission)

    async def find(self, ids: Sequence[str]) -> tuple[Ballot, ...]:
        """The ballots among these ids that exist, in the order of the ids."""
        return await self._box.find(ids)

    async def earlier(self, campaign: Campaign, voter: Voter, draft: Draft) -> Ballot | None:
        """The ballot that the voter has cast with this key, in whichever campaign; None in an anonymised one."""
        tags = () if campaign.anonymised else self._tags(campaign, voter, draft)
        return await self._box.find_retried(*tags) if tags else None

    async def in_period(self, campaign: Campaign, voter: Voter, now: datetime) -> tuple[Ballot, ...]:
        """The ballots that count against the voter's quota at this moment. Raises ApiError FORGOTTEN."""
        period = campaign.quota.period_key(campaign.calendar, now, voter.channel)
        return await self._box.find(_ids(campaign, self._secret(campaign), voter, period))

    async def stored(self, campaign: Campaign, voters: Sequence[Voter]) -> frozenset[str]:
        """Those of these voters, each a ballot of a polling place, that are stored. Raises ApiError FORGOTTEN."""
        secret = self._secret(campaign)
        names = {_ids(campaign, secret, voter, "")[0]: voter.pseudonym for voter in voters}
        return frozenset(names[ballot.id] for ballot in await self._box.find(tuple(names)))

    async def of(self, campaign: Campaign, voter: str) -> tuple[Ballot, ...]:
        """Every ballot that this voter has cast in the campaign, by time. Raises ApiError FORGOTTEN."""
        return await self.of_all([campaign], voter)

    async def of_all(self, campaigns: Iterable[Campaign], voter: str) -> tuple[Ballot, ...]:
        """Every ballot that this voter has cast in these campaigns, by time. Raises ApiError FORGOTTEN."""
        found: list[Ballot] = []
        periods = ((each, key) for each in campaigns for key in each.quota.period_keys(each.calendar))
        while some := tuple(islice(periods, PERIODS_AT_ONCE)):
            found += await self._of_periods(some, voter)
        return tuple(sorted(found, key=lambda ballot: ballot.cast_at))

    async def _of_periods(self, periods: Sequence[tuple[Campaign, str]], voter: str) -> list[Ballot]:
        """This voter's ballots in these periods. Slots are taken in order: where one is free, so are those after it."""
        found: list[Ballot] = []
        for slot in count():
            ids = {
                ballot_ids(self._secret(campaign), voter, period, (slot,))[0]: (campaign, period)
                for campaign, period in periods
                if slot < campaign.quota.limit
            }
            ballots = await self._box.find(tuple(ids)) if ids else ()
            if not ballots:
                return found
            found += ballots
            periods = [ids[ballot.id] for ballot in ballots]
        return found

    async def has_cast(self, campaign: Campaign, voter: str) -> bool:
        """Whether this voter has cast a ballot in the campaign. Raises ApiError FORGOTTEN."""
        secret, periods = self._secret(campaign), campaign.quota.period_keys(campaign.calendar)
        return bool(await self._box.find(tuple(ballot_ids(secret, voter, period, (0,))[0] for period in periods)))

    def _tags(self, campaign: Campaign, voter: Voter, draft: Draft) -> tuple[str, ...]:
        """What is stored of the draft's key: in its campaign, and in each other where a voter can still be known."""
        key = draft.idempotency_key
        if key is None:
            return ()
        others = (other for other in draft.other_campaigns if other.slug != campaign.slug and not other.anonymised)
        return tuple(retry_tag(self._secret(each), voter.pseudonym, key) for each in (campaign, *others))

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


def _ids(campaign: Campaign, secret: bytes, voter: Voter, period: str) -> tuple[str, ...]:
    """The ids under which a voter's ballots of this period are stored; a polling place's has one in all periods."""
    if voter.at_polling_place:
        return ballot_ids(secret, voter.pseudonym, "polling place", (0,))
    return ballot_ids(secret, voter.pseudonym, period, range(campaign.quota.limit))


def _vote_ids(
    secret: bytes, voter: Voter, period: str, positions: tuple[int, ...], rule: VoteQuotaRule
) -> tuple[str, ...]:
    """The slots of the one project that a ballot names where votes are cast one by one."""
    [position] = positions
    return vote_ids(secret, voter.pseudonym, period, position, range(rule.per_project))
