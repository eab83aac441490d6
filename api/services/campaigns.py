"""How a campaign gets into the system, and what may still change once people vote in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign, frozen_changes
from api.domain.campaigns.projects import District
from api.domain.errors import OperatorError
from api.ports import Campaigns


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """Which file a campaign was read from, as the audit trail names it. sha256: of its bytes, in hexadecimal digits."""

    name: str
    sha256: str


class FrozenCampaignError(OperatorError):
    """A change to what ballots have been cast under; names is what differs."""

    def __init__(self, slug: str, names: Sequence[str]) -> None:
        super().__init__(f"{slug}: voting has opened, so these can no longer change: {', '.join(names)}")
        self.names = tuple(names)


async def load(
    store: Campaigns, campaign: Campaign, districts: Sequence[District], file: CampaignFile, now: datetime
) -> bool:
    """Store a campaign as its file has it, and put that on record; False when nothing differs from what is stored.

    Raises FrozenCampaignError.
    """
    directory = await store.directory()
    before = directory.campaigns.get(campaign.slug)
    if before is not None and (changes := frozen_changes(before, campaign, now)):
        raise FrozenCampaignError(campaign.slug, changes)
    same_districts = all(directory.districts.get(district.code) == district for district in districts)
    if before is not None and same_districts and _as_in_file(before) == _as_in_file(campaign):
        return False
    details = {"file": file.name, "sha256": file.sha256}
    await store.save(campaign, districts, AuditEvent(now, TrailKind.CAMPAIGN_LOADED, campaign.slug, details=details))
    return True


def _as_in_file(campaign: Campaign) -> Campaign:
    """The campaign without what storing it adds."""
    return replace(campaign, revision=0, voter_salt=None)
