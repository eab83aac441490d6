"""Have imports done for those alone who could still begin them: their file may come long after the role is withdrawn."""

from dataclasses import dataclass

from api.domain.exchange.formats import ImportContent
from api.domain.exchange.jobs import Job
from api.domain.people.identity import Role
from api.ports.jobs import JobEnd
from api.services.exchange.views import ExportViews
from api.services.jobs.work import JobHandler, JobWork


@dataclass(frozen=True, slots=True)
class AuthorizedImport:
    """A JobHandler that does what another one does."""

    handler: JobHandler
    views: ExportViews

    async def run(self, work: JobWork) -> JobEnd:
        """Do it. Raises ApiError FORBIDDEN besides what the other raises. What was approved is done in any case."""
        if not work.job.is_approved:
            view = await self.views.of_requester(work.job)
            view.viewer.require([Role.ORGANIZER], "startImport", _slug(work.job))
        return await self.handler.run(work)

    async def undo(self, work: JobWork) -> JobEnd | None:
        """Undo it."""
        return await self.handler.undo(work)


def _slug(job: Job) -> str | None:
    """The campaign in which the role is needed; None: in all of them."""
    return None if job.terms.content is ImportContent.CAMPAIGN else job.campaign
