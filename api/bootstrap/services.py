"""Open the services: which class implements which port, and which queues are drained at the end."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from api.bootstrap.background import background_tasks, cancel
from api.bootstrap.database import open_migrated, open_snapshots
from api.bootstrap.exchange_services import Foundation, job_services
from api.bootstrap.log_services import log_services
from api.bootstrap.organizers_services import organizers_services
from api.bootstrap.reminder_services import reminder_services
from api.bootstrap.sealing import open_sealing
from api.bootstrap.sign_in import session_tokens, sign_in_providers
from api.clock import Clock
from api.collation import IcuCollation
from api.content.images import narrowed, read_image
from api.context import Context, SharedServices
from api.domain.texts import Language
from api.identity.http_client import ProviderClient, open_provider_client
from api.instrumentation import NO_INSTRUMENTATION, Gauge, Instrumentation
from api.services.audit_trail import AuditRecorder
from api.services.authorization import NO_DRAFTS, Viewer
from api.services.casting import BallotCasting
from api.services.images import CampaignImages
from api.services.jobs.runner import JobRunner
from api.services.kept_orders import KeptOrders
from api.services.log.directory import LogDirectory
from api.services.moderation import BallotModeration
from api.services.rate_limiting import RateLimiter
from api.services.reminder_sender import ReminderSender
from api.services.roles import RoleManagement
from api.services.sessions import Authenticator, SignInRecords
from api.services.sign_in_counting import SignInCounting
from api.services.snapshots import Snapshot, Snapshots
from api.services.suspicions import SuspicionDetector
from api.services.voter_ballots import VoterBallots
from api.settings import Settings, required_secret
from api.storage.audit_trail import SqlAuditTrail
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.ballots.shards import own_shard
from api.storage.campaigns import SqlCampaigns
from api.storage.database.clock_offset import ClockOffset
from api.storage.database.connection import Database
from api.storage.electors import SqlElectors
from api.storage.images import SqlImageStore
from api.storage.kept_orders import SqlOrderStore
from api.storage.layouts import require_layout
from api.storage.moderation import SqlRulings
from api.storage.rate_limit_usage import SqlRateLimitUsage
from api.storage.roles import SqlAccessStore
from api.storage.sign_ins import SqlSignInDays
from api.storage.suspicions import SqlSignals
from api.transparency.log_keys import LogKeys

SHARED = ("database", "snapshots", "casting", "audit", "clock", "instrumentation")  # of a Foundation and Services


@dataclass(eq=False)
class Services(SharedServices):
    """The services of one process, each on its ports: those that its requests share, and what they stand on."""

    database: Database
    clock: Clock
    snapshots: Snapshots
    instrumentation: Instrumentation
    images: CampaignImages
    job_runner: JobRunner
    reminder_sender: ReminderSender
    log_directory: LogDirectory
    log_keys: LogKeys | None
    on_shutdown: list[Callable[[], Awaitable[None]]] = field(default_factory=list)  # called before a server stops

    async def context(self, language: Language, token: str | None, address: str, *, drafts: bool = True) -> Context:
        """The context of one request that arrives now from this address. drafts: whether it has those the viewer may see."""
        now = self.clock()
        return self._context(now, await self.snapshots.fresh(now), language, token, address, drafts)

    def context_now(
        self, language: Language, token: str | None, address: str, *, drafts: bool = True
    ) -> Context | None:
        """The same at once; None where a newer snapshot has to be waited for."""
        now = self.clock()
        snapshot = self.snapshots.at_hand(now)
        return None if snapshot is None else self._context(now, snapshot, language, token, address, drafts)

    def _context(  # noqa: PLR0913, PLR0917 - what makes one request different from another
        self, now: datetime, stored: Snapshot, language: Language, token: str | None, address: str, drafts: bool
    ) -> Context:
        viewer = Viewer(token, self.authenticator.tokens, self.audit, stored, now)
        snapshot = stored.published(now, viewer.drafts_seen() if drafts else NO_DRAFTS)
        return Context(self, now, language, snapshot, viewer, address)

    async def published(self) -> tuple[Snapshot, datetime]:
        """What everybody sees, and the moment at which they do. Raises ApiError while that cannot be known."""
        now = self.clock()
        return (await self.snapshots.fresh(now)).published(now), now


class WriteQueues(NamedTuple):
    """The ports that write after their callers have gone on, or for many of them at once."""

    ballots: SqlBallotBox
    audit_trail: SqlAuditTrail
    signals: SqlSignals
    sign_ins: SqlSignInDays


@asynccontextmanager
async def open_services(
    settings: Settings,
    clock: Clock,
    instrumentation: Instrumentation = NO_INSTRUMENTATION,
    *,
    serving: bool = False,
    closing_grace: timedelta | None = None,
) -> AsyncIterator[Services]:
    """Open the database and put the services on it. Raises what open_migrated, require_layout and sign_in_providers raise.

    serving: whether logs are sealed, what has grown old is deleted and rate limits are shared meanwhile, which is a server's
    work alone. closing_grace: how long after the close a log waits for ballots under way; None: as the settings make it.
    """
    async with (
        _open_within_time_limit(settings) as database,
        open_provider_client(settings.signing_in.timeout) as provider_client,
        _open_queues(database, settings, clock, instrumentation) as queues,
    ):
        services = _services(database, queues, provider_client, settings, clock, instrumentation)
        clock_offset = ClockOffset(database)
        instrumentation.register_gauge(Gauge.SNAPSHOT_AGE_SECONDS, lambda: services.snapshots.age(clock()))
        instrumentation.register_gauge(Gauge.CLOCK_OFFSET_SECONDS, lambda: clock_offset.seconds)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(_cancel_reads, services)
            if serving:
                sealing = await _seal(stack, services, settings, closing_grace)
                works = [*_works(services, queues, clock_offset), *sealing]
                await stack.enter_async_context(background_tasks(*works))
                services.on_shutdown.append(services.job_runner.stop)
            yield services


def _works(services: Services, queues: WriteQueues, clock_offset: ClockOffset) -> Sequence[Coroutine[None, None, None]]:
    """What a server does beside requests, logs apart, to be run in the background."""
    tidy = queues.signals.keep_tidy(), queues.sign_ins.keep_tidy()
    exchange = services.rate_limiter.keep_exchanging(SqlRateLimitUsage(services.database))
    return (
        *tidy,
        exchange,
        clock_offset.keep_comparing(),
        services.job_runner.keep_running(),
        services.reminder_sender.keep_sending(),
    )


async def _seal(
    stack: AsyncExitStack, services: Services, settings: Settings, grace: timedelta | None
) -> list[Coroutine[None, None, None]]:
    """What seals the logs, if they have keys, to be run in the background."""
    keys = services.log_keys
    if keys is None:
        return []
    opened = open_sealing(
        services.database, settings, keys, services.log_directory, services.clock, services.instrumentation, grace
    )
    return [(await stack.enter_async_context(opened)).keep_sealing()]


@asynccontextmanager
async def _open_within_time_limit(settings: Settings) -> AsyncIterator[Database]:
    """Open the database for callers who wait, none of them for longer than the settings say."""
    async with open_migrated(settings) as database:
        await require_layout(database)
        yield replace(database, time_limit=settings.database_timeout)


@asynccontextmanager
async def _open_queues(
    database: Database, settings: Settings, clock: Clock, instrumentation: Instrumentation
) -> AsyncIterator[WriteQueues]:
    """Open the queues; write all that they hold before the database is closed."""
    ballots = SqlBallotBox(database, own_shard(), instrumentation)
    audit_trail = SqlAuditTrail(database, clock)
    signals = SqlSignals(database, clock, settings.suspicions)
    sign_ins = SqlSignInDays(database, clock)
    instrumentation.register_gauge(Gauge.BALLOTS_WAITING, lambda: ballots.waiting)
    try:
        yield WriteQueues(ballots, audit_trail, signals, sign_ins)
    finally:
        await asyncio.gather(*(queue.drain() for queue in (ballots, audit_trail, signals, sign_ins)))


def _services(  # noqa: PLR0913, PLR0917 - the composition root needs all of it
    database: Database,
    queues: WriteQueues,
    provider_client: ProviderClient,
    settings: Settings,
    clock: Clock,
    instrumentation: Instrumentation,
) -> Services:
    audit = AuditRecorder(queues.audit_trail, secret := required_secret(settings))
    detector = SuspicionDetector(queues.signals, secret, settings.suspicions)
    snapshots, access = open_snapshots(database, instrumentation), SqlAccessStore(database)
    sign_ins = SignInRecords(audit, SignInCounting(queues.sign_ins, secret, lambda: snapshots.newest))
    ballots = VoterBallots(queues.ballots, secret)
    casting = BallotCasting(ballots, SqlElectors(database), audit, detector, instrumentation)
    organizing = organizers_services(database, audit, snapshots, clock)
    foundation = Foundation(database, snapshots, casting, audit, clock, secret, settings.limits, instrumentation)
    return Services(
        **{name: getattr(foundation, name) for name in SHARED},
        authenticator=_authenticator(settings, provider_client, sign_ins, access),
        rate_limiter=RateLimiter(settings.limits, time.time, secret),
        suspicion_detector=detector,
        moderation=BallotModeration(SqlRulings(database), queues.signals),
        **(organizing | job_services(foundation, organizing)),
        role_management=RoleManagement(access, SqlCampaigns(database), secret),
        kept_orders=KeptOrders(SqlOrderStore(database), time.time),
        collations=IcuCollation,
        root_path=settings.root_path,
        **log_services(database, settings) | reminder_services(database, settings, provider_client, snapshots, clock),
        images=CampaignImages(SqlImageStore(database), read_image, narrowed, audit, settings.limits.images),
    )


def _authenticator(
    settings: Settings, client: ProviderClient, records: SignInRecords, access: SqlAccessStore
) -> Authenticator:
    providers, secret = sign_in_providers(settings.signing_in, client), required_secret(settings)
    return Authenticator(providers, session_tokens(settings), secret, records, access.last_revocation)


async def _cancel_reads(services: Services) -> None:
    """Cancel what is still done for readers who are gone, before the database is closed under it."""
    await cancel([*services.snapshots.under_way, *services.kept_orders.under_way])
