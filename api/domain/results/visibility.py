"""The one policy that decides who may see the standings of a campaign, and when."""

from datetime import datetime

from api.domain.campaigns.campaign import Campaign, CampaignPhase, ResultsVisibility
from api.domain.errors import ApiError, ErrorCode
from api.domain.instants import spelled
from api.domain.rfc3339 import format_datetime
from api.domain.texts import Text

CLOSED = (CampaignPhase.CLOSED, CampaignPhase.PUBLISHED, CampaignPhase.ARCHIVED)


def results_visible(campaign: Campaign, now: datetime, *, has_cast: bool) -> bool:
    """Return whether a viewer may see the standings; has_cast: whether they have cast a ballot in this campaign."""
    match campaign.visibility:
        case ResultsVisibility.LIVE | ResultsVisibility.DAILY:
            return True
        case ResultsVisibility.AFTER_CASTING:
            return has_cast or campaign.phase(now) in CLOSED
        case ResultsVisibility.AFTER_CLOSE:
            return campaign.phase(now) in CLOSED
        case ResultsVisibility.AFTER_PUBLICATION:
            return campaign.phase(now) is CampaignPhase.PUBLISHED


def results_hidden(campaign: Campaign) -> ApiError:
    """Return the error RESULTS_HIDDEN; visibleFrom is when everybody may see them, None while that is not known."""
    public_at = visible_from(campaign)
    zh, en = _reason(campaign.visibility)
    if public_at is not None:
        at = spelled(public_at)
        zh, en = f"{zh}将于{at.zh}公开。", f"{en} They become public at {at.en}."
    return ApiError(
        ErrorCode.RESULTS_HIDDEN,
        Text(zh, en),
        visibleFrom=format_datetime(public_at) if public_at else None,
        visibility=campaign.visibility.name,
    )


def visible_from(campaign: Campaign) -> datetime | None:
    """Return when everybody may see the standings, in the campaign's zone; None while that is not known."""
    if campaign.visibility is not ResultsVisibility.AFTER_PUBLICATION:
        return campaign.calendar.local(campaign.window.closes_at)
    if campaign.published_at is None:
        return None
    return campaign.calendar.local(max(campaign.published_at, campaign.window.closes_at))


def _reason(visibility: ResultsVisibility) -> tuple[str, str]:
    if visibility is ResultsVisibility.AFTER_CASTING:
        return "投票后即可查看结果。", "Cast a ballot to see the results."
    if visibility is ResultsVisibility.AFTER_CLOSE:
        return "投票结束后公布结果。", "The results are hidden until voting closes."
    return "主办方公布后方可查看结果。", "The results are hidden until the organizer publishes them."
