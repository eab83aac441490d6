"""What all acts on a panel have in common: the lock, the clock that is read under it, and who acts.

Each act reads the panel under the campaign's lock, and is stored with its entry in the audit trail, or not at all.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from api.clock import Clock
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import Problem, ProblemCode, refused, wrong_phase
from api.domain.campaigns.states import CampaignPhase
from api.domain.ids import is_slug
from api.domain.instants import spelled
from api.domain.review.panel import Panel
from api.domain.texts import Text
from api.ports import LockedPanel, PanelStore
from api.services.audit_trail import AuditRecorder
from api.services.campaign_acts import unknown_campaign

NOT_PUT_AWAY = tuple(phase for phase in CampaignPhase if phase is not CampaignPhase.ARCHIVED)


@dataclass(frozen=True, slots=True)
class PanelActs:
    """Reads and stores panels for acts. new_code: makes the secret of an invitation."""

    panels: PanelStore
    audit: AuditRecorder
    clock: Clock
    new_code: Callable[[], str]

    @asynccontextmanager
    async def _locked(self, slug: str, viewer: str | None = None) -> AsyncIterator[tuple[LockedPanel, Panel]]:
        """The panel as it is stored, or what of it concerns a viewer, while nobody changes it.

        Raises ApiError NOT_FOUND without such a campaign; ActFailed where it has no panel, or was put away.
        """
        if not is_slug(slug):  # no database is asked for what it cannot hold
            raise unknown_campaign(slug)
        async with self.panels.locked(slug) as locked:
            campaign = await locked.campaign()
            if campaign is None:
                raise unknown_campaign(slug)
            if (phase := campaign.phase(self.clock())) is CampaignPhase.ARCHIVED:
                raise wrong_phase(phase, NOT_PUT_AWAY)
            panel = await locked.panel(campaign, viewer)
            if panel is None:
                raise refused(
                    ProblemCode.NO_PANEL,
                    Text("评选“{slug}”没有专家评审。", "No experts take part in the campaign {slug}.", slug=slug),
                    "campaign",
                )
            yield locked, panel

    def _event(
        self, campaign: Campaign, by: str, kind: TrailKind, details: Mapping[str, object], now: datetime
    ) -> AuditEvent:
        return AuditEvent(now, kind, campaign.slug, self.audit.actor(campaign, by), details)


def too_early(panel: Panel) -> Problem:
    """That reviewing has not begun."""
    since = spelled(panel.campaign.calendar.local(panel.terms.opens_at))
    message = Text(
        "专家评审自{since}开始，现在还早。", "The experts review from {since} on; it is too early.", since=since
    )
    return Problem(ProblemCode.TOO_EARLY, message, ("campaign",))


def too_late(panel: Panel) -> Problem:
    """That the deadline has passed."""
    until = spelled(panel.campaign.calendar.local(panel.terms.closes_at))
    message = Text(
        "专家评审已于{until}截止，不能再更改。",
        "The experts' deadline was {until}; nothing changes any more.",
        until=until,
    )
    return Problem(ProblemCode.TOO_LATE, message, ("campaign",))
