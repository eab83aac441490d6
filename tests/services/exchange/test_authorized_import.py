"""Is an import done only for those who could still begin it when its file has come?"""

from dataclasses import replace
from typing import Any

import pytest

from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.formats import FileFormat, ImportContent
from api.domain.exchange.jobs import ImportTerms, Job, JobState
from api.domain.people.identity import Role
from api.ports.jobs import JobEnd
from api.services.exchange.authorized_import import AuthorizedImport
from api.storage.database.connection import Database
from api.storage.database.urls import Dialect
from tests.job_worlds import JobWorld
from tests.jobs import OTHER, START, an_import

DONE = JobEnd(JobState.DONE)
CAMPAIGN = ImportTerms(ImportContent.CAMPAIGN, FileFormat.PABULIB, "a.pb")


class Work:
    """A job alone: nothing else is asked."""

    def __init__(self, job: Job) -> None:
        self.job = job


class Handler:
    """Does nothing, and says that it is done."""

    async def run(self, work: Any) -> JobEnd:
        return DONE

    async def undo(self, work: Any) -> JobEnd | None:
        return None


@pytest.fixture
def world() -> JobWorld:
    return JobWorld(Database(Dialect.SQLITE, None))  # type: ignore[arg-type]


@pytest.mark.parametrize("terms", [{}, {"terms": CAMPAIGN}], ids=["ballots", "campaign"])
async def test_whoever_is_no_organizer_any_more_gets_nothing_done(world: JobWorld, terms: dict[str, Any]) -> None:
    handler = AuthorizedImport(Handler(), world.views)
    was, is_ = an_import(session_roles=(Role.VOTER,), **terms), an_import(session_roles=(Role.ORGANIZER,), **terms)
    assert await handler.run(Work(is_)) is DONE  # type: ignore[arg-type]
    assert await handler.run(Work(replace(was, requested_by=None))) is DONE  # type: ignore[arg-type]
    with pytest.raises(ApiError) as refusal:
        await handler.run(Work(was))  # type: ignore[arg-type]
    assert refusal.value.code is ErrorCode.FORBIDDEN


async def test_what_another_organizer_has_approved_is_counted_in_any_case(world: JobWorld) -> None:
    approved = an_import(session_roles=(Role.VOTER,), approved_by=OTHER, approved_at=START)
    assert await AuthorizedImport(Handler(), world.views).run(Work(approved)) is DONE  # type: ignore[arg-type]
