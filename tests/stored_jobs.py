"""How do tests put jobs into the database of a server that runs?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from api.domain.exchange.jobs import Job, JobState
from api.storage.database.connection import open_database
from api.storage.jobs import SqlJobs
from tests.jobs import an_export, key_of

BEGIN = "update jobs set state = 'RUNNING', lease = 'the test', leased_until = $2 where key = $1"
FOR_LONG = timedelta(hours=1)


def a_job(number: int, requested_by: str, **changes: Any) -> Job:
    """An export that was requested just now, by a viewer who is named by their id."""
    now = datetime.now(UTC)
    pseudonym = requested_by.removeprefix("viewer/")
    times = {"created_at": now, "expires_at": now + timedelta(days=1)}
    return an_export(number, requested_by=pseudonym, **{**times, **changes})


def job_id(number: int) -> str:
    """The id of the job with this number."""
    return f"job/{key_of(number)}"


async def store(database_url: str, *jobs: Job) -> None:
    """Store jobs as they are. Those that run are the test's to work at, and no server's."""
    async with open_database(database_url) as database:
        for job in jobs:
            waits = job.state is JobState.RUNNING
            await SqlJobs(database).add(replace(job, state=JobState.WAITING_FOR_FILE) if waits else job)
            if waits:
                await database.rows(BEGIN, job.id, datetime.now(UTC) + FOR_LONG)


async def change(database_url: str, number: int, **columns: object) -> None:
    """Change columns of a job as a process that works at it would."""
    changes: Mapping[str, object] = columns
    assignments = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    async with open_database(database_url) as database:
        await database.rows(f"update jobs set {assignments} where key = $1", key_of(number), *changes.values())  # noqa: S608
