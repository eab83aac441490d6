"""See an attempt at a job to its end: done, undone and cancelled or failed, or given back for another attempt."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from api.clock import Clock
from api.domain.campaigns.problems import ActFailed, Problem, ProblemCode
from api.domain.errors import ApiError, ErrorCode
from api.domain.exchange.formats import ExportContent, ImportContent
from api.domain.exchange.jobs import JobKind, JobState
from api.domain.exchange.problems import MAX_KEPT_PROBLEMS, FileProblem
from api.domain.texts import Text
from api.instrumentation import Instrumentation
from api.ports.jobs import JobEnd, JobStore, LeaseLost, WrittenFile
from api.services.jobs.attempt import Attempt
from api.services.jobs.audit_trail import JobRecorder
from api.services.jobs.work import JobCancelled, JobHandler, JobTooLong

MAX_ERRORS = 3  # attempts that end in an error that nobody expected
MAX_ATTEMPTS = 10  # attempts, of which most have died with their process
AGAIN_AFTER = timedelta(seconds=5)  # times the number of attempts so far
END_ATTEMPTS, END_INTERVAL = (
    20,
    1.0,
)  # how often, and after how many seconds, an end is recorded while the database is away
JOB_FAILED = Text(
    "服务器未能完成任务，请稍后重新开始。工作人员可按任务编号在日志中找到原因。",
    "The server failed to do it. Start it again later; its staff finds the reason in the log under the job's id.",
)
JOB_TOO_LONG = Text(
    "任务超过了服务器允许的时间。请拆分文件，或请工作人员延长时间。",
    "The job took longer than the server allows. Split the file, or ask its staff for more time.",
)
Handlers = Mapping[tuple[JobKind, ExportContent | ImportContent], JobHandler]
log = logging.getLogger("pingxuan.jobs")


@dataclass(frozen=True, slots=True)
class Endings:
    """Runs handlers and records what has become of jobs. kept_for: how long a job is known after it has ended."""

    store: JobStore
    handlers: Handlers
    recorder: JobRecorder
    time: Clock
    kept_for: timedelta
    instrumentation: Instrumentation

    async def see_to_the_end(self, attempt: Attempt) -> None:
        """Whatever happens, the lease is given back, unless it was lost or the database is away."""
        key = attempt.job.id
        try:
            await self._work(attempt)
        except LeaseLost:
            log.warning("job %s is worked at by another process by now, as this one stood still for too long", key)
        except asyncio.CancelledError:
            # In a task of its own: this one may still be ending a transaction, which goes on although it was cut off.
            await asyncio.create_task(self.store.release(key, attempt.worker))
            raise
        except Exception as error:
            if isinstance(error, ApiError) and error.code is ErrorCode.OVERLOADED:
                log.warning("job %s waits for the database: %s", key, error)
                await self.store.release(key, attempt.worker, self.time() + AGAIN_AFTER)
                return
            log.exception("job %s failed in attempt %d", key, attempt.job.attempts)
            again_at = self.time() + AGAIN_AFTER * attempt.job.attempts
            await self.store.release(key, attempt.worker, again_at, spent=True)

    async def _work(self, attempt: Attempt) -> None:
        job, file = attempt.job, None
        handler = self.handlers[job.kind, job.terms.content]
        try:
            await self._begin(attempt)
            end = await attempt.run(handler.run(attempt))
            if job.kind is JobKind.EXPORT:
                file = await attempt.written()
        except JobCancelled:
            end = await self._cancelled(attempt, handler)
        except JobTooLong:
            end = await self._failed(attempt, handler, [Problem(ProblemCode.JOB_TOO_LONG, JOB_TOO_LONG)])
        except ActFailed as error:
            end = await self._failed(attempt, handler, error.problems)
        except ApiError as error:
            if error.code is ErrorCode.OVERLOADED:
                raise
            end = await self._failed(attempt, handler, [Problem(ProblemCode.JOB_FAILED, error.message)])
        except Exception as error:
            if isinstance(error, LeaseLost) or job.is_approved or job.attempts < MAX_ERRORS:
                raise
            log.exception("job %s is given up after attempt %d", job.id, job.attempts)
            end = await self._failed(attempt, handler, _given_up().problems)
        if not await self._end(attempt, end, file):  # it would wait next, and was cancelled at the last moment
            await self._end(attempt, await self._cancelled(attempt, handler), None)

    async def _begin(self, attempt: Attempt) -> None:
        job = attempt.job
        if job.cancel_requested:
            raise JobCancelled(job.id)
        if job.attempts > MAX_ATTEMPTS and not job.is_approved:
            raise _given_up()
        if job.kind is JobKind.EXPORT:
            await self.store.restart_file(job.id, attempt.worker)

    async def _cancelled(self, attempt: Attempt, handler: JobHandler) -> JobEnd:
        if (done := await attempt.undo(handler.undo(attempt))) is not None:
            return done
        job = await self.store.find(attempt.job.id)
        by = None if job is None else job.cancelled_by
        return JobEnd(JobState.CANCELLED, events=[await self.recorder.cancelled(attempt.job, by)])

    async def _failed(self, attempt: Attempt, handler: JobHandler, problems: Sequence[Problem]) -> JobEnd:
        if (done := await attempt.undo(handler.undo(attempt))) is not None:
            return done
        return JobEnd(JobState.FAILED, None, [of_file(problem) for problem in problems], len(problems))

    async def _end(self, attempt: Attempt, end: JobEnd, file: WrittenFile | None) -> bool:
        """Record the end; a database that is away just now must not cost all that was done."""
        job, kept = attempt.job, end.problems[:MAX_KEPT_PROBLEMS]
        end = end._replace(problems=kept, done=job.done, total=job.total)
        if end.state is JobState.WAITING_FOR_APPROVAL:
            end = end._replace(events=[*end.events, await self.recorder.uploaded(job, end.result)])
        if not await self._recorded(attempt, end, file):
            return False
        if end.state.is_final:
            self.instrumentation.count_job(job.kind, end.state)
            if job.kind is JobKind.IMPORT or end.state is not JobState.DONE:
                await self.store.delete_file(job.id)
        return True

    async def _recorded(self, attempt: Attempt, end: JobEnd, file: WrittenFile | None) -> bool:
        for _ in range(END_ATTEMPTS):
            try:
                return await self.store.end(attempt.job.id, attempt.worker, end, self.time() + self.kept_for, file)
            except ApiError as error:
                if error.code is not ErrorCode.OVERLOADED:
                    raise
                log.warning("the end of job %s waits for the database: %s", attempt.job.id, error)
                await asyncio.sleep(END_INTERVAL)
        return await self.store.end(attempt.job.id, attempt.worker, end, self.time() + self.kept_for, file)


def of_file(problem: Problem) -> FileProblem:
    """Any problem as jobs keep it."""
    return problem if isinstance(problem, FileProblem) else FileProblem(problem.code, problem.message, problem.path)


def _given_up() -> ActFailed:
    return ActFailed([Problem(ProblemCode.JOB_FAILED, JOB_FAILED)])
