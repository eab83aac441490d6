"""Which jobs does everybody see in a world without a database?"""

from collections.abc import Collection
from datetime import date, datetime

from api.domain.campaigns.problems import ProblemCode, refused
from api.domain.exchange.formats import FileFormat, ImportContent
from api.domain.exchange.jobs import ImportResult, ImportTerms, Job, JobKind, JobState
from api.domain.exchange.problems import FileProblem, FileRefused, unreadable
from api.domain.texts import Text
from api.services.authorization import Viewer
from tests.jobs import START, an_export

SHOWN = (
    an_export(id="d" * 26, state=JobState.DONE, received=2**40, size=2**40, sha256="0" * 64, done=7, total=7),
    an_export(
        id="c" * 26,
        kind=JobKind.IMPORT,
        state=JobState.WAITING_FOR_APPROVAL,
        terms=ImportTerms(
            ImportContent.BALLOTS, FileFormat.CSV, "纸质选票.csv", place="Library", day=date(2017, 3, 22)
        ),
        problems=(
            FileProblem(
                ProblemCode.BALLOT_REFUSED,
                Text("第2行", "Line 2"),
                (),
                2,
                violations=("TOO_FEW_CHOICES", "NOT_ELIGIBLE"),
            ),
            unreadable(Text("引号未结束", "A quote is not closed"), 3, 8),
        ),
        problem_count=2,
        result=ImportResult(0, 5, {"TOO_FEW_CHOICES": 1}, {"1": 5, "2": 3}, {"1": 5, "3": 1}),
    ),
    an_export(
        id="a" * 26,
        kind=JobKind.IMPORT,
        campaign=None,
        terms=ImportTerms(ImportContent.CAMPAIGN, FileFormat.PABULIB, "a.pb"),
    ),
)


class ShownJobs:
    """services.jobs.management.JobManagement as far as it is read: everybody sees the same jobs."""

    async def find(self, viewer: Viewer, key: str) -> Job | None:
        return next((job for job in SHOWN if job.id == key), None)

    async def listed(
        self, viewer: Viewer, campaign: str | None, states: Collection[JobState], limit: int, before: int | None = None
    ) -> tuple[tuple[int, Job], ...]:
        numbered = zip(range(len(SHOWN), 0, -1), SHOWN, strict=True)
        meant = [(n, job) for n, job in numbered if n < (before or 9) and job.state in (states or JobState)]
        return tuple(meant[:limit])

    async def count(self, viewer: Viewer, campaign: str | None, states: Collection[JobState]) -> int:
        return len(await self.listed(viewer, campaign, states, len(SHOWN)))

    def may_approve(self, viewer: Viewer, job: Job) -> bool:
        return job.state is JobState.WAITING_FOR_APPROVAL

    def may_cancel(self, viewer: Viewer, job: Job) -> bool:
        return not job.state.is_final

    def is_own(self, viewer: Viewer, job: Job) -> bool:
        return True

    def time(self) -> datetime:
        return START

    def link_key(self, job: Job) -> str:
        return f"the key of {job.id}"

    async def start_export(self, *_: object) -> Job:
        return SHOWN[0]

    async def start_import(self, *_: object) -> Job:
        raise refused(ProblemCode.TOO_MANY_JOBS, Text("任务太多", "Too many jobs"), "input")

    async def approve(self, viewer: Viewer, key: str) -> Job:
        return SHOWN[1]

    async def cancel(self, viewer: Viewer, key: str) -> Job:
        raise FileRefused(SHOWN[1].problems)
