"""What the audit trail says of jobs."""

from dataclasses import dataclass

from api.clock import Clock
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.exchange.formats import ImportContent
from api.domain.exchange.jobs import ImportResult, ImportTerms, Job
from api.services.audit_trail import AuditRecorder
from api.services.snapshots import Snapshots


@dataclass(frozen=True, slots=True)
class JobRecorder:
    """Makes the entries of the trail, which are stored with what they are about. clock: that of the campaigns."""

    audit: AuditRecorder
    snapshots: Snapshots
    clock: Clock

    async def exported(self, job: Job) -> AuditEvent:
        """Staff have a file written of what only they see."""
        return await self._event(TrailKind.FILE_EXPORTED, job, job.requested_by, _terms(job))

    async def cancelled(self, job: Job, by: str | None) -> AuditEvent:
        """A job was cancelled, or waited for too long: then by nobody."""
        return await self._event(TrailKind.JOB_CANCELLED, job, by, _terms(job))

    async def uploaded(self, job: Job, result: ImportResult | None) -> AuditEvent:
        """Ballots of a polling place have arrived and were checked."""
        terms = job.terms
        details: dict[str, object] = {"job": job.id, "sha256": job.sha256 or ""}
        if isinstance(terms, ImportTerms):
            details |= {"place": terms.place or "", "channel": terms.channel.name, "file": terms.file_name}
            details |= {"day": terms.day.isoformat()} if terms.day else {}
        details |= {"ballots": result.accepted if result else job.done}
        return await self._event(TrailKind.BALLOTS_UPLOADED, job, job.requested_by, details)

    async def _event(self, kind: TrailKind, job: Job, by: str | None, details: dict[str, object]) -> AuditEvent:
        now = self.clock()
        directory = (await self.snapshots.fresh(now)).directory
        made = job.terms.content is not ImportContent.CAMPAIGN  # else the campaign is not there, or another one
        campaign = directory.campaigns.get(job.campaign or "") if made else None
        actor = None if by is None else self.audit.actor(campaign, by)
        return AuditEvent(now, kind, None if campaign is None else campaign.slug, actor, details)


def _terms(job: Job) -> dict[str, object]:
    return {"job": job.id, "content": job.terms.content.name, "format": job.format.name}
