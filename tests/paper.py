"""How do tests have the ballots of a polling place checked, approved and counted? By the services, on a real database."""

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import ChoiceRange
from api.domain.campaigns.problems import ErrorPolicy
from api.domain.exchange.formats import FileFormat, ImportContent
from api.domain.exchange.jobs import ImportTerms, Job, JobKind, JobState
from api.domain.integrity.suspicions import parse_detection_config
from api.domain.texts import Language
from api.domain.voting.channels import Channel
from api.formats.paper_ballots import read_paper_ballots
from api.ports.jobs import JobEnd
from api.services.audit_trail import AuditRecorder
from api.services.casting import BallotCasting
from api.services.exchange.paper import PaperHandler
from api.services.exchange.paper_approval import PaperApproval
from api.services.suspicions import SuspicionDetector
from api.services.voter_ballots import VoterBallots
from api.storage.audit_trail import SqlAuditTrail
from api.storage.ballots.ballot_box import SqlBallotBox
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database
from api.storage.electors import SqlElectors
from api.storage.jobs import SqlJobs
from api.storage.paper_batches import SqlPaperBatches
from tests.campaigns import LOADED, SLUG
from tests.memory import MemorySignals
from tests.selecting import AFTER, Selector, selected_campaign

FIRST, SECOND = "a" * 26, "b" * 26  # two organizers
DAY = date(2017, 3, 24)
TODAY = datetime(2026, 11, 27, tzinfo=UTC)
SECRET = b"a secret"


class Killed(Exception):
    """Stands for the end of a process."""


@dataclass
class Work:
    """services.jobs.work.JobWork without a lease. dies_at: the call of progress that ends it."""

    job: Job
    content: bytes
    dies_at: int | None = None
    told: list[tuple[int, int | None]] = field(default_factory=list)

    async def pieces(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.content), 100):
            yield self.content[start : start + 100]

    async def progress(
        self, done: int, total: int | None = None, checkpoint: str | None = None, campaign: str | None = None
    ) -> None:
        self.told.append((done, total))
        self.job = replace(self.job, checkpoint=checkpoint or self.job.checkpoint)
        if self.dies_at is not None and len(self.told) >= self.dies_at:
            raise Killed

    async def write(self, piece: bytes) -> None:
        raise AssertionError("an import writes no file")


def sheet(ballots: Mapping[object, tuple[int, ...]], heading: str = "选票编号,所选项目") -> str:
    """A sheet of ballots by their numbers."""
    return "\n".join([heading, *(f"{number},{'、'.join(map(str, chosen))}" for number, chosen in ballots.items())])


@dataclass
class PollingPlaces:
    """The services on a database. now: what time it is for them."""

    database: Database
    now: datetime = AFTER

    def __post_init__(self) -> None:
        campaigns = SqlCampaigns(self.database)
        audit = AuditRecorder(SqlAuditTrail(self.database, self.clock), SECRET)
        self.box = SqlBallotBox(self.database)
        self.casting = BallotCasting(
            VoterBallots(self.box, SECRET),
            SqlElectors(self.database),
            audit,
            SuspicionDetector(MemorySignals(), SECRET, parse_detection_config("")),
        )
        self.handler = PaperHandler(campaigns, self.casting, read_paper_ballots, self.clock)
        self.approval = PaperApproval(campaigns, audit, self.clock)
        self.jobs = SqlJobs(self.database)
        self.selector = Selector(self.database, self.now)
        self.contents: dict[str, bytes] = {}
        self._keys = (f"{number:026d}".translate(str.maketrans("0189", "abcd")) for number in itertools.count(2))

    def clock(self) -> datetime:
        return self.now

    async def upload(self, text: str | bytes, by: str = FIRST, slug: str = SLUG, **terms: Any) -> Job:
        """Upload and check a sheet; the job as it is then."""
        given = {"place": "徐汇区图书馆", "day": DAY, **terms}
        job = Job(
            id=next(self._keys),
            kind=JobKind.IMPORT,
            state=JobState.RUNNING,
            campaign=slug,
            terms=ImportTerms(ImportContent.BALLOTS, FileFormat.CSV, "票.csv", **given),
            requested_by=by,
            language=Language.ZH,
            created_at=TODAY,
            expires_at=TODAY + timedelta(days=1),
        )
        await self.jobs.add(job)
        self.contents[job.id] = text.encode() if isinstance(text, str) else text
        work = Work(job, self.contents[job.id])
        end = await self.handler.run(work)
        await self.database.rows(
            "update jobs set state = $1, checkpoint = $2 where key = $3", end.state.name, work.job.checkpoint, job.id
        )
        return replace(
            work.job, state=end.state, result=end.result, problems=tuple(end.problems), problem_count=end.problem_count
        )

    async def approve(self, job: Job, by: str = SECOND) -> Job:
        await self.approval.approve(job, by, TODAY)
        found = await self.jobs.find(job.id)
        assert found is not None
        assert (found.state, found.approved_by, found.approved_at) == (JobState.RUNNING, by, TODAY)
        return replace(found, result=job.result)

    async def count(self, job: Job, dies_at: int | None = None) -> JobEnd:
        """Count an approved job and record that, or undo it where that is refused."""
        work = Work(job, self.contents[job.id], dies_at)
        try:
            end = await self.handler.run(work)
        except Killed:
            raise
        except Exception:
            await self.handler.undo(work)
            raise
        assert end.counted_at == self.now
        await SqlPaperBatches(self.database).count(job.id, end.counted_at)
        return end

    async def take(self, text: str | bytes, **terms: Any) -> JobEnd:
        """Upload, approve and count a sheet."""
        return await self.count(await self.approve(await self.upload(text, **terms)))

    async def votes(self, channel: Channel = Channel.PAPER) -> dict[int, int]:
        """The votes by position that have come by a channel."""
        rows = await self.database.rows(
            "select project, sum(votes) as votes from tallies where channel = $1 group by project", channel.name
        )
        return {row["project"]: int(row["votes"]) for row in rows}


def voting_campaign(**changes: Any) -> Campaign:
    """Ten projects, of which a ballot names one to three."""
    return selected_campaign(**{"choices": ChoiceRange(1, 3), **changes})


async def polling_places(database: Database, campaign: Campaign | None = None) -> PollingPlaces:
    """Store a campaign for polling places."""
    stored = campaign or voting_campaign()
    await SqlCampaigns(database).save(stored, stored.districts, LOADED)
    return PollingPlaces(database)


SKIP = ErrorPolicy.SKIP_REFUSED
