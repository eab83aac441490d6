"""A job as whoever may see it reads it, and the payload of what is done to one."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.domain.campaigns.problems import ErrorPolicy
from api.domain.exchange import jobs
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.exchange.jobs import ExportTerms, ImportTerms, JobKind, JobState
from api.domain.exchange.problems import MAX_KEPT_PROBLEMS
from api.domain.ids import JobId
from api.domain.voting.channels import Channel
from api.schema.campaigns.campaign_types import Campaign
from api.schema.common.nodes import Node
from api.schema.common.scalars import SafeInt
from api.schema.jobs.results import ImportResult
from api.schema.organisers.problems import PROBLEMS, Problem, published_problems

DEFAULT_PROBLEMS = 20
FirstProblems = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many from the start; the first {MAX_KEPT_PROBLEMS} are kept. Below 0 it is none."
    ),
]


@strawberry.type(
    description="An import or an export. It runs in the background of whichever server process is free, goes on when that one "
    "dies, and is forgotten when it expires. Ask for it again now and then, once a second at most, until `state` is `DONE`, "
    "`FAILED` or `CANCELLED`; or subscribe to `jobChanged`. Whoever has requested it sees it, and so do the organizers and "
    "auditors of its campaign, and nobody else."
)
class Job(Node):
    """Shows domain.exchange.jobs.Job."""

    value: strawberry.Private[jobs.Job]
    id: strawberry.ID = strawberry.field(description="Its id.")
    kind: JobKind = strawberry.field(description="Which way it goes.")
    state: JobState = strawberry.field(description="How far it is.")
    format: FileFormat = strawberry.field(description="How its file is written.")
    received: SafeInt = strawberry.field(
        description="How many bytes of the file there are: of an import those that have arrived, which is where an upload that "
        "broke off goes on; of an export those that are written."
    )
    size: SafeInt | None = strawberry.field(
        description="How many bytes the whole file has; null while that is not known."
    )
    sha256: str | None = strawberry.field(
        description="The SHA-256 of the file once it is whole, in hexadecimal digits, as `sha256sum` prints it: by this two "
        "people know that they speak of the same file."
    )
    done: SafeInt = strawberry.field(
        description="How many rows are done: ballots, or whatever else the file has rows of."
    )
    total: SafeInt | None = strawberry.field(description="How many rows there are; null while that is not known.")
    problem_count: int = strawberry.field(description="How many problems there are, those that are not kept included.")
    created_at: datetime = strawberry.field(description="When it was requested.")
    expires_at: datetime | None = strawberry.field(
        description="From when on it may be gone, with its file. One that still waits then, for a file or an approval, is "
        "cancelled."
    )

    @classmethod
    def of(cls, value: jobs.Job) -> "Job":
        return cls(
            value=value,
            id=strawberry.ID(str(JobId(value.id))),
            kind=value.kind,
            state=value.state,
            format=value.format,
            received=SafeInt(value.received),
            size=None if value.size is None else SafeInt(value.size),
            sha256=value.sha256,
            done=SafeInt(value.done),
            total=None if value.total is None else SafeInt(value.total),
            problem_count=value.problem_count,
            created_at=value.created_at,
            expires_at=value.expires_at,
        )

    @strawberry.field(
        description="The campaign that it is of; null while an import makes it, which nobody sees until all of it is there."
    )
    def campaign(self, info: Info) -> Campaign | None:
        found = info.context.snapshot.directory.campaigns.get(self.value.campaign or "")
        return None if found is None else Campaign.of(found)

    @strawberry.field(description="What an export holds; null of an import.")
    def export_content(self) -> ExportContent | None:
        terms = self.value.terms
        return terms.content if isinstance(terms, ExportTerms) else None

    @strawberry.field(description="What an import brings; null of an export.")
    def import_content(self) -> ImportContent | None:
        terms = self._import
        return None if terms is None else terms.content

    @strawberry.field(description="What the file of an import is called; null of an export.")
    def file_name(self) -> str | None:
        return None if self._import is None else self._import.file_name

    @strawberry.field(description="Where the ballots of an import were cast; null of anything else.")
    def place(self) -> str | None:
        return None if self._ballots is None else self._ballots.place

    @strawberry.field(description="The voting day on which the ballots of an import were cast; null of anything else.")
    def day(self) -> date | None:
        return None if self._ballots is None else self._ballots.day

    @strawberry.field(description="How the ballots of an import were cast; null of anything else.")
    def channel(self) -> Channel | None:
        return None if self._ballots is None else self._ballots.channel

    @strawberry.field(description="What an import does when some rows are refused; null of an export.")
    def error_policy(self) -> ErrorPolicy | None:
        return None if self._import is None else self._import.policy

    @strawberry.field(
        description="What is wrong with the file, by line, or why the job failed otherwise. A job that is `DONE` has some "
        "where rows were left out, as `SKIP_REFUSED` has it."
    )
    async def problems(self, info: Info, first: FirstProblems = DEFAULT_PROBLEMS) -> list[Problem]:
        wanted, job = DEFAULT_PROBLEMS if first is None else max(first, 0), self.value
        known = job.problems if job.problems or not job.problem_count else await info.context.jobs.problems(job)
        return published_problems(known[:wanted])

    @strawberry.field(
        description="What came of an import, or, while it waits for an approval, what will come of it; null before that."
    )
    def result(self) -> ImportResult | None:
        return None if self.value.result is None else ImportResult.of(self.value.result)

    @strawberry.field(
        description="Where an export's file is: a path on this server, such as `/jobs/…/file?key=…`. `GET` it. Whoever has "
        "this address gets the file, without a token, so that a browser can load it: pass it to nobody who shall not have "
        "it. Whether the one who requested it may still see what is in it is asked again each time. For whoever requested "
        "the export, while it is `DONE` and has not expired; null otherwise."
    )
    def url(self, info: Info) -> str | None:
        context, job = info.context, self.value
        there = job.kind is JobKind.EXPORT and job.state is JobState.DONE and context.jobs.time() < job.expires_at
        return f"{_address(job, info)}?key={context.jobs.link_key(job)}" if there and self._is_own(info) else None

    @strawberry.field(
        description="Where to send an import's file: a path on this server, such as `/jobs/…/file`. `PUT` the bytes there "
        "with `Authorization: Bearer <token>` of whoever requested it: all at once; or in pieces of some megabytes, one "
        "after the other, each with `Content-Range: bytes 0-4194303/9000000` (or `/*` until the last one, where the size is "
        "not known). The answer is JSON, `{received, size}`: 200 while more is to come, 202 once the file is whole and the "
        "job under way. What has arrived before a connection broke stays: `HEAD` the same address, or ask for `received`, "
        "and go on from `Upload-Offset`. A piece that begins elsewhere is refused with 409 and the right `Upload-Offset`. "
        "For whoever requested the import, while it is `WAITING_FOR_FILE`; null otherwise."
    )
    def upload_url(self, info: Info) -> str | None:
        waits = self.value.state is JobState.WAITING_FOR_FILE
        return _address(self.value, info) if waits and self._is_own(info) else None

    @strawberry.field(description="Whether it was the viewer who requested it.")
    def mine(self, info: Info) -> bool:
        return self._is_own(info)

    @strawberry.field(
        description="Whether the viewer can approve it now, with `approveImport`: it waits for that, and they are an "
        "organizer of the campaign, and not the one who requested it."
    )
    def approvable(self, info: Info) -> bool:
        return info.context.jobs.may_approve(info.context.viewer, self.value)

    @strawberry.field(
        description="Whether the viewer can cancel it now, with `cancelJob`: it is not over, and they have requested it or "
        "are an organizer of the campaign."
    )
    def cancellable(self, info: Info) -> bool:
        return info.context.jobs.may_cancel(info.context.viewer, self.value)

    def _is_own(self, info: Info) -> bool:
        return info.context.jobs.is_own(info.context.viewer, self.value)

    @property
    def _import(self) -> ImportTerms | None:
        return self.value.terms if isinstance(self.value.terms, ImportTerms) else None

    @property
    def _ballots(self) -> ImportTerms | None:
        terms = self._import
        return terms if terms is not None and terms.content is ImportContent.BALLOTS else None


@strawberry.type(description="What came of an act on a job.")
class JobPayload:
    """Has either the job or problems."""

    job: Job | None = strawberry.field(description="The job as it now is; null exactly when there is a problem.")
    problems: list[Problem] = strawberry.field(description=PROBLEMS)


def _address(job: jobs.Job, info: Info) -> str:
    return f"{info.context.root_path}/jobs/{job.id}/file"
