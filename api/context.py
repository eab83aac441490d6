"""What a resolver is given: the data of one request, and the services."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import strawberry

from api.domain.campaigns.campaign import Campaign
from api.domain.exchange.jobs import Job
from api.domain.log.published_log import PublishedLog
from api.domain.people.identity import Voter
from api.domain.selection.versions import SelectionTexts, SelectionVersion
from api.domain.texts import Language
from api.ports import Collation, PanelStore
from api.services.audit_trail import AuditRecorder
from api.services.authorization import SEE_DRAFTS, Viewer
from api.services.campaign_life import CampaignLife
from api.services.casting import BallotCasting
from api.services.expert_balloting import ExpertBalloting
from api.services.invitations import Invitations
from api.services.jobs.management import JobManagement
from api.services.kept_orders import KeptOrders
from api.services.listing import find_campaign
from api.services.log.proofs import LogProofs
from api.services.log.published_logs import PublishedLogs
from api.services.log.receipts import Receipts
from api.services.moderation import BallotModeration
from api.services.panel_management import PanelManagement
from api.services.panel_scores import PanelScores
from api.services.publication import Publishing
from api.services.rate_limiting import RateLimiter, RequestRateLimits
from api.services.reminders import Reminders
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


@dataclass(eq=False)
class SharedServices:
    """The services that all requests of a process share."""

    casting: BallotCasting
    authenticator: Authenticator
    rate_limiter: RateLimiter
    audit: AuditRecorder
    suspicion_detector: SuspicionDetector
    moderation: BallotModeration
    campaign_life: CampaignLife
    panel_store: PanelStore
    panel_scores: PanelScores
    panel_services: PanelServices
    selecting: Selecting
    publishing: Publishing
    expert_balloting: ExpertBalloting
    reports: CampaignReports
    reminders: Reminders
    role_management: RoleManagement
    kept_orders: KeptOrders
    collations: Callable[[Language], Collation]
    jobs: JobManagement
    logs: PublishedLogs
    log_proofs: LogProofs
    receipts: Receipts
    root_path: str  # what the addresses of this server begin with


class Context(SharedServices):
    """One request. Everything in it is as of the same moment and the same snapshot, which has nothing that is not public.

    Only where the viewer may see drafts it has these as well, and no answer is shared. address: the caller's; empty where it is
    not known. private: whether the answer is about one ballot, which no cache may keep, momentary: or about this very moment.
    signed_out_only: whether it is another one for whoever is signed in. job_shown: by a subscription, as it was read for this
    result. rows_shown: by a subscription that wants only changes, the ids of its rows, in order. shows_logs: whether the answer
    says how far ballot logs are. Services are attributes of it by their names; what few requests need is made when asked for.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what makes one request different from another
        self,
        services: SharedServices,
        now: datetime,
        language: Language,
        snapshot: Snapshot,
        viewer: Viewer,
        address: str = "",
    ) -> None:
        self._services = services
        self.casting, self.receipts = services.casting, services.receipts  # no detour by __getattr__ for ballots
        self.now = now
        self.language = language
        self.snapshot = snapshot
        self.viewer = viewer
        self.address = address
        self.rate_limits = RequestRateLimits(services.rate_limiter, address, viewer)
        self.private = self.momentary = self.signed_out_only = self.shows_logs = False
        self.job_shown: Job | None = None
        self.rows_shown: Sequence[str] | None = None
        self._log_heads: dict[str, PublishedLog] = {}
        self._results: VisibleResults | None = None
        self._panels: VisiblePanels | None = None

    def __getattr__(self, name: str) -> Any:
        """A service."""
        return getattr(self._services, name)

    @property
    def results(self) -> VisibleResults:
        """The standings that the viewer may see."""
        if self._results is None:
            self._results = VisibleResults(self.viewer, self.snapshot, self.now, self.casting)
        return self._results

    @property
    def panels(self) -> VisiblePanels:
        """The panels as the viewer sees them."""
        if self._panels is None:
            parts = self.panel_store, self.panel_scores
            self._panels = VisiblePanels(self.viewer, self.snapshot, self.now, *parts)
        return self._panels

    @property
    def collation(self) -> Collation:
        """The order of texts in the request's language."""
        return self.collations(self.language)

    def keep_private(self, *, momentary: bool = False) -> None:
        """Keep this answer out of caches: it is about one ballot, or momentary, about nothing but this very moment."""
        self.private, self.momentary = self.private or not momentary, self.momentary or momentary

    def renew(self, snapshot: Snapshot, now: datetime) -> None:
        """Go on with what is stored now, after a change."""
        self.now = now
        self.viewer = self.viewer.renewed(snapshot)
        self.snapshot = snapshot.published(self.now, self.viewer.drafts_seen())
        self._results = self._panels = None
        self._log_heads = {}

    def newest_log(self, campaign: str) -> PublishedLog:
        """A campaign's log as this answer shows it, which then is about how far it is."""
        self.shows_logs = True
        return self.log_head(self.logs.newest(self.snapshot, campaign))

    def log_head(self, log: PublishedLog) -> PublishedLog:
        """A log as this answer shows it: as whatever in it asked first has seen it, and no younger one beside that."""
        return self._log_heads.setdefault(log.origin, log)

    def renew_panels(self) -> None:
        """Go on with the panels that are stored now, after a change of one."""
        self._panels = None

    @property
    def public_version(self) -> str:
        """A text that changes with what the answer shows of what everybody sees."""
        version = self.snapshot.public_version(self.now)
        return f"{version} {self.snapshot.logs_version}" if self.shows_logs else version

    @property
    def shareable(self) -> bool:
        """Whether the answer is the same for everybody, and stays true until something changes."""
        return not (self.private or self.momentary or self.viewer.was_asked or self.sees_drafts)

    @property
    def is_staffs(self) -> bool:
        """Whether the answer shows what a campaign's staff has put in, and is the same for whoever of them asks."""
        return (self.viewer.was_asked or self.sees_drafts) and not (self.private or self.viewer.was_identified)

    @property
    def sees_drafts(self) -> bool:
        """Whether any draft is shown to the viewer, whatever they ask for."""
        return bool(self.snapshot.directory.drafts)

    @property
    def voter_asked(self) -> Voter | None:
        """The signed-in voter; None, for all who have no token alike, without one. Raises ApiError UNAUTHENTICATED."""
        if self.viewer.signed_out:
            self.signed_out_only = True
            return None
        return self.viewer.voter

    @property
    def lot_key(self) -> str:
        """What a shuffled order is drawn for: the viewer's pseudonym, or nothing for all who are signed out."""
        if self.viewer.signed_out:
            self.signed_out_only = True
            return ""
        voter = self.viewer.voter_if_valid
        return "" if voter is None else voter.pseudonym

    def oversees(self, campaign: Campaign) -> bool:
        """Whether the viewer is of a campaign's staff, and sees what is not public yet."""
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


Info = strawberry.Info[Context, None]
