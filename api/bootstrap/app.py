"""The web application: which class stands behind which port, what is open while it serves, and its routes."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.bootstrap.database import open_migrated, open_snapshots
from api.bootstrap.sign_in import session_tokens, sign_in_providers
from api.clock import Clock
from api.context import Context
from api.domain.texts import Language
from api.execution.documents import Documents
from api.execution.engines import ENGINES
from api.execution.subscriptions import SubscriptionExecutor
from api.graph import LIST_SIZES, schema
from api.graphql_app import GraphQLApp
from api.http.endpoint import GraphQLEndpoint
from api.http.health import Readiness, healthz
from api.identity.http_client import open_provider_client
from api.instrumentation import NO_INSTRUMENTATION, Gauge, Instrumentation
from api.middleware.client_address import Proxies
from api.middleware.edge import EdgeMiddleware, EdgePolicy
from api.middleware.request_log import RequestLogMiddleware
from api.pages.assets import ROUTE, shipped_assets
from api.pages.playground import Playground
from api.pages.voting_page import VotingPage
from api.services.audit_trail import AuditRecorder
from api.services.casting import BallotCasting
from api.services.rate_limiting import RateLimiter
from api.services.results_feed import ResultsFeed
from api.services.sessions import Authenticator
from api.services.snapshots import Snapshots
from api.services.suspicions import BallotModeration, SuspicionDetector
from api.settings import Settings, required_secret
from api.storage.audit_trail_queue import SqlAuditTrail
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.ballots.shards import own_shard
from api.storage.database.connection import Database
from api.storage.moderation import SqlRulings
from api.storage.rate_limit_usage import SqlRateLimitUsage
from api.storage.suspicions import SqlSignals
from api.subscriptions.manager import SubscriptionManager
from api.subscriptions.registry import TopicRegistry


@dataclass(frozen=True)
class Services:
    """Everything that is open while the system runs, each service on its ports."""

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
    on_shutdown: list[Callable[[], Awaitable[None]]] = field(default_factory=list)  # what to end before a server stops

    async def context(self, language: Language, token: str | None, address: str) -> Context:
        """The context of one request that arrives now from this address."""
        now = self.clock()
        return Context(
            now=now,
            language=language,
            token=token,
            snapshot=await self.snapshots.fresh(now),
            casting=self.casting,
            authenticator=self.authenticator,
            audit=self.audit,
            suspicion_detector=self.suspicion_detector,
            moderation=self.moderation,
            address=address,
            rate_limiter=self.rate_limiter,
        )


@asynccontextmanager
async def open_services(
    settings: Settings, clock: Clock, instrumentation: Instrumentation = NO_INSTRUMENTATION
) -> AsyncIterator[Services]:
    """Open the database and put the services on it. Raises what open_migrated and doors raise."""
    secret = required_secret(settings)
    async with (
        open_migrated(settings) as database,
        open_provider_client(settings.signing_in.timeout) as provider_client,
    ):
        box = SqlBallotBox(database, own_shard(), instrumentation)
        trail = SqlAuditTrail(database, clock)
        snapshots = open_snapshots(database, instrumentation)
        rate_limiter = RateLimiter(settings.limits, time.time, secret)
        signals = SqlSignals(database, clock, settings.suspicions)
        providers = sign_in_providers(settings.signing_in, provider_client)
        instrumentation.register_gauge(Gauge.BALLOTS_WAITING, lambda: box.waiting)
        instrumentation.register_gauge(Gauge.SNAPSHOT_AGE_SECONDS, lambda: snapshots.age(clock()))
        signals.start()
        try:
            async with background_task(rate_limiter.keep_exchanging(SqlRateLimitUsage(database))):
                yield Services(
                    database=database,
                    clock=clock,
                    snapshots=snapshots,
                    casting=BallotCasting(box, secret, instrumentation),
                    authenticator=Authenticator(providers, session_tokens(settings), secret),
                    audit=AuditRecorder(trail, secret),
                    rate_limiter=rate_limiter,
                    instrumentation=instrumentation,
                    suspicion_detector=SuspicionDetector(signals, secret, settings.suspicions),
                    moderation=BallotModeration(SqlRulings(database), signals),
                )
        finally:
            await box.drain()
            await trail.drain()
            await signals.drain()


@asynccontextmanager
async def background_task(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do this endless work meanwhile."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def application(services: Services, settings: Settings) -> ASGIApp:
    """The application of an open house."""
    assets, published, told = shipped_assets(), schema()._schema, settings.introspection
    documents = Documents(published, settings.limits, LIST_SIZES, introspection=told)
    engine = ENGINES[settings.execution](published, suggestions=told)
    endpoint = GraphQLEndpoint(services.context, documents, engine, settings.limits, services.instrumentation)
    events = SubscriptionExecutor(published, documents, suggestions=told)
    watched = TopicRegistry(events, services.context, settings.limits, services.instrumentation)
    results_feed = ResultsFeed(services.snapshots, services.authenticator, services.clock)
    board = SubscriptionManager(endpoint, services.context, results_feed, watched, services.instrumentation)
    graphql = GraphQLApp(endpoint, board, settings.limits, services.instrumentation)
    services.instrumentation.register_gauge(Gauge.TOPICS, lambda: len(watched))
    services.on_shutdown.append(graphql.close)
    playground = Playground(assets, graphql)
    readiness = Readiness(partial(services.database.rows, "select 1 as one"), services.snapshots, services.clock)
    routes = [
        Route("/graphql", playground),
        WebSocketRoute("/graphql", graphql.sockets),
        Route("/", VotingPage(assets).answer),
        Route(ROUTE, assets.answer),
        Route("/healthz", healthz),
        Route("/readyz", readiness.answer),
    ]
    app = Starlette(routes=routes)
    doors = EdgePolicy(
        settings.hosts, settings.origins, settings.proxies, settings.proxy_header == "forwarded", settings.hsts
    )
    from_proxy = Proxies(settings.proxies).sent
    front = fast_path("/graphql", playground, app)
    return RequestLogMiddleware(
        EdgeMiddleware(front, doors, services.rate_limiter), services.instrumentation, settings.access_log, from_proxy
    )


def fast_path(path: str, app: ASGIApp, others: ASGIApp) -> ASGIApp:
    """Nearly all requests ask for one path, so they need not be routed there through everything that others may need."""

    def front(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        straight = scope["type"] == "http" and scope["path"] == path
        return (app if straight else others)(scope, receive, send)

    return front
