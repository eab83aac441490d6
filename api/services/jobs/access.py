"""Which jobs a viewer sees, and what they may do with each."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from api.clock import Clock
from api.domain.campaigns.problems import ActFailed, ProblemCode, refused
from api.domain.errors import ApiError, not_found
from api.domain.exchange.formats import FOR_STAFF, ImportContent
from api.domain.exchange.jobs import ExportTerms, Job, JobState
from api.domain.exchange.problems import FileProblem
from api.domain.ids import is_slug
from api.domain.people.identity import Role
from api.domain.texts import Text, joined
from api.limits import Limits
from api.ports.jobs import JobStore
from api.services.authorization import SEE_DRAFTS, Viewer
from api.services.exchange.paper_approval import PaperApproval
from api.services.exchange.permissions import STAFF
from api.services.exchange.views import ExportViews
from api.services.jobs.audit_trail import JobRecorder
from api.services.jobs.runner import JobRunner
from api.services.reports import CampaignReports

KEY = re.compile("[a-z2-7]{26}")
STATES_IN_CHINESE = {
    JobState.WAITING_FOR_FILE: "等待文件",
    JobState.WAITING_FOR_APPROVAL: "等待审核",
    JobState.RUNNING: "进行中",
    JobState.DONE: "已完成",
    JobState.FAILED: "已失败",
    JobState.CANCELLED: "已取消",
}


@dataclass(frozen=True, slots=True)
class JobAccess:
    """Finds and lists jobs.

    Everywhere viewer is who asks; None is an operator at the command line, who may do everything. secret: of the keys in links.
    time: that of the machine, which jobs live by.
    """

    store: JobStore
    runner: JobRunner
    views: ExportViews
    reports: CampaignReports
    recorder: JobRecorder
    paper: PaperApproval
    limits: Limits
    secret: bytes
    time: Clock

    async def find(self, viewer: Viewer | None, key: str) -> Job | None:
        """A job that the viewer has requested, or of a campaign that they organize or audit."""
        if viewer is not None and viewer.voter is None:
            return None
        job = await self.store.find(key) if KEY.fullmatch(key) else None
        return job if job is not None and (self.is_own(viewer, job) or _oversees(viewer, job, SEE_DRAFTS)) else None

    async def listed(
        self, viewer: Viewer, campaign: str | None, states: Collection[JobState], limit: int, before: int | None = None
    ) -> tuple[tuple[int, Job], ...]:
        """The viewer's own jobs or, where a campaign is named, their own and its staff's there, with their numbers.

        The newest first, each without its problems.
        Raises ApiError UNAUTHENTICATED and FORBIDDEN.
        """
        if campaign is not None and not is_slug(campaign):
            return ()
        return await self.store.listed(self._lister(viewer, campaign), campaign, states, limit, before)

    async def problems(self, job: Job) -> tuple[FileProblem, ...]:
        """The problems that are kept of a job which the viewer has been shown; `listed` leaves them out."""
        stored = await self.store.find(job.id)
        return () if stored is None else stored.problems

    async def count(self, viewer: Viewer, campaign: str | None, states: Collection[JobState]) -> int:
        """How many `listed` has in all. Raises the same."""
        if campaign is not None and not is_slug(campaign):
            return 0
        return await self.store.count(self._lister(viewer, campaign), campaign, states)

    def is_own(self, viewer: Viewer | None, job: Job) -> bool:
        """Whether the viewer has requested a job."""
        if viewer is None:
            return True
        voter = viewer.voter
        return voter is not None and voter.pseudonym == job.requested_by

    def may_approve(self, viewer: Viewer, job: Job) -> bool:
        """Whether this viewer can approve a job now."""
        waits = job.state is JobState.WAITING_FOR_APPROVAL
        return waits and not self.is_own(viewer, job) and _oversees(viewer, job, {Role.ORGANIZER})

    def may_cancel(self, viewer: Viewer, job: Job) -> bool:
        """Whether this viewer can cancel a job now."""
        allowed = self.is_own(viewer, job) or _oversees(viewer, job, {Role.ORGANIZER})
        return allowed and is_cancellable(job) and not job.cancel_requested

    async def _seen(self, viewer: Viewer | None, key: str) -> Job:
        """The job, if the viewer sees it. Raises ApiError UNAUTHENTICATED or NOT_FOUND."""
        if viewer is not None:
            _ = viewer.signed_in
        job = await self.find(viewer, key)
        if job is None:
            raise no_such_job()
        return job

    def _lister(self, viewer: Viewer, campaign: str | None) -> str:
        """Who lists jobs, if they may."""
        if campaign is not None:
            viewer.require(STAFF, "jobs", campaign)
        return viewer.signed_in.pseudonym


def is_cancellable(job: Job) -> bool:
    """Whether a job is not over, and no ballots of it are being counted."""
    return not job.state.is_final and not (job.is_approved and job.state is JobState.RUNNING)


def no_such_job() -> ApiError:
    """The error for a job that there is not, or not for this viewer, which are not told apart."""
    return not_found(Text("没有这个任务，或者已过期。", "There is no such job, or it has expired."), argument="job")


def wrong_state(job: Job, *wanted: JobState) -> ActFailed:
    """The refusal of an act on a job that is in another state."""
    return refused(
        ProblemCode.WRONG_STATE,
        Text(
            "任务{state}；只有{wanted}的任务可以这样做。",
            "The job is {state}; this can be done while it is {wanted}.",
            state=_named(job.state),
            wanted=joined(map(_named, wanted), "、", " or "),
        ),
        "job",
    )


def _named(state: JobState) -> Text:
    return Text(STATES_IN_CHINESE[state], state.name)


def _oversees(viewer: Viewer | None, job: Job, roles: Collection[Role]) -> bool:
    """Whether the viewer has one of these roles in a job's campaign. Nobody has one in a campaign that is still being made."""
    if viewer is None:
        return True
    return job.campaign is not None and _is_of_campaign(job) and viewer.has_role(roles, job.campaign)


def _is_of_campaign(job: Job) -> bool:
    """Whether a job is its campaign's staff's as well: an import, once there is the campaign, or an export for staff alone."""
    if isinstance(job.terms, ExportTerms):
        return job.terms.content in FOR_STAFF
    return job.terms.content is not ImportContent.CAMPAIGN or job.state is JobState.DONE
