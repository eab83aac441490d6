"""Queries about jobs, and the subscription to one."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.exchange.jobs import JobState
from api.domain.paging import MAX_PAGE_SIZE, page_size
from api.schema.common.keyset_paging import decode_cursor, keyset_page
from api.schema.common.paging import After, Connection
from api.schema.jobs.inputs import JobArgument, job_key
from api.schema.jobs.job_types import Job
from api.services.jobs.access import no_such_job

CampaignArgument = Annotated[
    str | None,
    strawberry.argument(
        description="The slug of a campaign that the viewer is an organizer or an auditor of: all jobs of it. Left out: the "
        "jobs that the viewer has requested."
    ),
]
States = Annotated[list[JobState] | None, strawberry.argument(description="Only jobs in one of these states.")]
First = Annotated[int | None, strawberry.argument(description=f"How many jobs, 0 to {MAX_PAGE_SIZE}.")]


@strawberry.type
class JobQueries:
    """Root fields that read jobs."""

    @strawberry.field(
        description="A job by its id. The error is `NOT_FOUND` where there is none that the viewer may see."
    )
    async def job(self, info: Info, id: JobArgument) -> Job | None:
        """One job."""
        return await _visible_job(info, id)

    @strawberry.field(
        description="The viewer's jobs, the newest first. Where a campaign is named, its organizers and auditors have their "
        "own jobs there, its imports, and the exports that only they may have. What others export of what everybody may see "
        "is nobody else's business."
    )
    async def jobs(
        self,
        info: Info,
        campaign: CampaignArgument = None,
        states: States = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Job] | None:
        """A page of jobs."""
        context, wanted = info.context, states or ()
        size = page_size(20 if first is None else first, "first")
        before = decode_cursor(after, "job")
        found = await context.jobs.listed(context.viewer, campaign, wanted, size + 1, before)
        total = await context.jobs.count(context.viewer, campaign, wanted)
        page = keyset_page("job", [number for number, _ in found], size, after, total)
        return Connection(page=page, nodes=[Job.of(job) for _, job in found[:size]])


@strawberry.type
class JobSubscriptions:
    """The root field of a job that is watched. It yields once; api.subscriptions executes it again after every change."""

    @strawberry.subscription(
        description="A job: at once, then whenever it has changed, at most once a second, whichever server process it runs in. "
        "After `DONE`, `FAILED` or `CANCELLED` the subscription completes. It ends with the error `NOT_FOUND` where the viewer "
        "may not see the job, or may not see it any more."
    )
    async def job_changed(self, info: Info, id: JobArgument) -> AsyncGenerator[Job, None]:
        """One job, as it is now."""
        job = await _visible_job(info, id)
        info.context.job_shown = job.value
        return _once(job)


async def find_job(info: Info, key: str) -> Job | None:
    """The job with this key, if the viewer may see it."""
    found = await info.context.jobs.find(info.context.viewer, key)
    return None if found is None else Job.of(found)


async def _once(job: Job) -> AsyncGenerator[Job, None]:
    yield job


async def _visible_job(info: Info, name: str) -> Job:
    """The job with this id. Raises ApiError UNAUTHENTICATED, and NOT_FOUND where the viewer may see none."""
    key, context = job_key(name), info.context
    if not context.viewer.signed_in or (job := await find_job(info, key)) is None:
        raise no_such_job()
    if job.value.state is JobState.DONE and job.value.campaign not in context.snapshot.directory.campaigns:
        # The job may have made it since the snapshot was read, and nobody is told of the job again.
        context.renew(await context.campaign_life.snapshots.after_change(context.now), context.now)
    return job
