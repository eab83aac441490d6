"""Open the services: which class implements which port, and which queues are drained at the end."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from api.bootstrap.background import background_tasks, cancel
from api.bootstrap.database import open_migrated, open_snapshots
from api.bootstrap.organizers_services import organizers_services
from api.bootstrap.sign_in import session_tokens, sign_in_providers
from api.clock import Clock
from api.collation import IcuCollation
from api.content.images import read_image
from api.context import Context, PanelServices
from api.domain.texts import Language
from api.identity.http_client import ProviderClient, open_provider_client
from api.instrumentation import NO_INSTRUMENTATION, Gauge, Instrumentation
from api.ports import Collation, PanelStore
from api.services.audit_trail import AuditRecorder
from api.services.authorization import Viewer
from api.services.campaign_life import CampaignLife
from api.services.casting import BallotCasting
from api.services.expert_balloting import ExpertBalloting
from api.services.images import CampaignImages
from api.services.kept_orders import KeptOrders
from api.services.moderation import BallotModeration
from api.services.panel_scores import PanelScores
from api.services.publication import Publishing
from api.services.rate_limiting import RateLimiter, RequestRateLimits
from api.services.reports import CampaignReports
from api.services.roles import RoleManagement
from api.services.selection import Selecting
from api.services.sessions import Authenticator
from api.services.snapshots import Snapshots
from api.services.suspicions import SuspicionDetector
from api.services.visibility import VisibleResults
from api.services.visible_panels import VisiblePanels
from api.services.voter_ballots import VoterBallots
from api.settings import Settings, required_secret
from api.storage.audit_trail import SqlAuditTrail
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.ballots.shards import own_shard
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.electors import SqlElectors
from api.storage.images import SqlImageStore
from api.storage.kept_orders import SqlOrderStore
from api.storage.moderation import SqlRulings
from api.storage.rate_limit_usage import SqlRateLimitUsage
from api.storage.roles import SqlAccessStore
from api.storage.suspicions import SqlSignals


@dataclass(frozen=True)
class Services:
    """The services of one process, each on its ports."""

    database: Database
    clock: Clock
    snapshots: Snapshots
    casting: BallotCasting
    authenticator: Authenticator
    rate_limiter: RateLimiter
    audit: AuditRecorder
    instrumentation: Instrumentation
    suspicion_detector: SuspicionDetector
    moderation: BallotModeration
    campaign_life: CampaignLife
    panels: PanelStore
    panel_scores: PanelScores
    panel_services: PanelServices
    selecting: Selecting
    publishing: Publishing
    expert_balloting: ExpertBalloting
    reports: CampaignReports
    role_management: RoleManagement
    kept_orders: KeptOrders
    collation: Callable[[Language], Collation]
    images: CampaignImages
    on_shutdown: list[Callable[[], Awaitable[None]]] = field(default_factory=list)  # called before a server stops

    async def context(self, language: Language, token: str | None, address: str, *, drafts: bool = True) -> Context:
        """The context of one request that arrives now from this address. drafts: whether it has those the viewer may see."""
        now = self.clock()
        stored = await self.snapshots.fresh(now)
        viewer = Viewer(token, self.authenticator, self.audit, stored, now)
        snapshot = stored.published(now, viewer.drafts_seen() if drafts else frozenset())
        return Context(
            now=now,
            language=language,
            snapshot=snapshot,
            viewer=viewer,
            results=VisibleResults(viewer, snapshot, now, self.casting),
            rate_limits=RequestRateLimits(self.rate_limiter, address, viewer),
            casting=self.casting,
            authenticator=self.authenticator,
            audit=self.audit,
            suspicion_detector=self.suspicion_detector,
            moderation=self.moderation,
            campaign_life=self.campaign_life,
            panels=VisiblePanels(viewer, snapshot, now, self.panels, self.panel_scores),
            panel_services=self.panel_services,
            selecting=self.selecting,
            publishing=self.publishing,
            expert_balloting=self.expert_balloting,
            reports=self.reports,
            role_management=self.role_management,
            kept_orders=self.kept_orders,
            collation=self.collation(language),
            address=address,
        )


class WriteQueues(NamedTuple):
    """The ports that write after their callers have gone on, or for many of them at once."""

    ballots: SqlBallotBox
    audit_trail: SqlAuditTrail
    signals: SqlSignals


@asynccontextmanager
async def open_services(
    settings: Settings, clock: Clock, instrumentation: Instrumentation = NO_INSTRUMENTATION, *, serving: bool = False
) -> AsyncIterator[Services]:
    """Open the database and put the services on it. Raises what open_migrated and sign_in_providers raise.

    serving: whether what has grown old is deleted and rate limits are shared meanwhile, which is a server's work alone.
    """
    async with (
        _open_within_time_limit(settings) as database,
        open_provider_client(settings.signing_in.timeout) as provider_client,
        _open_queues(database, settings, clock, instrumentation) as queues,
    ):
        services = _services(database, queues, provider_client, settings, clock, instrumentation)
        instrumentation.register_gauge(Gauge.SNAPSHOT_AGE_SECONDS, lambda: services.snapshots.age(clock()))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(_cancel_reads, services)
            if serving:
                exchange = services.rate_limiter.keep_exchanging(SqlRateLimitUsage(database))
                await stack.enter_async_context(background_tasks(queues.signals.keep_tidy(), exchange))
            yield services


@asynccontextmanager
async def _open_within_time_limit(settings: Settings) -> AsyncIterator[Database]:
    """Open the database for callers who wait, none of them for longer than the settings say."""
    async with open_migrated(settings) as database:
        yield replace(database, time_limit=settings.database_timeout)


@asynccontextmanager
async def _open_queues(
    database: Database, settings: Settings, clock: Clock, instrumentation: Instrumentation
) -> AsyncIterator[WriteQueues]:
    """Open the queues; write all that they hold before the database is closed."""
    ballots = SqlBallotBox(database, own_shard(), instrumentation)
    audit_trail = SqlAuditTrail(database, clock)
    signals = SqlSignals(database, clock, settings.suspicions)
    instrumentation.register_gauge(Gauge.BALLOTS_WAITING, lambda: ballots.waiting)
    try:
        yield WriteQueues(ballots, audit_trail, signals)
    finally:
        await asyncio.gather(ballots.drain(), audit_trail.drain(), signals.drain())


def _services(  # noqa: PLR0913, PLR0917 - the composition root needs all of it
    database: Database,
    queues: WriteQueues,
    provider_client: ProviderClient,
    settings: Settings,
    clock: Clock,
    instrumentation: Instrumentation,
) -> Services:
    secret = required_secret(settings)
    voter_ballots, audit = VoterBallots(queues.ballots, secret), AuditRecorder(queues.audit_trail, secret)
    suspicion_detector = SuspicionDetector(queues.signals, secret, settings.suspicions)
    providers = sign_in_providers(settings.signing_in, provider_client)
    snapshots, access = open_snapshots(database, instrumentation), SqlAccessStore(database)
    return Services(
        database=database,
        clock=clock,
        snapshots=snapshots,
        casting=BallotCasting(voter_ballots, SqlElectors(database), audit, suspicion_detector, instrumentation),
        authenticator=Authenticator(providers, session_tokens(settings), secret, audit, access.last_revocation),
        rate_limiter=RateLimiter(settings.limits, time.time, secret),
        audit=audit,
        instrumentation=instrumentation,
        suspicion_detector=suspicion_detector,
        moderation=BallotModeration(SqlRulings(database), queues.signals),
        **organizers_services(database, audit, snapshots, clock),
        role_management=RoleManagement(access, SqlCampaigns(database), secret),
        kept_orders=KeptOrders(SqlOrderStore(database), time.time),
        collation=IcuCollation,
        images=CampaignImages(SqlImageStore(database), read_image, audit, settings.limits.images),
    )


async def _cancel_reads(services: Services) -> None:
    """Cancel what is still done for readers who are gone, before the database is closed under it."""
    await cancel([*services.snapshots.under_way, *services.kept_orders.under_way])
