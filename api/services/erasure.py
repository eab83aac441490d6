"""How a campaign's voter secret is destroyed once its vote is over, so that no ballot leads to its voter any more."""

from dataclasses import dataclass
from datetime import datetime

from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.errors import OperatorError
from api.ports import Campaigns
from api.services.listing import find_campaign


class VoteNotClosedError(OperatorError):
    """A campaign whose voter secret is needed until its window closes."""

    def __init__(self, campaign: Campaign) -> None:
        closes = campaign.calendar.local(campaign.window.closes_at).isoformat()
        super().__init__(
            f"{campaign.slug} is voted on until {closes}; without its voter secret nobody could cast a ballot"
        )


class BallotsUncountedError(OperatorError):
    """A campaign whose voter secret is needed until the approved ballots of its polling places are counted."""

    def __init__(self, campaign: Campaign) -> None:
        super().__init__(
            f"approved ballots of polling places are being counted in {campaign.slug}; try again once they are"
        )


@dataclass(frozen=True, slots=True)
class Erasure:
    """What came of it: whether there still was a secret to destroy, and where a copy may yet be found."""

    destroyed: bool
    leftovers: str


async def forget(campaigns: Campaigns, slug: str, now: datetime) -> Erasure:
    """Destroy a campaign's voter secret for good; a second call does no harm, and mends what a first left undone.

    Raises ApiError NOT_FOUND, VoteNotClosedError, BallotsUncountedError, or what scrub raises.
    """
    campaign = find_campaign(await campaigns.directory(), slug, now)
    if now < campaign.window.closes_at:
        raise VoteNotClosedError(campaign)
    async with campaigns.locked(slug) as locked:  # so that no ballots are approved meanwhile
        if await locked.paper.uncounted(slug):
            raise BallotsUncountedError(campaign)
        destroyed = await locked.salts.destroy(slug, AuditEvent(now, TrailKind.CAMPAIGN_FORGOTTEN, slug))
    await campaigns.salts.scrub()
    return Erasure(destroyed, campaigns.salts.leftovers)
