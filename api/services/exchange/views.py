"""What whoever asks for an export may see, at the moment at which it is written or fetched."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from api.clock import Clock
from api.domain.campaigns.campaign import Campaign
from api.domain.exchange.jobs import Job
from api.domain.people.identity import Role, Voter
from api.ports import PanelStore
from api.services.audit_trail import AuditRecorder
from api.services.authorization import SEE_DRAFTS, Viewer
from api.services.casting import BallotCasting
from api.services.panel_scores import PanelScores
from api.services.snapshots import Snapshot, Snapshots
from api.services.visibility import VisibleResults
from api.services.visible_panels import VisiblePanels


@dataclass(frozen=True, slots=True)
class ExportView:
    """What one viewer sees at one moment of the campaigns' clock. The snapshot holds nothing that they may not see."""

    viewer: Viewer
    snapshot: Snapshot
    now: datetime
    results: VisibleResults
    panels: VisiblePanels

    def campaign(self, slug: str | None) -> Campaign | None:
        """The campaign with this slug, if they see it."""
        return None if slug is None else self.snapshot.directory.campaigns.get(slug)

    def oversees(self, campaign: Campaign) -> bool:
        """Whether they are an organizer or an auditor of a campaign."""
        return self.viewer.has_role(SEE_DRAFTS, campaign.slug)


class KnownVoter:
    """Recognises one voter, without a token of theirs: whoever requested a job, and the operator."""

    def __init__(self, voter: Voter) -> None:
        self._voter = voter

    def verify(self, token: str, now: datetime) -> Voter:
        """The voter; tokens are not looked at."""
        return self._voter


@dataclass(frozen=True, slots=True)
class ExportViews:
    """Makes views of what is stored now. clock: that of the campaigns."""

    snapshots: Snapshots
    casting: BallotCasting
    panels: PanelStore
    scores: PanelScores
    audit: AuditRecorder
    clock: Clock

    async def of_viewer(self, viewer: Viewer) -> ExportView:
        """What the viewer of a request sees."""
        now = self.clock()
        return self._view(viewer.renewed, await self.snapshots.after_change(now), now)

    async def of_requester(self, job: Job) -> ExportView:
        """What whoever requested a job sees now, with the roles that they have now and those of the session they had then."""
        if job.requested_by is None:
            return await self.of_operator()
        return await self._of_voter(Voter(job.requested_by, job.session_roles, job.session_version))

    async def of_operator(self) -> ExportView:
        """What an operator at the command line sees: everything."""
        return await self._of_voter(Voter("operator", tuple(Role), version=2**62))

    async def _of_voter(self, voter: Voter) -> ExportView:
        now = self.clock()
        known = KnownVoter(voter)
        return self._view(
            lambda stored: Viewer("", known, self.audit, stored, now), await self.snapshots.after_change(now), now
        )

    def _view(self, viewer_by: Callable[[Snapshot], Viewer], stored: Snapshot, now: datetime) -> ExportView:
        viewer = viewer_by(stored)
        snapshot = stored.published(now, viewer.drafts_seen())
        results = VisibleResults(viewer, snapshot, now, self.casting)
        panels = VisiblePanels(viewer, snapshot, now, self.panels, self.scores)
        return ExportView(viewer, snapshot, now, results, panels)
