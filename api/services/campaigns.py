"""How a campaign gets into the system, and what may still change once people vote in it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from api.domain.campaigns.campaign import Campaign, frozen_changes
from api.domain.campaigns.projects import District
from api.domain.errors import OperatorError
from api.ports import Campaigns


class FrozenCampaignError(OperatorError):
    """A change to what ballots have been cast under; names is what differs."""

    def __init__(self, slug: str, names: Sequence[str]) -> None:
        super().__init__(f"{slug}: voting has opened, so these can no longer change: {', '.join(names)}")
        self.names = tuple(names)


async def load(store: Campaigns, campaign: Campaign, districts: Sequence[District], now: datetime) -> bool:
    """Store a campaign as its file has it. Returns whether anything changed; raises FrozenCampaignError."""
    directory = await store.directory()
    before = directory.campaigns.get(campaign.slug)
    if before is not None and (changes := frozen_changes(before, campaign, now)):
        raise FrozenCampaignError(campaign.slug, changes)
    same_districts = all(directory.districts.get(d.code) == d for d in districts)
    if before is not None and same_districts and _as_file(before) == _as_file(campaign):
        return False
    await store.save(campaign, districts)
    return True


def _as_file(campaign: Campaign) -> Campaign:
    return replace(campaign, revision=0, voter_salt=None)
