"""In which world do both engines answer? A context in memory: the selection of 2017, fixed ballots, a clock that stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from time import time
from types import MappingProxyType
from typing import cast

from graphql import GraphQLSchema

from api.collation import IcuCollation
from api.context import Context, PanelServices, SharedServices
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.directory import Directory
from api.domain.campaigns.projects import District
from api.domain.campaigns.states import ResultsVisibility
from api.domain.integrity.suspicions import Suspicion, SuspicionKind, parse_detection_config
from api.domain.people.access import AccessGrants, Grant
from api.domain.people.identity import Role, Voter
from api.domain.results.tallies import Counts
from api.domain.texts import Language
from api.domain.voting.ballots import Admission, AdmissionResult, Ballot
from api.formats.campaign.inputs import CampaignTrees
from api.formats.campaign_toml import read_campaign_file
from api.graph import schema
from api.identity import providers
from api.identity.tokens import SignedTokens
from api.limits import Limits
from api.services.audit_trail import AuditRecorder
from api.services.authorization import Viewer
from api.services.campaign_life import CampaignLife
from api.services.casting import BallotCasting
from api.services.expert_balloting import ExpertBalloting
from api.services.invitations import Invitations
from api.services.jobs.management import JobManagement
from api.services.kept_orders import KeptOrders
from api.services.log.directory import LogDirectory
from api.services.log.proofs import LogProofs
from api.services.log.published_logs import PublishedLogs
from api.services.log.receipts import Receipts
from api.services.moderation import BallotModeration
from api.services.panel_management import PanelManagement
from api.services.panel_scores import PanelScores
from api.services.publication import Publishing
from api.services.rate_limiting import RateLimiter
from api.services.reports import CampaignReports
from api.services.reviewing import Reviewing
from api.services.roles import RoleManagement
from api.services.selection import Selecting
from api.services.sessions import Authenticator
from api.services.snapshots import Snapshot, Snapshots
from api.services.suspicions import SuspicionDetector
from api.services.voter_ballots import VoterBallots
from tests.ballot_logs import KEYS, PREFIX, MadeLog, MemoryLogs, a_ballot
from tests.campaigns import DURING
from tests.memory import (
    MemoryAccess,
    MemoryCampaigns,
    MemoryElectors,
    MemoryOrders,
    MemoryPanels,
    MemoryRulings,
    MemorySelections,
    MemorySignals,
    MemoryTallies,
    MemoryTrail,
)
from tests.shown_jobs import ShownJobs
from tests.shown_reminders import shown_reminders

SEED = Path(__file__).parents[2] / "seed" / "shanghai-2017.toml"
SECRET = b"a secret of tests"
VOTER = "voter"
LOG = MadeLog(["rules " + "0" * 64, *map(a_ballot, range(1, 300))], 290)
LOGS = MemoryLogs(LOG)
SUSPICION = Suspicion(1, "k" * 26, "shanghai-2017", SuspicionKind.ONE_ADDRESS, DURING, DURING, 70, 2, 1)


class DictBox:
    """api.ports.BallotBox in a dict."""

    def __init__(self) -> None:
        self._ballots: dict[str, Ballot] = {}
        self._retried: dict[str, str] = {}

    async def admit(self, admission: Admission) -> AdmissionResult | None:
        if admission.retry_tag in self._retried:
            return AdmissionResult(self._ballots[self._retried[admission.retry_tag]], is_new=False)
        free = next((name for name in admission.ids if name not in self._ballots), None)
        if free is None:
            return None
        numbers = tuple(sorted(admission.positions))
        self._ballots[free] = Ballot(free, admission.campaign, admission.day, admission.cast_at, numbers)
        if admission.retry_tag is not None:
            self._retried[admission.retry_tag] = free
        return AdmissionResult(self._ballots[free], is_new=True)

    async def find(self, ids: Sequence[str]) -> tuple[Ballot, ...]:
        return tuple(self._ballots[name] for name in ids if name in self._ballots)

    async def find_retried(self, *retry_tags: str) -> Ballot | None:
        return next((self._ballots[self._retried[tag]] for tag in retry_tags if tag in self._retried), None)


@cache
def published() -> GraphQLSchema:
    """The real schema."""
    return schema()._schema


@cache
def snapshot() -> Snapshot:
    """Three campaigns: one as in 2017, one whose standings are hidden, and one whose stored values are damaged."""
    campaign, districts = read_campaign_file(SEED)
    live = replace(campaign, visibility=ResultsVisibility.LIVE, voter_salt="salt")
    hidden = renamed(live, "hidden", visibility=ResultsVisibility.AFTER_PUBLICATION)
    campaigns = {one.slug: one for one in (live, hidden, damaged(renamed(live, "damaged", voter_salt=None)))}
    days = live.calendar.days[:3]
    votes = {day: {number: number * 7 % 11 for number in range(1, 51)} for day in days}
    counts = {slug: Counts(dict.fromkeys(days, 40), votes) for slug in campaigns}
    directory = Directory(campaigns, {d.code: d for d in districts})
    grants = AccessGrants({VOTER: frozenset([Grant(VOTER, Role.AUDITOR)])})
    return Snapshot(directory, counts, DURING, grants, logs={LOG.slug: (LOG.shown(),)})


def renamed(campaign: Campaign, slug: str, **changes: object) -> Campaign:
    projects = tuple(replace(project, campaign=slug) for project in campaign.projects)
    return replace(campaign, slug=slug, projects=projects, **changes)


def damaged(campaign: Campaign) -> Campaign:
    """With values that no type takes, each in another project, so that errors arise in the middle of lists."""
    damage = ({"title": None}, {"start_year": 2**40}, {"outcome": "odd"}, {"themes": None}, {"themes": ("odd",)})
    projects = list(campaign.projects)
    for place, change in enumerate(damage, 1):
        projects[place] = replace(projects[place], **change)
    projects[8] = replace(projects[8], district=District("9", None))
    return replace(campaign, projects=tuple(projects), edition="third", source=MappingProxyType({}))


def context(token: str | None, language: Language = Language.ZH) -> Context:
    """A new context, in which nothing has been cast. The voter may read the trail as well."""
    authenticator = Authenticator(providers(guests=True), SignedTokens([SECRET]), SECRET)
    trail = MemoryTrail([AuditEvent(DURING, kind, "hidden", "somebody", {"codes": ["A", "B"]}) for kind in TrailKind])
    audit, signals = AuditRecorder(trail, SECRET), MemorySignals([SUSPICION])
    suspicion_detector, moderation = (
        SuspicionDetector(signals, SECRET, parse_detection_config("")),
        BallotModeration(MemoryRulings(), signals),
    )
    casting = BallotCasting(VoterBallots(DictBox(), SECRET), MemoryElectors(), audit, suspicion_detector)
    directory = snapshot().directory
    campaigns, access = MemoryCampaigns(dict(directory.campaigns), dict(directory.districts)), MemoryAccess()
    snapshots = Snapshots(campaigns, MemoryTallies(snapshot().counts), access)
    viewer = Viewer(token, authenticator.tokens, audit, snapshot(), DURING)
    acts = (campaigns, CampaignTrees(), audit, snapshots, lambda: DURING, lambda: "salt")
    panel_acts = (MemoryPanels(), audit, lambda: DURING, lambda: "code")
    services = SharedServices(
        casting=casting,
        authenticator=authenticator,
        rate_limiter=RateLimiter(Limits(requests=0, requests_per_voter=0, sign_ins=0), time, SECRET),
        audit=audit,
        suspicion_detector=suspicion_detector,
        moderation=moderation,
        campaign_life=CampaignLife(*acts),
        panel_store=MemoryPanels(),
        panel_scores=PanelScores(MemoryPanels()),
        panel_services=PanelServices(Invitations(*panel_acts), PanelManagement(*panel_acts), Reviewing(*panel_acts)),
        selecting=Selecting(*acts),
        publishing=Publishing(*acts),
        expert_balloting=ExpertBalloting(*acts),
        reports=CampaignReports(None, MemoryPanels(), MemorySelections(), str),  # which nobody may see before the close
        role_management=RoleManagement(access, campaigns, SECRET),
        kept_orders=KeptOrders(MemoryOrders(), time),
        collations=IcuCollation,
        jobs=cast(JobManagement, ShownJobs()),
        logs=PublishedLogs(LOGS, KEYS, PREFIX),
        log_proofs=LogProofs(LOGS),
        receipts=Receipts(KEYS, LogDirectory(PREFIX), timedelta(hours=1)),
        reminders=shown_reminders(LOG.slug),
        root_path="",
    )
    return Context(services, DURING, language, snapshot(), viewer)


@cache
def token(*roles: Role) -> str:
    """The token of a session with these roles."""
    return SignedTokens([SECRET]).issue(Voter(VOTER, (Role.VOTER, *roles)), "guest", DURING).token
