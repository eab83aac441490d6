"""When voting is open, by the window and its pauses."""

from datetime import datetime

from api.domain.campaigns.campaign import Campaign


def voting_open_from(campaign: Campaign, now: datetime) -> datetime | None:
    """Return the first instant from now on at which voting is open, in the campaign's zone; None: never, or nobody knows."""
    instant: datetime | None = max(now, campaign.window.opens_at)
    while instant is not None and (pause := campaign.pause(instant)) is not None:
        instant = pause.end
    return campaign.calendar.local(instant) if instant is not None and campaign.window.contains(instant) else None
