"""What starts an import, and the arguments of jobs."""

from datetime import date
from typing import Annotated

import strawberry

from api.domain.campaigns.problems import ErrorPolicy
from api.domain.exchange.formats import FileFormat, ImportContent
from api.domain.exchange.jobs import ImportTerms
from api.domain.ids import JobId, parse_id
from api.domain.voting.channels import Channel
from api.schema.common.scalars import SafeInt
from api.services.jobs.access import no_such_job

JobArgument = Annotated[
    strawberry.ID, strawberry.argument(description="The job's id, such as `job/` and 26 letters and digits.")
]


@strawberry.input(
    description="What is imported. The file itself is not part of it: it is sent to `uploadUrl` afterwards, so that it may be "
    "as large as it is."
)
class ImportInput:
    """Becomes domain.exchange.jobs.ImportTerms."""

    content: ImportContent = strawberry.field(description="What the file brings.")
    format: FileFormat = strawberry.field(
        description="How it is written: `CAMPAIGN` as `PABULIB` or `TOML`, `PROJECTS` and `BALLOTS` as `CSV`."
    )
    campaign: str | None = strawberry.field(
        default=None,
        description="The slug of the campaign that projects or ballots are for. Of a new `CAMPAIGN` the slug that it shall "
        "have; left out, one is made from what the file says.",
    )
    file_name: str = strawberry.field(
        description="What the file is called, at most 200 characters. It is on record, and a name by which people find the job."
    )
    size: SafeInt | None = strawberry.field(
        default=None,
        description="How many bytes the file has, where that is known: one that is too large is refused at once, and progress "
        "has a whole.",
    )
    place: str | None = strawberry.field(
        default=None,
        description="Of `BALLOTS`, and required there: the polling place, at most 200 characters, as it shall stand in the "
        "audit trail. With the ballot's number in the file it names the ballot: the same number of the same place counts "
        "once.",
    )
    day: date | None = strawberry.field(
        default=None,
        description="Of `BALLOTS`: the voting day on which they were cast, in the campaign's time zone; left out, the last one "
        "that has begun.",
    )
    channel: Channel | None = strawberry.field(
        default=Channel.PAPER,
        description="Of `BALLOTS`: how they were cast, `PAPER`, `ON_SITE` or `SMS`; `Turnout.byChannel` counts them there.",
    )
    error_policy: ErrorPolicy | None = strawberry.field(
        default=ErrorPolicy.ALL_OR_NOTHING,
        description="Of `PROJECTS` and `BALLOTS`: what is done when some rows are refused. A new campaign is made in any case, "
        "and `result` says which of its ballots were refused.",
    )

    @property
    def made_for(self) -> str | None:
        """The slug of the campaign that the role is needed in; None where a new one is made."""
        return None if self.content is ImportContent.CAMPAIGN else self.campaign

    def terms(self) -> ImportTerms:
        """The same for the service."""
        return ImportTerms(
            content=self.content,
            format=self.format,
            file_name=self.file_name,
            place=self.place,
            day=self.day,
            channel=self.channel or Channel.PAPER,
            policy=self.error_policy or ErrorPolicy.ALL_OR_NOTHING,
            slug_chosen=self.content is ImportContent.CAMPAIGN and self.campaign is not None,
        )


def job_key(name: str) -> str:
    """The key in a job's id. Raises ApiError NOT_FOUND for anything else."""
    if isinstance(parsed := parse_id(name), JobId):
        return parsed.key
    raise no_such_job()
