"""The keys under which a voter's ballots are stored, and the ballots that are found by them (domain.voting.quota)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.errors import ApiError, ErrorCode
from api.domain.people.identity import Voter
from api.domain.texts import Text
from api.domain.voting.ballots import Admission, Ballot, Draft
from api.domain.voting.channels import Channel
from api.domain.voting.judging import vote_quota
from api.domain.voting.quota import ballot_ids, retry_tag, vote_ids, voter_secret
from api.ports import BallotBox


class BallotKeys:
    """Derives keys of voters and finds their ballots. server_secret is one half of every campaign's voter secret."""

    def __init__(self, box: BallotBox, server_secret: bytes) -> None:
        self._box = box
        self._server_secret = server_secret

    def admission(self, campaign: Campaign, voter: Voter, draft: Draft, now: datetime) -> Admission:
        """A draft that keeps every rule, under the keys of its voter. Raises ApiError FORGOTTEN."""
        tags = self.tags(campaign, voter, draft)
        positions = frozenset(campaign.positions_by_id[name] for name in draft.project_ids)
        return Admission(
            ids=self._ids(campaign, voter, now),
            campaign=campaign.slug,
            day=campaign.calendar.day_of(now),
            cast_at=now,
            positions=positions,
            retry_tag=tags[0] if tags else None,
            other_tags=tags[1:],
            judged_by=campaign,
            channel=voter.channel,
            vote_ids=self._vote_ids(campaign, voter, positions, now),
        )

    def tags(self, campaign: Campaign, voter: Voter, draft: Draft) -> tuple[str, ...]:
        """What is stored of the draft's key: in its campaign, and in each other where a voter can still be known."""
        key = draft.idempotency_key
        if key is None:
            return ()
        others = (other for other in draft.other_campaigns if other.slug != campaign.slug and not other.anonymised)
        return tuple(retry_tag(self._secret(each), voter.pseudonym, key) for each in (campaign, *others))

    async def earlier(self, campaign: Campaign, voter: Voter, draft: Draft) -> Ballot | None:
        """The ballot that the voter has cast with this key, in whichever campaign."""
        tags = self.tags(campaign, voter, draft)
        return await self._box.find_retried(*tags) if tags else None

    async def ballots_now(self, campaign: Campaign, voter: Voter, now: datetime) -> tuple[Ballot, ...]:
        """The ballots that count against the voter's quota at this moment. Raises ApiError FORGOTTEN."""
        return await self._box.find(self._ids(campaign, voter, now))

    async def ballots_of(self, campaign: Campaign, voter: str) -> tuple[Ballot, ...]:
        """Every ballot that this voter has cast in the campaign, by time. Raises ApiError FORGOTTEN."""
        found: list[Ballot] = []
        periods: Iterable[tuple[str, Channel]] = self._periods(campaign)
        for slot in range(campaign.quota.limit):  # slots are taken in order: where one is free, so are those after it
            ids = self._slot_ids(campaign, voter, periods, slot)
            ballots = await self._box.find(list(ids))
            found += ballots
            periods = [ids[ballot.id] for ballot in ballots]
            if not periods:
                break
        return tuple(sorted(found, key=lambda ballot: ballot.cast_at))

    async def has_cast(self, campaign: Campaign, voter: str) -> bool:
        """Whether this voter has cast a ballot in the campaign. Raises ApiError FORGOTTEN."""
        return bool(await self._box.find(list(self._slot_ids(campaign, voter, self._periods(campaign), 0))))

    def _ids(self, campaign: Campaign, voter: Voter, now: datetime) -> tuple[str, ...]:
        period = campaign.quota.period.key(campaign.calendar, now)
        return ballot_ids(self._secret(campaign), voter.pseudonym, campaign.quota, period, voter.channel)

    def _vote_ids(self, campaign: Campaign, voter: Voter, positions: frozenset[int], now: datetime) -> tuple[str, ...]:
        """The slots of the one project that a ballot names where votes are cast one by one; none elsewhere."""
        rule = vote_quota(campaign)
        if rule is None:
            return ()
        [position] = positions
        period = rule.period.key(campaign.calendar, now)
        return vote_ids(self._secret(campaign), voter.pseudonym, period, position, rule.per_project)

    def _periods(self, campaign: Campaign) -> Sequence[tuple[str, Channel]]:
        channels = tuple(Channel) if campaign.quota.per_channel else (Channel.WEB,)
        return [(key, channel) for key in campaign.quota.period.keys(campaign.calendar) for channel in channels]

    def _slot_ids(
        self, campaign: Campaign, voter: str, periods: Iterable[tuple[str, Channel]], slot: int
    ) -> dict[str, tuple[str, Channel]]:
        """The id of one slot of each period of a channel."""
        secret, quota = self._secret(campaign), campaign.quota
        return {ballot_ids(secret, voter, quota, *period, slots=(slot,))[0]: period for period in periods}

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
