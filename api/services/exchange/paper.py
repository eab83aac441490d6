"""Check the ballots of a polling place, and count them once a second organizer has approved them.

Counting can be repeated: each ballot carries the job as its idempotency key, so that one which was stored by an attempt that
was killed is found again, and never counted twice. A printed ballot is one ballot of the campaign, whatever its quota is, so
that the same one in another batch is refused.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from api.clock import Clock
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ErrorPolicy, ProblemCode
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.ballot_files import PaperBallot
from api.domain.exchange.jobs import ImportTerms, Job, JobState
from api.domain.exchange.paper import as_of, batch_digest, paper_voter, polling_day, polling_moment, require_countable
from api.domain.exchange.problems import MAX_KEPT_PROBLEMS, FileProblem, FileRefused
from api.domain.ids import ProjectId
from api.domain.people.identity import Voter
from api.domain.texts import Text
from api.domain.voting.ballots import Ballot, Draft
from api.ports import Campaigns
from api.ports.exchange import PaperBallotReader, PaperBatch
from api.ports.jobs import JobEnd
from api.services.campaign_acts import unknown_campaign
from api.services.casting import BallotCasting, Refusal
from api.services.exchange.paper_approval import batch_known, not_waiting
from api.services.exchange.paper_verdicts import Verdicts
from api.services.exchange.uploads import whole_file
from api.services.jobs.work import JobWork

AT_ONCE = 64  # ballots that are judged or cast together: no more, lest those of voters wait long for theirs
COUNTING = "counting"  # ends the checkpoint of a batch of which ballots may be in the box


class _Batch(NamedTuple):
    """What a job brings. campaign: with the projects that stood at the moment at which the ballots count as cast."""

    campaign: Campaign
    terms: ImportTerms
    day: date
    moment: datetime
    ballots: Sequence[PaperBallot]
    problems: Sequence[FileProblem]

    def voter(self, ballot: PaperBallot) -> Voter:
        return paper_voter(self.terms.place or "", ballot.number, self.terms.channel)

    def draft(self, ballot: PaperBallot, key: str | None = None) -> Draft:
        return Draft(tuple(str(ProjectId(self.campaign.slug, number)) for number in ballot.projects), key)

    def chunks(self) -> Iterator[Sequence[PaperBallot]]:
        return (self.ballots[start : start + AT_ONCE] for start in range(0, len(self.ballots), AT_ONCE))


@dataclass(frozen=True, slots=True)
class PaperHandler:
    """A JobHandler of imports of BALLOTS. clock: that of the campaigns."""

    campaigns: Campaigns
    casting: BallotCasting
    read: PaperBallotReader
    clock: Clock

    async def run(self, work: JobWork) -> JobEnd:
        """Check the ballots or, once they are approved, count them. Raises FileRefused and ActFailed."""
        if work.job.approved_by is None:
            return await self._check(work)
        return await self._count(work)

    async def undo(self, work: JobWork) -> None:
        """Forget a batch that will not be counted.

        Raises ApiError OVERLOADED once ballots of it may be in the box: what was approved is counted whole, however often that
        has to be tried, for no ballot is ever taken out again.
        """
        if _is_counting(work.job):
            raise _to_be_counted(work.job)
        if work.job.campaign is not None:
            async with self.campaigns.locked(work.job.campaign) as locked:
                await locked.paper.drop(work.job.campaign, work.job.id)

    async def _check(self, work: JobWork) -> JobEnd:
        batch = await self._batch(work, _terms(work.job).day)
        digest = await asyncio.to_thread(batch_digest, batch.ballots)
        if known := await self.campaigns.paper.batch(batch.campaign.slug, digest):
            raise batch_known(known)
        verdicts = await self._judged(work, batch)
        if verdicts.problems and (batch.terms.policy is ErrorPolicy.ALL_OR_NOTHING or not verdicts.accepted):
            raise FileRefused(verdicts.in_order())
        await work.progress(len(batch.ballots), len(batch.ballots), f"{digest} {batch.day.isoformat()}")
        return _end(JobState.WAITING_FOR_APPROVAL, verdicts)

    async def _count(self, work: JobWork) -> JobEnd:
        """Count what was approved, or go on counting it."""
        slug = work.job.campaign or ""
        approved = await self.campaigns.paper.of_job(slug, work.job.id)
        if approved is None:
            raise not_waiting(None)
        batch = await self._batch(work, approved.day)
        if not _is_counting(work.job):
            await self._begin_counting(work, batch)
        verdicts = Verdicts(batch.campaign, list(batch.problems))
        for done, ballots in enumerate(batch.chunks()):
            await work.progress(done * AT_ONCE, len(batch.ballots))
            for ballot, outcome in zip(ballots, await self._cast(work.job, batch, ballots), strict=True):
                if isinstance(outcome, Refusal):
                    verdicts.take(ballot, outcome.violations, is_used=not outcome.violations)
                else:
                    verdicts.take(ballot, ())
        await work.progress(len(batch.ballots), len(batch.ballots))
        now = self.clock()
        return _end(JobState.DONE, verdicts)._replace(events=[_counted(approved, batch, verdicts, now)], counted_at=now)

    async def _begin_counting(self, work: JobWork, batch: _Batch) -> None:
        """See once more that the ballots can count, all of them where that was asked for. No decision is made from now on."""
        if batch.terms.policy is ErrorPolicy.ALL_OR_NOTHING:
            verdicts = await self._judged(work, batch)
            if verdicts.problems:
                raise FileRefused(verdicts.in_order())
        async with self.campaigns.locked(batch.campaign.slug) as locked:
            require_countable(batch.campaign, await locked.selections.stages(batch.campaign.slug), self.clock())
        await work.progress(0, len(batch.ballots), f"{work.job.checkpoint} {COUNTING}")

    async def _batch(self, work: JobWork, named: date | None) -> _Batch:
        """Read the file. Raises FileRefused, and ActFailed where its ballots cannot count."""
        slug, now = work.job.campaign or "", self.clock()
        campaign = await self.campaigns.campaign(slug)
        if campaign is None:
            raise unknown_campaign(slug)
        require_countable(campaign, await self.campaigns.selections.stages(slug), now)
        day = polling_day(campaign, named, now)
        moment = polling_moment(campaign, day, now)
        content = await whole_file(work)
        ballots, problems = await asyncio.to_thread(self.read, content, campaign)
        if not ballots and not problems:
            raise FileRefused([_no_ballots()])
        return _Batch(as_of(campaign, moment), _terms(work.job), day, moment, ballots, problems)

    async def _judged(self, work: JobWork, batch: _Batch) -> Verdicts:
        """What the rules say of each ballot now; nothing is stored."""
        verdicts = Verdicts(batch.campaign, list(batch.problems))
        for done, ballots in enumerate(batch.chunks()):
            await work.progress(done * AT_ONCE, len(batch.ballots))
            voters = [batch.voter(ballot) for ballot in ballots]
            used = await self.casting.already_cast(batch.campaign, voters)
            for ballot, voter in zip(ballots, voters, strict=True):
                violations = await self.casting.check(batch.campaign, None, batch.draft(ballot), batch.moment)
                verdicts.take(ballot, violations, is_used=voter.pseudonym in used)
        return verdicts

    async def _cast(self, job: Job, batch: _Batch, ballots: Sequence[PaperBallot]) -> Sequence[Ballot | Refusal]:
        """Cast these together. All are waited for, so that nothing is written once this has failed."""
        casts = (
            self.casting.cast(batch.campaign, batch.voter(ballot), batch.draft(ballot, job.id), batch.moment, None)
            for ballot in ballots
        )
        outcomes: list[Ballot | Refusal] = []
        for outcome in await asyncio.gather(*casts, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome
            outcomes.append(outcome)
        return outcomes


def _terms(job: Job) -> ImportTerms:
    if not isinstance(job.terms, ImportTerms):
        raise TypeError(f"the job {job.id} is no import")
    return job.terms


def _is_counting(job: Job) -> bool:
    return job.checkpoint is not None and job.checkpoint.endswith(COUNTING)


def _end(state: JobState, verdicts: Verdicts) -> JobEnd:
    problems = verdicts.in_order()
    return JobEnd(state, verdicts.result(), problems[:MAX_KEPT_PROBLEMS], len(problems))


def _counted(approved: PaperBatch, batch: _Batch, verdicts: Verdicts, now: datetime) -> AuditEvent:
    """The entry of the trail. Nobody did it: who approved it is in an entry of its own."""
    details = {
        "job": approved.job,
        "place": approved.place,
        "day": approved.day.isoformat(),
        "channel": approved.channel.name,
        "accepted": len(verdicts.accepted),
        "refused": len({problem.line for problem in verdicts.problems}),
    }
    return AuditEvent(now, TrailKind.BALLOTS_COUNTED, batch.campaign.slug, None, details)


def _to_be_counted(job: Job) -> ApiError:
    message = Text(
        "任务{id}的选票已批准，正在计票，稍后继续。",
        "The ballots of {id} are approved and being counted; it goes on.",
        id=job.id,
    )
    return ApiError(ErrorCode.OVERLOADED, message, retryAfter=5)


def _no_ballots() -> FileProblem:
    message = Text(
        "文件中没有选票。请在标题下每行录入一张。",
        "The file has no ballots. Enter one in each row below the headings.",
    )
    return FileProblem(ProblemCode.UNREADABLE_FILE, message, (), 1)
