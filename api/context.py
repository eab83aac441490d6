"""What a resolver is given: the data of one request, and the services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import strawberry

from api.addresses import network_prefixes
from api.domain.campaigns.campaign import Campaign
from api.domain.integrity.signals import BallotOrigin
from api.domain.selection.versions import SelectionTexts, SelectionVersion
from api.domain.texts import Language
from api.ports import Collation
from api.services.audit_trail import AuditRecorder
from api.services.authorization import SEE_DRAFTS, Viewer
from api.services.campaign_life import CampaignLife
from api.services.casting import BallotCasting
from api.services.expert_balloting import ExpertBalloting
from api.services.invitations import Invitations
from api.services.kept_orders import KeptOrders
from api.services.listing import campaign_voted_in, find_campaign
from api.services.moderation import BallotModeration
from api.services.panel_management import PanelManagement
from api.services.publication import Publishing
from api.services.rate_limiting import RequestRateLimits
from api.services.reports import CampaignReports
from api.services.reviewing import Reviewing
from api.services.roles import RoleManagement
from api.services.selection import Selecting
from api.services.sessions import Authenticator
from api.services.snapshots import Snapshot
from api.services.suspicions import SuspicionDetector
from api.services.visibility import VisibleResults
from api.services.visible_panels import VisiblePanels


class PanelServices(NamedTuple):
    """What organizers and experts do with panels."""

    invitations: Invitations
    management: PanelManagement
    reviewing: Reviewing


@dataclass
class Context:
    """One request. Everything in it is as of the same moment and the same snapshot, which has nothing that is not public.

    Only where the viewer may see drafts it has these as well, and no answer is shared.
    """

    now: datetime
    language: Language
    snapshot: Snapshot
    viewer: Viewer
    results: VisibleResults
    rate_limits: RequestRateLimits
    casting: BallotCasting
    authenticator: Authenticator
    audit: AuditRecorder
    suspicion_detector: SuspicionDetector
    moderation: BallotModeration
    campaign_life: CampaignLife
    panels: VisiblePanels
    panel_services: PanelServices
    selecting: Selecting
    publishing: Publishing
    expert_balloting: ExpertBalloting
    reports: CampaignReports
    role_management: RoleManagement
    kept_orders: KeptOrders
    collation: Collation  # of the request's language
    address: str = ""  # the caller's; empty where it is not known
    private: bool = False  # whether the answer is about one ballot or this very moment, which no cache may keep

    signed_out_only: bool = False  # whether the answer is another one for whoever is signed in

    def keep_private(self) -> None:
        """Keep this answer out of caches."""
        self.private = True

    def renew(self, snapshot: Snapshot, now: datetime) -> None:
        """Go on with what is stored now, after a change."""
        self.now = now
        self.viewer = self.viewer.renewed(snapshot)
        self.snapshot = snapshot.published(self.now, self.viewer.drafts_seen())
        self.results = VisibleResults(self.viewer, self.snapshot, self.now, self.casting)
        self.panels = self.panels.renewed(self.viewer, self.snapshot, self.now)

    @property
    def shareable(self) -> bool:
        """Whether the answer is the same for everybody, and stays true until something changes."""
        return not (self.private or self.viewer.was_asked or self.sees_drafts)

    @property
    def sees_drafts(self) -> bool:
        """Whether any draft is shown to the viewer, whatever they ask for."""
        return bool(self.snapshot.directory.drafts)

    @property
    def lot_key(self) -> str:
        """What a shuffled order is drawn for: the viewer's pseudonym, or nothing for all who are signed out."""
        if self.viewer.signed_out:
            self.signed_out_only = True
            return ""
        voter = self.viewer.voter_if_valid
        return "" if voter is None else voter.pseudonym

    @property
    def origin(self) -> BallotOrigin:
        """How a ballot in this request arrived. Raises ApiError UNAUTHENTICATED."""
        since = self.viewer.signed_in.signed_in_at
        return BallotOrigin(
            network_prefixes(self.address), None if since is None else datetime.fromtimestamp(since, UTC)
        )

    def oversees(self, campaign: Campaign) -> bool:
        """Whether the viewer is an organizer or an auditor of a campaign, and sees what is not public yet."""
        if self.viewer.signed_out:
            self.signed_out_only = True
            return False
        return self.viewer.has_role(SEE_DRAFTS, campaign.slug)

    async def provisional(self, campaign: Campaign, stage: str) -> SelectionVersion | None:
        """What a stage has decided that is not announced, as it is stored now, if the viewer may see it."""
        if not self.oversees(campaign):
            return None
        versions = await self.selecting.campaigns.selections.versions(campaign.slug, stage)
        return versions[-1] if versions else None

    async def selection_texts(self, campaign: Campaign, version: SelectionVersion) -> SelectionTexts:
        """The record and the trace of a version that the viewer sees."""
        selections = self.selecting.campaigns.selections
        texts = await selections.texts(campaign.slug, version.stage, version.version)
        if texts is None:
            raise LookupError(f"{campaign.slug}: version {version.version} of {version.stage} is gone")
        return texts

    def campaign(self, slug: str | None) -> Campaign:
        """The campaign with this slug, or the featured one. Raises ApiError NOT_FOUND."""
        return find_campaign(self.snapshot.directory, slug, self.now)

    def campaign_voted_in(self, slug: str | None, project_ids: Sequence[str]) -> Campaign:
        """The campaign that a ballot with these projects is for. Raises ApiError NOT_FOUND."""
        return campaign_voted_in(self.snapshot.directory, slug, project_ids, self.now)


Info = strawberry.Info[Context, None]
