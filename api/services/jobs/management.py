"""What viewers and operators do with jobs: start, approve and cancel them, look at them, send their files and fetch them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed, ProblemCode, refused
from api.domain.exchange.formats import EXPORTED, ExportContent, FileFormat, ImportContent, unsupported
from api.domain.exchange.jobs import ExportTerms, ImportTerms, Job, JobKind, JobState
from api.domain.people.identity import Role
from api.domain.texts import Language, Text
from api.ports.jobs import JobEnd
from api.services.authorization import Viewer
from api.services.campaign_acts import unknown_campaign
from api.services.exchange.permissions import may_export
from api.services.jobs.access import is_cancellable, wrong_state
from api.services.jobs.files import JobFiles, WrongOffset
from api.services.jobs.import_terms import check_size, checked_terms
from api.services.random_keys import random_key

__all__ = ["JobManagement", "WrongOffset"]
WAITING = (JobState.WAITING_FOR_FILE, JobState.WAITING_FOR_APPROVAL)
UNFINISHED = (*WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class JobManagement(JobFiles):
    """viewer: who asks; None is an operator at the command line, who may do everything."""

    async def start_export(  # noqa: PLR0913, PLR0917 - what is asked for has so many parts
        self,
        viewer: Viewer | None,
        campaign: Campaign,
        content: ExportContent,
        format: FileFormat,
        language: Language,
        now: datetime,
    ) -> Job:
        """Have a file written; of those that are, the newest are kept, as many as jobs may be unfinished.

        Raises ActFailed, and ApiError UNAUTHENTICATED, FORBIDDEN or RESULTS_HIDDEN.
        """
        if content not in EXPORTED[format]:
            raise unsupported(format, content)
        view = await (self.views.of_operator() if viewer is None else self.views.of_viewer(viewer))
        seen, terms = view.campaign(campaign.slug), ExportTerms(content, format)
        if seen is None:
            raise unknown_campaign(campaign.slug)
        for_staff = await may_export(view, self.reports, seen, terms)
        await self._require_room(viewer)
        job = self._job(viewer, JobKind.EXPORT, terms, campaign.slug, language)
        await self.store.add(job, [await self.recorder.exported(job)] if for_staff else [])
        if job.requested_by is not None:
            await self.store.expire_others(job.requested_by, self.limits.jobs, self.time())
        self.runner.wake()
        return job

    async def start_import(  # noqa: PLR0913, PLR0917 - as above
        self,
        viewer: Viewer | None,
        campaign: Campaign | None,
        slug: str | None,
        terms: ImportTerms,
        size: int | None,
        language: Language,
        sha256: str | None = None,
    ) -> Job:
        """Wait for a file. campaign: whose projects or ballots it brings. slug: wanted for the one that it makes.

        sha256: of the file, where it is known before it comes. The caller has required the role. Raises ActFailed with all that
        is wrong.
        """
        if (campaign is None) is not (terms.content is ImportContent.CAMPAIGN):
            raise unknown_campaign(slug or "") if campaign is None else ValueError("an import of another campaign")
        check_size(size, self.limits.file)
        checked = checked_terms(terms, campaign or slug, self.recorder.clock())
        await self._require_room(viewer)
        job = self._job(viewer, JobKind.IMPORT, checked, slug if campaign is None else campaign.slug, language)
        waiting = replace(job, state=JobState.WAITING_FOR_FILE, size=size, sha256=sha256)
        await self.store.add(waiting)
        return waiting

    async def approve(self, viewer: Viewer, key: str) -> Job:
        """Have checked ballots counted. Raises ActFailed, such as SECOND_ORGANIZER, and ApiError."""
        job = await self._seen(viewer, key)
        viewer.require([Role.ORGANIZER], "approveImport", job.campaign)
        await self.paper.approve(job, viewer.signed_in.pseudonym, self.time())
        self.runner.wake()
        return await self._seen(viewer, key)

    async def cancel(self, viewer: Viewer | None, key: str) -> Job:
        """Cancel a job that is not over. Raises ActFailed WRONG_STATE, ApiError NOT_FOUND or FORBIDDEN.

        One that runs is cancelled by whoever works at it, within seconds: until then it stays RUNNING.
        """
        job = await self._seen(viewer, key)
        if viewer is not None and not self.is_own(viewer, job):
            viewer.require([Role.ORGANIZER], "cancelJob", job.campaign)
        by = None if viewer is None else viewer.signed_in.pseudonym
        while is_cancellable(job):
            if await self._cancel(job, by):
                return await self._seen(viewer, key)
            before, job = job, await self._seen(viewer, key)
            if job.state is before.state:
                raise _too_late()
        raise wrong_state(job, *WAITING, *(() if job.is_approved else (JobState.RUNNING,)))

    async def _cancel(self, job: Job, by: str | None) -> bool:
        if job.state is JobState.RUNNING:
            requested = await self.store.request_cancel(job.id, by)
            self.runner.wake()
            return requested
        end = JobEnd(JobState.CANCELLED, events=[await self.recorder.cancelled(job, by)])
        cancelled = await self.store.give_up(job.id, job.state, end, by)
        if cancelled:
            await self.store.delete_file(job.id)
        return cancelled

    async def _require_room(self, viewer: Viewer | None) -> None:
        """Raises ActFailed TOO_MANY_JOBS."""
        most = self.limits.jobs
        if viewer is None:
            return
        if await self.store.count(viewer.signed_in.pseudonym, None, UNFINISHED) >= most:
            raise refused(
                ProblemCode.TOO_MANY_JOBS,
                Text(
                    "您还有{most}个任务没有完成，请等待其中一些完成，或取消。",
                    "You have {most} jobs that are not over. Wait for some, or cancel them.",
                    most=most,
                ),
            )

    def _job(
        self,
        viewer: Viewer | None,
        kind: JobKind,
        terms: ExportTerms | ImportTerms,
        campaign: str | None,
        language: Language,
    ) -> Job:
        """A new job that runs."""
        now, voter = self.time(), None if viewer is None else viewer.signed_in
        return Job(
            id=random_key(),
            kind=kind,
            state=JobState.RUNNING,
            campaign=campaign,
            terms=terms,
            requested_by=None if voter is None else voter.pseudonym,
            language=language,
            created_at=now,
            expires_at=now + timedelta(hours=self.limits.job_hours),
            session_roles=() if voter is None else voter.roles,
            session_version=0 if voter is None else voter.version,
        )


def _too_late() -> ActFailed:
    return refused(
        ProblemCode.WRONG_STATE,
        Text(
            "任务已产生结果，正在收尾，不能取消。请重新查看任务。",
            "What the job makes is there already; it is about to end and cannot be cancelled. Look at the job again.",
        ),
        "job",
    )
