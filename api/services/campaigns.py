"""How a campaign gets into the system, and what may still change once people vote in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.frozen import FrozenChange, frozen_changes
from api.domain.campaigns.projects import District
from api.domain.campaigns.states import CampaignState
from api.domain.errors import OperatorError
from api.ports import Campaigns
from api.services.campaign_forms import with_life


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """Which file a campaign was read from, as the audit trail names it.

    sha256: of its bytes, in hexadecimal digits. electors: its list of voters, by pseudonym, in order.
    """

    name: str
    sha256: str
    electors: tuple[str, ...] = ()


class FrozenCampaignError(OperatorError):
    """A change to what ballots have been cast under; names is what differs."""

    def __init__(self, slug: str, changes: Sequence[FrozenChange], *, has_ballots: bool) -> None:
        reason = "ballots have been cast" if has_ballots else "voting has opened"
        super().__init__(f"{slug}: {reason}, so these can no longer change: {', '.join(map(str, changes))}")
        self.names = tuple(change.name for change in changes)


class BeingImportedError(OperatorError):
    """A slug that belongs to a campaign whose import is under way."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"{slug} is the slug of a campaign that is being imported: wait for the end of that import, or take another slug"
        )


async def load(
    store: Campaigns, campaign: Campaign, districts: Sequence[District], file: CampaignFile, now: datetime
) -> bool:
    """Store a campaign as its file has it, and put that on record; False when nothing differs from what is stored.

    Nobody casts a ballot in it, and nobody loads another, between the comparison and the change. Raises FrozenCampaignError
    and BeingImportedError.
    """
    async with store.locked(campaign.slug) as locked:
        if await locked.is_importing(campaign.slug):
            raise BeingImportedError(campaign.slug)
        directory = await locked.directory()
        before = directory.campaigns.get(campaign.slug)
        if before is not None:
            has_ballots = await locked.has_ballots(campaign.slug)
            campaign = _with_life(before, campaign)
            if changes := frozen_changes(before, campaign, now, has_ballots=has_ballots):
                raise FrozenCampaignError(campaign.slug, changes, has_ballots=has_ballots)
        same_districts = all(directory.districts.get(district.code) == district for district in districts)
        same_voters = await locked.electors(campaign.slug) == file.electors
        if before is not None and same_districts and same_voters and before == campaign:
            return False
        details = {"file": file.name, "sha256": file.sha256}
        event = AuditEvent(now, TrailKind.CAMPAIGN_LOADED, campaign.slug, details=details)
        await locked.save(campaign, districts, event)
        await locked.set_electors(campaign.slug, file.electors)
    return True


def _with_life(before: Campaign, campaign: Campaign) -> Campaign:
    """The campaign of a file with what happened to the one that is stored. Raises OperatorError for an archived one."""
    if before.state is CampaignState.ARCHIVED:
        raise OperatorError(f"{campaign.slug} is archived, so nothing of it can change any more")
    made = replace(with_life(before, campaign), state=CampaignState.PRESENTED)
    return replace(made, published_at=made.published_at or before.published_at) if before.announcements else made
