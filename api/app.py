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

from api.clock import Clock
from api.context import Context
from api.domain.texts import Language
from api.doors import doors, tokens_of
from api.execution.documents import Documents
from api.execution.engines import ENGINES
from api.execution.events import Events
from api.graph import LIST_SIZES, schema
from api.http.addresses import Proxies
from api.http.assets import ROUTE, shipped
from api.http.endpoint import GraphQLEndpoint
from api.http.gate import Doors, Gate
from api.http.health import Readiness, healthz
from api.http.live import GraphQL
from api.http.playground import Playground
from api.http.scoreboard import Scoreboard
from api.http.visits import Visits
from api.http.voting import VotingPage
from api.http.watched import Watched
from api.identity.outside import open_outside
from api.opening import open_migrated, snapshots_of
from api.services.casting import PollingStation
from api.services.live import Gallery
from api.services.recording import Recorder
from api.services.signing_in import FrontDesk
from api.services.snapshots import Snapshots
from api.services.suspicions import Bench, Lookout
from api.services.throttling import Throttle
from api.settings import Settings, required_secret
from api.storage.ballot_box import StoredBallots
from api.storage.database import Database
from api.storage.rulings import StoredRulings
from api.storage.shards import own_shard
from api.storage.signal_queue import StoredSignals
from api.storage.spendings import StoredSpendings
from api.storage.trail_queue import StoredTrail
from api.watching import UNWATCHED, Gauge, Watch


@dataclass(frozen=True)
class House:
    """Everything that is open while the system runs, each service on its ports."""

    database: Database
    clock: Clock
    snapshots: Snapshots
    station: PollingStation
    desk: FrontDesk
    throttle: Throttle
    recorder: Recorder
    watch: Watch
    lookout: Lookout
    bench: Bench
    endless: list[Callable[[], Awaitable[None]]] = field(default_factory=list)  # what to end before a server stops

    async def context(self, language: Language, token: str | None, address: str) -> Context:
        """The context of one request that arrives now from this address."""
        now = self.clock()
        return Context(
            now=now,
            language=language,
            token=token,
            snapshot=await self.snapshots.fresh(now),
            station=self.station,
            desk=self.desk,
            recorder=self.recorder,
            lookout=self.lookout,
            bench=self.bench,
            address=address,
            throttle=self.throttle,
        )


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock, watch: Watch = UNWATCHED) -> AsyncIterator[House]:
    """Open the database and put the services on it. Raises what open_migrated and doors raise."""
    secret = required_secret(settings)
    async with open_migrated(settings) as database, open_outside(settings.signing_in.timeout) as outside:
        box = StoredBallots(database, own_shard(), watch)
        trail = StoredTrail(database, clock)
        snapshots = snapshots_of(database, watch)
        watch.follow(Gauge.BALLOTS_WAITING, lambda: box.waiting)
        watch.follow(Gauge.SNAPSHOT_AGE_SECONDS, lambda: snapshots.age(clock()))
        throttle = Throttle(settings.limits, time.time, secret)
        signals = StoredSignals(database, clock, settings.suspicions)
        signals.start()
        try:
            async with _beside(throttle.keep_exchanging(StoredSpendings(database))):
                yield House(
                    database=database,
                    clock=clock,
                    snapshots=snapshots,
                    station=PollingStation(box, secret, watch),
                    desk=FrontDesk(doors(settings.signing_in, outside), tokens_of(settings), secret),
                    recorder=Recorder(trail, secret),
                    throttle=throttle,
                    watch=watch,
                    lookout=Lookout(signals, secret, settings.suspicions),
                    bench=Bench(StoredRulings(database), signals),
                )
        finally:
            await box.drain()
            await trail.drain()
            await signals.drain()


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do this endless work meanwhile."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def application(house: House, settings: Settings) -> ASGIApp:
    """The application of an open house."""
    assets, published, told = shipped(), schema()._schema, settings.introspection
    documents = Documents(published, settings.limits, LIST_SIZES, introspection=told)
    engine = ENGINES[settings.execution](published, suggesting=told)
    endpoint = GraphQLEndpoint(house.context, documents, engine, settings.limits, house.watch)
    events = Events(published, documents, suggesting=told)
    watched = Watched(events, house.context, settings.limits, house.watch)
    gallery = Gallery(house.snapshots, house.desk, house.clock)
    board = Scoreboard(endpoint, house.context, gallery, watched, house.watch)
    graphql = GraphQL(endpoint, board, settings.limits, house.watch)
    house.watch.follow(Gauge.TOPICS, lambda: len(watched))
    house.endless.append(graphql.close)
    playground = Playground(assets, graphql)
    readiness = Readiness(partial(house.database.rows, "select 1 as one"), house.snapshots, house.clock)
    routes = [
        Route("/graphql", playground),
        WebSocketRoute("/graphql", graphql.sockets),
        Route("/", VotingPage(assets).answer),
        Route(ROUTE, assets.answer),
        Route("/healthz", healthz),
        Route("/readyz", readiness.answer),
    ]
    app = Starlette(routes=routes)
    doors = Doors(
        settings.hosts, settings.origins, settings.proxies, settings.proxy_header == "forwarded", settings.hsts
    )
    from_proxy = Proxies(settings.proxies).sent
    front = _straight("/graphql", playground, app)
    return Visits(Gate(front, doors, house.throttle), house.watch, settings.access_log, from_proxy)


def _straight(path: str, app: ASGIApp, others: ASGIApp) -> ASGIApp:
    """Nearly all requests ask for one path, so they need not be routed there through everything that others may need."""

    def front(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        straight = scope["type"] == "http" and scope["path"] == path
        return (app if straight else others)(scope, receive, send)

    return front
