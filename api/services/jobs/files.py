"""The files of jobs: how an upload arrives, in one go or in pieces, and how an export is fetched."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import NamedTuple

from api.domain.campaigns.problems import ActFailed, ProblemCode, refused
from api.domain.exchange.formats import ImportContent
from api.domain.exchange.jobs import ExportTerms, Job, JobKind, JobState
from api.domain.exchange.problems import FileProblem
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.ports.jobs import JobEnd, WrittenFile
from api.services.authorization import Viewer
from api.services.exchange.permissions import may_export
from api.services.jobs.access import JobAccess, no_such_job, wrong_state
from api.services.jobs.import_terms import file_too_large

LABEL = "job-link"


class WrongOffset(Exception):
    """Raised for bytes of a file that do not begin where those that have arrived end."""

    def __init__(self, received: int) -> None:
        super().__init__(f"The file goes on at byte {received}.")
        self.received = received


class Arrival(NamedTuple):
    """What arrives of a file from a byte on. whole: how many bytes the file has; None while that is not known."""

    start: int
    body: AsyncIterator[bytes]
    whole: int | None


@dataclass(frozen=True, slots=True)
class JobFiles(JobAccess):
    """Takes files in and gives them out."""

    async def receive(
        self, viewer: Viewer | None, key: str, start: int, body: AsyncIterator[bytes], whole: int | None
    ) -> int:
        """Append what arrives of a file from byte `start` on, each piece as it comes; return how much has arrived in all.

        whole: how many bytes the file has; None while that is not known. Once they are there the job runs. Raises WrongOffset,
        ActFailed WRONG_STATE, FILE_TOO_LARGE or INVALID_INPUT, ApiError NOT_FOUND or UNAUTHENTICATED, and what body raises.
        """
        job = await self._awaited(viewer, key)
        announced = {size for size in (whole, job.size) if size is not None}
        if len(announced) > 1 or any(size < start for size in announced):
            raise _another_size(job.size)
        if start != job.received:
            raise WrongOffset(job.received)
        arrival = Arrival(start, body, min(announced, default=None))
        received, digest = await self._append(job, arrival)
        if received == arrival.whole:
            await self._complete(job, WrittenFile(received, digest or await self._digest(job)))
        return received

    async def open_file(
        self, viewer: Viewer | None, key: str, link_key: str | None, start: int = 0
    ) -> tuple[Job, AsyncIterator[bytes]]:
        """An export that is DONE, and its bytes from this one on: for whoever requested it, or has the key of its link.

        Whether they may have it is decided anew. Raises ApiError NOT_FOUND to all others, and FORBIDDEN, RESULTS_HIDDEN or
        ActFailed to those whose permission is gone.
        """
        job = await self._fetchable(key)
        voter = None if viewer is None else viewer.voter_if_valid
        is_own = viewer is None or (voter is not None and voter.pseudonym == job.requested_by)
        if not is_own and not (link_key and hmac.compare_digest(self.link_key(job).encode(), link_key.encode())):
            raise no_such_job()
        view = await (self.views.of_viewer(viewer) if viewer and is_own else self.views.of_requester(job))
        campaign = view.campaign(job.campaign)
        if campaign is None or not isinstance(job.terms, ExportTerms):
            raise no_such_job()
        await may_export(view, self.reports, campaign, job.terms)
        return job, self._bytes(job, start)

    def is_kept(self, job: Job) -> bool:
        """Whether a job has not expired, so that the file of an export can be fetched."""
        return self.time() < job.expires_at

    def link_key(self, job: Job) -> str:
        """What opens the file of an export to whoever has the link, until it expires."""
        text = "\x00".join((LABEL, job.id, job.expires_at.isoformat()))
        return hmac.digest(self.secret, text.encode(), hashlib.sha256).hex()[:40]

    def _is_fetchable(self, job: Job) -> bool:
        return job.kind is JobKind.EXPORT and job.state is JobState.DONE and self.is_kept(job)

    async def _fetchable(self, key: str) -> Job:
        job = await self.find(None, key)
        if job is None or not self._is_fetchable(job):
            raise no_such_job()
        return job

    async def _awaited(self, viewer: Viewer | None, key: str) -> Job:
        """A job whose file the viewer may send. Raises ApiError, and ActFailed WRONG_STATE."""
        job = await self._seen(viewer, key)
        if not self.is_own(viewer, job) or job.kind is not JobKind.IMPORT:
            raise no_such_job()
        if viewer is not None:
            is_made = job.terms.content is ImportContent.CAMPAIGN
            viewer.require([Role.ORGANIZER], "startImport", None if is_made else job.campaign)
        if job.state is not JobState.WAITING_FOR_FILE:
            raise wrong_state(job, JobState.WAITING_FOR_FILE)
        return job

    async def _append(self, job: Job, arrival: Arrival) -> tuple[int, str | None]:
        """How much has arrived, and the digest of it, if all of it came in this request."""
        received, digest = arrival.start, hashlib.sha256()
        async for piece in arrival.body:
            if received + len(piece) > self.limits.file:
                raise await self._too_large(job)
            if arrival.whole is not None and received + len(piece) > arrival.whole:
                raise _another_size(arrival.whole)
            if piece and not await self.store.append(job.id, received, piece):
                raise await self._overtaken(job)
            received += len(piece)
            digest.update(piece)
        return received, digest.hexdigest() if arrival.start == 0 else None

    async def _too_large(self, job: Job) -> ActFailed:
        problem = file_too_large(self.limits.file)
        failed = JobEnd(JobState.FAILED, None, [FileProblem(problem.code, problem.message)], 1)
        if await self.store.give_up(job.id, JobState.WAITING_FOR_FILE, failed):
            await self.store.delete_file(job.id)
        return ActFailed([problem])

    async def _overtaken(self, job: Job) -> Exception:
        """What has kept a piece from being appended: another upload of the same file, or the end of the job."""
        now = await self.store.find(job.id)
        if now is None:
            return no_such_job()
        return WrongOffset(now.received) if now.state is job.state else wrong_state(now, JobState.WAITING_FOR_FILE)

    async def _digest(self, job: Job) -> str:
        digest = hashlib.sha256()
        async for piece in self.store.pieces(job.id):
            digest.update(piece)
        return digest.hexdigest()

    async def _complete(self, job: Job, file: WrittenFile) -> None:
        if not await self.store.complete(job.id, file):
            now = await self.store.find(job.id)
            if now is None or now.sha256 != file.sha256:  # else another request was as fast
                raise no_such_job() if now is None else wrong_state(now, JobState.WAITING_FOR_FILE)
        self.runner.wake()

    async def _bytes(self, job: Job, start: int) -> AsyncIterator[bytes]:
        """The bytes of a file. Raises LookupError where it was deleted meanwhile, lest half of it passes for all."""
        async for piece in self.store.pieces(job.id, start):
            start += len(piece)
            yield piece
        if start < (job.size or 0):
            raise LookupError(f"The file of job {job.id} was deleted while it was fetched.")


def _another_size(size: int | None) -> ActFailed:
    if size is None:
        message = Text("文件大小与Content-Range不符。", "The file does not have the bytes that were announced.")
    else:
        message = Text(
            "文件大小与先前所述的{size}字节不符。",
            "The file does not have the {size} bytes that were announced.",
            size=size,
        )
    return refused(ProblemCode.INVALID_INPUT, message, "size")
