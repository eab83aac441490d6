"""Which jobs do tests have, and by what clock?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from api.domain.campaigns.problems import ErrorPolicy
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.jobs import ExportTerms, ImportTerms, Job, JobKind, JobState
from api.domain.people.identity import Role
from api.domain.texts import Language
from api.domain.voting.channels import Channel
from tests.campaigns import SLUG

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
LEASE = timedelta(seconds=30)
REQUESTER, OTHER = "a" * 26, "b" * 26
BALLOTS = ImportTerms(
    ImportContent.BALLOTS,
    FileFormat.CSV,
    "投票点.csv",
    "五里桥",
    date(2017, 3, 25),
    Channel.PAPER,
    ErrorPolicy.SKIP_REFUSED,
)


class MachineClock:
    """The machine's clock, which a test moves."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def key_of(number: int) -> str:
    """A job's id."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return "job" + "a" * 20 + letters[number // 1024] + letters[number // 32 % 32] + letters[number % 32]


def an_export(number: int = 1, **changes: Any) -> Job:
    """A job that is next in line."""
    job = Job(
        id=key_of(number),
        kind=JobKind.EXPORT,
        state=JobState.RUNNING,
        campaign=SLUG,
        terms=ExportTerms(ExportContent.BALLOTS, FileFormat.CSV),
        requested_by=REQUESTER,
        language=Language.ZH,
        created_at=START,
        expires_at=START + timedelta(hours=24),
        session_roles=(Role.VOTER, Role.AUDITOR),
        session_version=7,
    )
    return replace(job, **changes)


def an_import(number: int = 1, **changes: Any) -> Job:
    """A job that waits for its file."""
    job = an_export(number, kind=JobKind.IMPORT, terms=BALLOTS, state=JobState.WAITING_FOR_FILE)
    return replace(job, **changes)
