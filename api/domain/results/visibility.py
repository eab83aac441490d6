"""The one policy that decides who may see the standings of a campaign, when, and as of which moment."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.states import CampaignPhase, ResultsStep, ResultsVisibility
from api.domain.errors import ApiError, ErrorCode
from api.domain.instants import spelled
from api.domain.rfc3339 import format_datetime
from api.domain.texts import Text

CLOSED = (CampaignPhase.CLOSED, CampaignPhase.ANNOUNCED, CampaignPhase.PUBLISHED, CampaignPhase.ARCHIVED)
IN_STEPS = (ResultsVisibility.LIVE, ResultsVisibility.AFTER_CASTING)  # what is seen before the close, at any time
STEPS = {ResultsStep.MINUTE: timedelta(minutes=1), ResultsStep.HOUR: timedelta(hours=1)}


def results_visible(campaign: Campaign, now: datetime, *, has_cast: bool) -> bool:
    """Return whether a viewer may see the standings; has_cast: whether they have cast a ballot in this campaign."""
    match campaign.visibility:
        case ResultsVisibility.LIVE:
            return True
        case ResultsVisibility.DAILY:
            return campaign.phase(now) in CLOSED or _daily_results_before(campaign, now) > 0
        case ResultsVisibility.AFTER_CASTING:
            return has_cast or campaign.phase(now) in CLOSED
        case ResultsVisibility.AFTER_CLOSE:
            return campaign.phase(now) in CLOSED
        case ResultsVisibility.AFTER_PUBLICATION:
            public_at = visible_from(campaign)  # whether or not it has been archived since
            return public_at is not None and public_at.astimezone(UTC) <= now.astimezone(UTC)


def counted_until(campaign: Campaign, now: datetime) -> datetime | None:
    """Return the moment before which a ballot has to be cast to be counted in what is seen now; None where all are.

    Turnout goes by it as well: with each ballot in it as it comes, the next standings would tell whose choices those were. It
    is the opening until there are standings to be seen.
    """
    opens_at = campaign.window.opens_at.astimezone(UTC)
    if campaign.phase(now) in {*CLOSED, CampaignPhase.DRAFT} or now < opens_at:
        return None
    if campaign.visibility is ResultsVisibility.DAILY:
        passed = _daily_results_before(campaign, now)
        return campaign.daily_results[passed - 1] if passed else opens_at
    if campaign.visibility not in IN_STEPS or campaign.results_step not in STEPS:
        return None
    moment, day = now.astimezone(UTC), campaign.calendar.day_of(now)
    since_midnight = moment - campaign.calendar.start_of(day).astimezone(UTC)
    return max(opens_at, moment - since_midnight % STEPS[campaign.results_step])


def _daily_results_before(campaign: Campaign, now: datetime) -> int:
    return bisect_right(campaign.daily_results, now.astimezone(UTC))


def results_hidden(campaign: Campaign) -> ApiError:
    """Return the error RESULTS_HIDDEN; visibleFrom is when everybody may see them, None while that is not known."""
    public_at = visible_from(campaign)
    message = _reason(campaign.visibility)
    if public_at is not None:
        message = Text(
            "{reason}将于{at}公开。", "{reason} They become public at {at}.", reason=message, at=spelled(public_at)
        )
    return ApiError(
        ErrorCode.RESULTS_HIDDEN,
        message,
        visibleFrom=format_datetime(public_at) if public_at else None,
        visibility=campaign.visibility.name,
    )


def visible_from(campaign: Campaign) -> datetime | None:
    """Return when everybody may see standings, in the campaign's zone; None while that is not known."""
    if campaign.daily_results:
        return campaign.calendar.local(campaign.daily_results[0])
    if campaign.visibility is not ResultsVisibility.AFTER_PUBLICATION:
        return campaign.calendar.local(campaign.window.closes_at)
    if campaign.published_at is None:
        return None
    return campaign.calendar.local(max(campaign.published_at, campaign.window.closes_at))


def _reason(visibility: ResultsVisibility) -> Text:
    if visibility is ResultsVisibility.DAILY:
        return Text("结果每天公布一次。", "The results are shown once a day.")
    if visibility is ResultsVisibility.AFTER_CASTING:
        return Text("投票后即可查看结果。", "Cast a ballot to see the results.")
    if visibility is ResultsVisibility.AFTER_CLOSE:
        return Text("投票结束后公布结果。", "The results are hidden until voting closes.")
    return Text("主办方公布后方可查看结果。", "The results are hidden until the organizer publishes them.")
