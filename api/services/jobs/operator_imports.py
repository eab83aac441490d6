"""Imports that an operator runs: the same jobs as those of a server, done at the command line, known again by their file."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.problems import ActFailed, ProblemCode
from api.domain.exchange.jobs import ImportResult, ImportTerms, Job, JobState
from api.domain.exchange.problems import FileProblem, FileRefused
from api.domain.ids import is_slug
from api.domain.texts import Language, Text
from api.ports.exchange import ImportStore
from api.services.jobs.attempt import Show
from api.services.jobs.endings import of_file
from api.services.jobs.management import JobManagement, WrongOffset

CANCELLED = Text("导入已在别处被取消，请重新运行。", "The import was cancelled elsewhere. Run the command again.")


class OperatorFile(NamedTuple):
    """A file that is at hand. pieces: its bytes from one on."""

    sha256: str
    size: int
    pieces: Callable[[int], AsyncIterator[bytes]]


class Imported(NamedTuple):
    """What came of an import. problems: the first of the refused ballots. is_known: it was done before.

    waiting: the id of the job, where an organizer has to approve it first.
    """

    campaign: str
    result: ImportResult
    problems: tuple[FileProblem, ...] = ()
    is_known: bool = False
    waiting: str | None = None


@dataclass(frozen=True, slots=True)
class OperatorImports:
    """Runs imports for an operator."""

    jobs: JobManagement
    imports: ImportStore

    async def earlier(self, file: OperatorFile, slug: str | None) -> Imported | None:
        """What came of an import of this file before, of one under this slug where one is wanted."""
        if slug is None:
            made = await self.imports.imported_as(file.sha256)
        else:
            made = await self.imports.imported_file(slug) if is_slug(slug) else None
        if made is None or made.sha256 != file.sha256:
            return None
        job = await self.jobs.store.find(made.job)
        if job is not None and job.state is JobState.RUNNING:  # cut off in its last step, which is still to be done
            return None
        return Imported(made.campaign, made.result, () if job is None else job.problems, is_known=True)

    async def job(self, file: OperatorFile, terms: ImportTerms, slug: str | None, language: Language) -> Job:
        """The unfinished job of this file or, where there is none, a new one. Raises ActFailed."""
        known = await self.jobs.store.known_import(file.sha256, None)
        if known is not None and not known.state.is_final and _is_for(known, slug):
            return known
        return await self.jobs.start_import(None, None, slug, terms, file.size, language, file.sha256)

    async def run(self, job: Job, file: OperatorFile, show: Show) -> Imported:
        """Send the file, as far as it has not arrived, and see the job to its end. Raises FileRefused, and ActFailed."""
        await self._send(job, file)
        over = await self.jobs.runner.run_now(job.id, show)
        if over.state is JobState.DONE and over.result is not None and over.campaign is not None:
            return Imported(over.campaign, over.result, over.problems)
        if over.state is JobState.FAILED:
            await self.jobs.store.delete(job.id)  # nobody but its operator, who has been told, would look at it
        raise FileRefused(over.problems or [FileProblem(ProblemCode.WRONG_STATE, CANCELLED)])

    async def sheet(
        self, file: OperatorFile, terms: ImportTerms, campaign: Campaign, language: Language, show: Show
    ) -> Imported:
        """Bring projects or ballots into a campaign; ballots as far as they are to be approved. Raises ActFailed."""
        known = await self.jobs.store.known_import(file.sha256, None)
        if known is None or known.state.is_final or known.campaign != campaign.slug:
            known = await self.jobs.start_import(None, campaign, None, terms, file.size, language, file.sha256)
        await self._send(known, file)
        over = await self.jobs.runner.run_now(known.id, show)
        if over.result is None or over.state not in {JobState.DONE, JobState.WAITING_FOR_APPROVAL}:
            await self.jobs.store.delete(over.id)  # nobody but its operator, who is told, would look at it
            raise FileRefused(over.problems or [FileProblem(ProblemCode.WRONG_STATE, CANCELLED)])
        waiting = over.id if over.state is JobState.WAITING_FOR_APPROVAL else None
        return Imported(campaign.slug, over.result, over.problems, waiting=waiting)

    async def give_up(self, job: Job, show: Show) -> None:
        """Cancel a job, and undo here what was done of it."""
        with suppress(ActFailed):  # it is over, or as good as over
            await self.jobs.cancel(None, job.id)
        over = await self.jobs.runner.run_now(job.id, show)
        if over.state is not JobState.DONE:
            await self.jobs.store.delete(job.id)

    async def _send(self, job: Job, file: OperatorFile) -> None:
        while job.state is JobState.WAITING_FOR_FILE:
            try:
                await self.jobs.receive(None, job.id, job.received, file.pieces(job.received), file.size)
            except WrongOffset:  # somebody else sends it as well
                pass
            except ActFailed as error:
                raise FileRefused([of_file(problem) for problem in error.problems]) from error
            found = await self.jobs.store.find(job.id)
            if found is None:
                raise LookupError(f"There is no job {job.id}.")
            job = found


def _is_for(job: Job, slug: str | None) -> bool:
    """Whether a job makes the campaign of this slug, or may make any."""
    is_chosen = isinstance(job.terms, ImportTerms) and job.terms.slug_chosen
    return slug is None or (is_chosen and job.campaign == slug)
