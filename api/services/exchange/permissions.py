"""Who may have which export, decided in one place: when it is asked for, when it is written, and when it is fetched.

A file never says more than the API would say to the same viewer at the same moment.
"""

from typing import assert_never

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ProblemCode, refused, wrong_phase
from api.domain.exchange.formats import ExportContent, FileFormat
from api.domain.exchange.jobs import ExportTerms
from api.domain.instants import spelled
from api.domain.people.identity import Role
from api.domain.results.visibility import CLOSED, results_hidden, results_visible
from api.domain.review.acts import PanelPhase, phase
from api.domain.texts import Text
from api.services.exchange.views import ExportView
from api.services.reports import CampaignReports

STAFF = (Role.ORGANIZER, Role.AUDITOR)
FIELD = "startExport"  # as the trail names it where it was denied


async def may_export(view: ExportView, reports: CampaignReports, campaign: Campaign, terms: ExportTerms) -> bool:
    """Go on only where the viewer may have this now; return whether staff alone may. campaign: one that they see.

    Raises ApiError UNAUTHENTICATED, FORBIDDEN or RESULTS_HIDDEN, and ActFailed where its time has not come.
    """
    _ = view.viewer.signed_in
    if terms.format is FileFormat.REPORT:
        return await _report(view, reports, campaign)
    match terms.content:
        case ExportContent.CAMPAIGN | ExportContent.PROJECTS | ExportContent.TURNOUT:
            return False
        case ExportContent.RESULTS:
            await _require_results(view, campaign)
            return False
        case ExportContent.BALLOTS:
            return _ballots(view, campaign)
        case ExportContent.REVIEWS:
            await _require_reviews(view, campaign)
            return True
        case ExportContent.TRAIL:
            view.viewer.require(STAFF, FIELD, campaign.slug)
            return True
        case _:
            assert_never(terms.content)


async def _report(view: ExportView, reports: CampaignReports, campaign: Campaign) -> bool:
    """As the field `report` has it."""
    for_staff = await reports.audience(campaign, view.now, view.oversees)
    if for_staff is not None:
        return for_staff
    if campaign.phase(view.now) not in CLOSED:
        raise wrong_phase(campaign.phase(view.now), CLOSED)
    if view.oversees(campaign):
        raise results_hidden(campaign)  # and no stage is decided yet
    view.viewer.require(STAFF, FIELD, campaign.slug)
    raise AssertionError("whoever has one of these roles oversees the campaign")


async def _require_results(view: ExportView, campaign: Campaign) -> None:
    if not await view.results.are_visible(campaign):
        raise results_hidden(campaign)


def _ballots(view: ExportView, campaign: Campaign) -> bool:
    """After the close: until then each more would tell whose choices it holds."""
    is_open = results_visible(campaign, view.now, has_cast=False)
    if campaign.phase(view.now) not in CLOSED:
        raise wrong_phase(campaign.phase(view.now), CLOSED) if is_open else results_hidden(campaign)
    if not is_open and not view.oversees(campaign):
        raise results_hidden(campaign)
    return not is_open


async def _require_reviews(view: ExportView, campaign: Campaign) -> None:
    """As staff see them: after the deadline, by the terms that are stored now."""
    view.viewer.require(STAFF, FIELD, campaign.slug)
    panel = await view.panels.whole(campaign)
    if panel is None:
        raise refused(
            ProblemCode.NO_PANEL, Text("该评选没有专家评审。", "No experts take part in this campaign."), "content"
        )
    if phase(panel.terms, view.now) is not PanelPhase.CLOSED:
        at = spelled(campaign.calendar.local(panel.terms.closes_at))
        raise refused(
            ProblemCode.TOO_EARLY,
            Text(
                "专家评审至{at}截止，之后才能导出。",
                "The experts review until {at}; export their reviews after that.",
                at=at,
            ),
            "content",
        )
