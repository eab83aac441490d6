"""The web application: which class stands behind which port, what is open while it serves, and its routes."""

import asyncio
import logging
import math
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from api.clock import Clock
from api.context import Context
from api.domain.texts import Language
from api.doors import doors
from api.graph import schema
from api.http.assets import ROUTE, Assets
from api.http.endpoint import GraphQLEndpoint
from api.http.live import GraphQL
from api.http.playground import Playground
from api.http.scoreboard import Scoreboard
from api.http.visits import Visits
from api.http.voting import VotingPage
from api.identity.outside import open_outside
from api.identity.tokens import SignedTokens
from api.services.casting import PollingStation
from api.services.live import Gallery
from api.services.recording import Recorder
from api.services.signing_in import FrontDesk
from api.services.snapshots import Snapshots
from api.settings import Settings, required_secret
from api.storage.ballot_box import StoredBallots
from api.storage.campaigns import StoredCampaigns
from api.storage.database import Database, open_database
from api.storage.migrating import pending
from api.storage.people import StoredPeople
from api.storage.tallies import StoredTallies
from api.storage.trail_queue import StoredTrail
from api.watching import UNWATCHED, Watch

OLDEST_SNAPSHOT = 5.0  # seconds that a snapshot may be old in a server that is ready
PATIENCE = 2.0  # seconds in which the database of a ready server answers
SHARDS = 16  # sets of tally rows; processes that share one wait for each other, so more are faster and none is wrong

log = logging.getLogger("pingxuan")


class NotMigratedError(Exception):
    """The database lacks migrations that this version needs."""


@dataclass(frozen=True)
class House:
    """Everything that is open while the system runs, each service on its ports."""

    database: Database
    clock: Clock
    snapshots: Snapshots
    station: PollingStation
    desk: FrontDesk
    recorder: Recorder
    watch: Watch
    endless: list[Callable[[], Awaitable[None]]] = field(default_factory=list)  # what to end before a server stops

    async def context(self, language: Language, token: str | None) -> Context:
        """The context of one request that arrives now."""
        now = self.clock()
        snapshot = await self.snapshots.fresh(now)
        return Context(now, language, token, snapshot, self.station, self.desk, self.recorder)


@asynccontextmanager
async def open_migrated(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of these settings. Raises NotMigratedError, or what open_database raises."""
    async with open_database(settings.database_url) as database:
        if missing := await pending(database):
            raise NotMigratedError(f"The database lacks {', '.join(missing)}: run `pingxuan migrate` first.")
        yield database


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock, watch: Watch = UNWATCHED) -> AsyncIterator[House]:
    """Open the database and put the services on it. Raises what open_migrated and doors raise."""
    secret = required_secret(settings)
    async with open_migrated(settings) as database, open_outside(settings.signing_in.timeout) as outside:
        box = StoredBallots(database, os.getpid() % SHARDS, watch)
        trail = StoredTrail(database, clock)
        snapshots = snapshots_of(database, watch)
        watch.follow(waiting=lambda: box.waiting, age=lambda: snapshots.age(clock()))
        try:
            yield House(
                database=database,
                clock=clock,
                snapshots=snapshots,
                station=PollingStation(box, secret, watch),
                desk=FrontDesk(doors(settings.signing_in, outside), tokens_of(settings), secret),
                recorder=Recorder(trail, secret),
                watch=watch,
            )
        finally:
            await box.drain()
            await trail.drain()


def snapshots_of(database: Database, watch: Watch = UNWATCHED) -> Snapshots:
    """The snapshots of what is stored in a database."""
    return Snapshots(StoredCampaigns(database), StoredTallies(database), StoredPeople(database), watch)


def tokens_of(settings: Settings) -> SignedTokens:
    """The tokens that these settings have issued and accepted."""
    return SignedTokens(settings.token_secrets, settings.session)


def application(house: House, execution: str = "compiled", access_log: str = "off") -> ASGIApp:
    """The application of an open house; execution and access_log are what the settings of these names say."""
    assets, published = Assets(), schema()._schema
    endpoint = GraphQLEndpoint(published, house.context, execution, house.watch)
    board = Scoreboard(published, endpoint, house.context, Gallery(house.snapshots, house.desk, house.clock))
    graphql = GraphQL(endpoint, board)
    house.endless.append(graphql.close)
    routes = [
        Route("/graphql", Playground(assets, graphql)),
        WebSocketRoute("/graphql", graphql.sockets),
        Route("/", VotingPage(assets).answer),
        Route(ROUTE, assets.answer),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
    ]
    app = Starlette(routes=routes)
    app.state.house = house
    return Visits(app, house.watch, access_log)


async def healthz(request: Request) -> Response:
    """Whether the process answers at all."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Whether it can do its work: the database answers in time, and the snapshot is fresh."""
    house: House = request.app.state.house
    answers = await _database_answers(house.database)
    if answers:
        await house.snapshots.fresh(house.clock())
    age = house.snapshots.age(house.clock())
    ready = answers and age < OLDEST_SNAPSHOT
    body = {
        "status": "ready" if ready else "not ready",
        "database": "answers" if answers else "does not answer",
        "snapshotAge": None if math.isnan(age) else round(age, 3),
    }
    return JSONResponse(body, 200 if ready else 503)


async def _database_answers(database: Database) -> bool:
    try:
        await asyncio.wait_for(database.rows("select 1 as one"), PATIENCE)
    except Exception:
        log.exception("the database does not answer")
        return False
    return True
