"""When voting is open: in the window, in its hours of the day, and not in a pause."""

from datetime import datetime

from api.domain.campaigns.campaign import Campaign
from api.domain.voting.rules.hours import open_from


def voting_open_from(campaign: Campaign, now: datetime) -> datetime | None:
    """Return the first instant from now on at which voting is open, in the campaign's zone; None: never, or nobody knows."""
    instant = open_from(campaign, max(now, campaign.window.opens_at))
    while instant is not None and (pause := campaign.pause(instant)) is not None:
        instant = None if pause.end is None else open_from(campaign, pause.end)
    return instant
