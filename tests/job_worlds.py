"""Where do tests run jobs? In a world with one campaign, with handlers that do what a test tells them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.domain.audit_trail import TrailFilter
from api.domain.campaigns.campaign import Campaign
from api.domain.exchange.formats import ExportContent, ImportContent
from api.domain.exchange.jobs import Job, JobKind, JobState
from api.domain.integrity.suspicions import parse_detection_config
from api.domain.people.access import AccessGrants, Grant
from api.domain.people.identity import Role, Voter
from api.instrumentation import NO_INSTRUMENTATION
from api.limits import Limits
from api.ports.jobs import JobEnd
from api.services.audit_trail import AuditRecorder
from api.services.authorization import Viewer
from api.services.casting import BallotCasting
from api.services.exchange.paper_approval import PaperApproval
from api.services.exchange.views import ExportViews, KnownVoter
from api.services.jobs.audit_trail import JobRecorder
from api.services.jobs.endings import Endings
from api.services.jobs.management import JobManagement
from api.services.jobs.runner import JobRunner
from api.services.jobs.work import JobHandler, JobWork
from api.services.panel_scores import PanelScores
from api.services.reports import CampaignReports
from api.services.snapshots import Snapshots
from api.services.suspicions import SuspicionDetector
from api.services.voter_ballots import VoterBallots
from api.storage.audit_trail import read
from api.storage.database.connection import Database
from api.storage.jobs import SqlJobs
from tests.campaigns import DURING, a_campaign
from tests.jobs import MachineClock, key_of
from tests.memory import (
    MemoryAccess,
    MemoryBallots,
    MemoryCampaigns,
    MemoryElectors,
    MemoryPanels,
    MemorySelections,
    MemorySignals,
    MemoryTallies,
    MemoryTrail,
)

SECRET = b"a secret of the server"
Doing = Callable[[JobWork], Awaitable[JobEnd]]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what other tasks bring about."""
    for _ in range(6_000):
        if await condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("what a test waits for has not come in a minute")


class Gate:
    """Where a handler waits until a test lets it go on."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    async def __call__(self, work: JobWork) -> JobEnd:
        self.reached.set()
        await self.opened.wait()
        return JobEnd(JobState.DONE)


async def do_nothing(work: JobWork) -> JobEnd:
    return JobEnd(JobState.DONE)


@dataclass
class ScriptedHandler:
    """Does what a test tells it, attempt for attempt and then the last again. undone: the jobs that were undone."""

    script: list[Doing] = field(default_factory=lambda: [do_nothing])
    undone: list[str] = field(default_factory=list)
    begun: list[Job] = field(default_factory=list)

    async def run(self, work: JobWork) -> JobEnd:
        self.begun.append(work.job)
        return await self.script[min(len(self.begun), len(self.script)) - 1](work)

    async def undo(self, work: JobWork) -> None:
        await asyncio.sleep(0)
        self.undone.append(work.job.id)


class JobWorld:
    """Jobs on a database, in processes that share it. now: what the campaigns' clock shows; time: the machine's."""

    def __init__(self, database: Database, campaign: Campaign | None = None) -> None:
        self.database = database
        self.store = SqlJobs(database)
        self.time = MachineClock()
        self.now = DURING
        self.limits = Limits()
        self.campaign = campaign or a_campaign()
        self.campaigns = MemoryCampaigns({self.campaign.slug: self.campaign})
        self.access = MemoryAccess()
        self.panels = MemoryPanels()
        self.ballots = MemoryBallots()
        self.audit = AuditRecorder(MemoryTrail(), SECRET)
        self.snapshots = Snapshots(self.campaigns, MemoryTallies(), self.access)
        detector = SuspicionDetector(MemorySignals(), SECRET, parse_detection_config(""))
        casting = BallotCasting(VoterBallots(self.ballots, SECRET), MemoryElectors(), self.audit, detector)
        self.views = ExportViews(self.snapshots, casting, self.panels, PanelScores(self.panels), self.audit, self.clock)
        self.reports = CampaignReports(None, self.panels, MemorySelections(), str)  # type: ignore[arg-type]
        self.recorder = JobRecorder(self.audit, self.snapshots, self.clock)
        self.paper = PaperApproval(self.campaigns, self.audit, self.clock)
        self.handler = ScriptedHandler()
        self.runner = self.another_runner()
        self.jobs = self.management()

    def clock(self) -> datetime:
        return self.now

    def another_runner(self, handler: JobHandler | None = None) -> JobRunner:
        """That of another process."""
        contents = [
            *((JobKind.EXPORT, each) for each in ExportContent),
            *((JobKind.IMPORT, each) for each in ImportContent),
        ]
        handlers = dict.fromkeys(contents, handler or self.handler)
        endings = Endings(self.store, handlers, self.recorder, self.time, timedelta(hours=24), NO_INSTRUMENTATION)
        return JobRunner(self.store, endings, self.time, self.limits.job_seconds)

    def management(self) -> JobManagement:
        """What callers of the same process as the runner have."""
        parts = self.store, self.runner, self.views, self.reports, self.recorder
        return JobManagement(*parts, self.paper, self.limits, SECRET, self.time)

    async def viewer(self, pseudonym: str, *roles: Role) -> Viewer:
        """Somebody signed in, with these roles in the campaign."""
        grants = frozenset(Grant(pseudonym, role, self.campaign.slug) for role in roles)
        self.access.known = AccessGrants({**self.access.known.granted, pseudonym: grants})
        stored = await self.snapshots.after_change(self.now)
        return Viewer("a token", KnownVoter(Voter(pseudonym)), self.audit, stored, self.now)

    async def stranger(self) -> Viewer:
        """Somebody who is not signed in."""
        return Viewer(None, KnownVoter(Voter("nobody")), self.audit, await self.snapshots.fresh(self.now), self.now)

    async def job(self, key: str) -> Job:
        found = await self.store.find(key)
        assert found is not None
        return found

    async def is_over(self) -> bool:
        """Whether the first job is over."""
        return (await self.state(key_of(1))).is_final

    async def is_idle(self) -> bool:
        """Whether the runner works at nothing."""
        return self.runner.running == 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """The runner works in the background, as in a server."""
        running = asyncio.create_task(self.runner.keep_running())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait([running])

    async def state(self, key: str) -> JobState:
        return (await self.job(key)).state

    async def content(self, key: str) -> bytes:
        return b"".join([piece async for piece in self.store.pieces(key)])

    async def trail(self) -> list[str]:
        """The kinds of what was recorded, the newest first."""
        return [entry.event.kind.name for entry in await read(self.database, TrailFilter(), None)]
