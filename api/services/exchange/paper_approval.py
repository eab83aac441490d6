"""Have the ballots of a polling place approved by a second organizer, once, and only while they can still count."""

from dataclasses import dataclass
from datetime import date, datetime

from api.clock import Clock
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.problems import ActFailed, ProblemCode, refused
from api.domain.exchange.jobs import ImportTerms, Job, JobState
from api.domain.exchange.paper import require_countable
from api.domain.folding import fold
from api.domain.texts import Text
from api.ports import Campaigns
from api.ports.exchange import PaperBatch
from api.services.audit_trail import AuditRecorder
from api.services.campaign_acts import unknown_campaign

JOB = "job"  # the argument that names it


@dataclass(frozen=True, slots=True)
class PaperApproval:
    """Approves batches. clock: that of the campaigns."""

    campaigns: Campaigns
    audit: AuditRecorder
    clock: Clock

    async def approve(self, job: Job, by: str, at: datetime) -> None:
        """Have a checked batch counted: the job goes on. by: the pseudonym of an organizer of its campaign. at: machines' time.

        Raises ActFailed: SECOND_ORGANIZER, WRONG_STATE, BATCH_KNOWN, FROZEN, WRONG_PHASE. Of two at once one goes through.
        """
        digest, day = _checked_by(job, by)
        now = self.clock()
        async with self.campaigns.locked(job.campaign or "") as locked:
            campaign = await locked.campaign(job.campaign or "")
            if campaign is None:
                raise unknown_campaign(job.campaign or "")
            require_countable(campaign, await locked.selections.stages(campaign.slug), now)
            batch = _batch(job, digest, day, by, now)
            await _require_new(locked, batch)
            if not await locked.paper.approve(batch, at):
                raise not_waiting(None)
            details = {"job": job.id, "place": batch.place}
            actor = self.audit.actor(campaign, by)
            await locked.record(AuditEvent(now, TrailKind.BALLOTS_APPROVED, campaign.slug, actor, details))


def _checked_by(job: Job, by: str) -> tuple[str, date]:
    """The digest and the day of a batch that this organizer may approve. Raises ActFailed."""
    if job.requested_by == by:
        raise refused(
            ProblemCode.SECOND_ORGANIZER,
            Text(
                "上传选票的人不能自己批准，请由本评选的另一位主办方批准。",
                "Whoever uploaded the ballots cannot approve them. Ask another organizer of the campaign.",
            ),
            JOB,
        )
    if job.state is not JobState.WAITING_FOR_APPROVAL or job.checkpoint is None:
        raise not_waiting(job.state)
    digest, day = job.checkpoint.split()
    return digest, date.fromisoformat(day)


async def _require_new(locked: Campaigns, batch: PaperBatch) -> None:
    """Raise ActFailed for ballots that were approved before, and while others of the place are being counted."""
    if known := await locked.paper.batch(batch.campaign, batch.digest):
        raise batch_known(known)
    if any(fold(each.place) == fold(batch.place) for each in await locked.paper.uncounted(batch.campaign)):
        raise refused(
            ProblemCode.WRONG_STATE,
            Text(
                "投票点“{place}”的另一批选票正在计票，请待其计完后再批准。",
                "Another batch of the polling place {place} is being counted. Approve this one once that is done.",
                place=batch.place,
            ),
            JOB,
        )


def _batch(job: Job, digest: str, day: date, by: str, now: datetime) -> PaperBatch:
    terms = job.terms
    if not isinstance(terms, ImportTerms) or terms.place is None or job.campaign is None or job.result is None:
        raise TypeError(f"the job {job.id} brings no ballots of a polling place")
    ballots = job.result.accepted
    return PaperBatch(job.campaign, digest, terms.place, day, terms.channel, job.id, by, now, ballots)


def batch_known(known: PaperBatch) -> ActFailed:
    """The refusal of ballots that were taken before."""
    day = known.day.isoformat()
    return refused(
        ProblemCode.BATCH_KNOWN,
        Text(
            "同一批选票已录入过（投票点“{place}”，{day}）。若确是另一处的选票，请在选票编号前加上投票点的代号。",
            "The same ballots were taken before, from {place}, {day}. If they are others, of another place, "
            "put a code of the place before the numbers of the ballots.",
            place=known.place,
            day=day,
        ),
        JOB,
    )


def not_waiting(state: JobState | None) -> ActFailed:
    """The refusal of an approval that a job does not wait for, or not any more."""
    zh, en = ("", "") if state is None else (f"（现为{state.name}）", f": it is {state.name}")
    return refused(
        ProblemCode.WRONG_STATE,
        Text("该任务不在等待批准{zh}。", "The job is not waiting for an approval{en}.", zh=zh, en=en),
        JOB,
    )
