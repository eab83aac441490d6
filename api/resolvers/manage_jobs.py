"""The mutations of jobs: startExport, startImport, approveImport, cancelJob."""

from collections.abc import Awaitable
from typing import Annotated

import strawberry

from api.context import Context, Info
from api.domain.campaigns.problems import ActFailed, ProblemCode, refused
from api.domain.exchange import jobs
from api.domain.exchange.formats import ExportContent, FileFormat, ImportContent
from api.domain.people.identity import Role
from api.domain.texts import Text
from api.schema.common.roles import restricted
from api.schema.jobs.inputs import ImportInput, JobArgument, job_key
from api.schema.jobs.job_types import Job, JobPayload
from api.schema.organisers.acts import CampaignSlug
from api.schema.organisers.problems import published_problems

Content = Annotated[ExportContent, strawberry.argument(description="What the file shall hold.")]
Format = Annotated[
    FileFormat,
    strawberry.argument(
        description="How it shall be written: everything as `CSV` or `JSON_LINES`; `BALLOTS` as `PABULIB` too, `CAMPAIGN` as "
        "`TOML` too, `RESULTS` as a `REPORT` too. Anything else is the problem `UNSUPPORTED_FORMAT`."
    ),
]
Input = Annotated[ImportInput, strawberry.argument(description="What is imported.")]


@strawberry.type
class ManageJobsMutations:
    """The root fields that start, approve and cancel jobs."""

    @strawberry.field(
        description="Write a file of a campaign, in the background. Whoever is signed in may ask for what they may see here: "
        "the campaign, its projects and its turnout; the results once they are visible to them (`RESULTS_HIDDEN`); the "
        "ballots and the report from the close on, and before the results are public as an organizer or auditor alone; "
        "reviews and the trail as an organizer or auditor of the campaign (`FORBIDDEN`). Ask for the job until it is `DONE`, "
        "then `GET` its `url`."
    )
    async def start_export(
        self, info: Info, campaign: CampaignSlug, content: Content, format: Format
    ) -> JobPayload | None:
        """Of what the viewer may see."""
        context = info.context
        doing = context.jobs.start_export(
            context.viewer, context.campaign(campaign), content, format, context.language, context.now
        )
        return await _payload(doing)

    @restricted(
        Role.ORGANIZER,
        description="Begin an import; then `PUT` the file to the job's `uploadUrl` with the same token, and ask for the job "
        "until it is over.\n\n"
        "**A campaign** (`CAMPAIGN`, from Pabulib or a campaign file) needs the role in all campaigns; whoever imports it "
        "has the role in it from then on. It is there, whole, when the job is `DONE`: `campaign` is it, and `result` says "
        "what became of its ballots, which all went by its rules.\n\n"
        "**Projects** (`PROJECTS`, from CSV) are put into a campaign as `putProjects` does, a project a row. The first row "
        "names the columns: `number`, `code`, `title`, `summary`, `description`, `organization`, `level`, `district`, "
        "`themes`, `start_year`, `cost`, or the same in Chinese as an export has them; `title_en` is the English title, and "
        "so on.\n\n"
        "**Ballots of a polling place** (`BALLOTS`, from CSV, a ballot a row) need two people. The columns are "
        "`ballot number` (选票编号), which is printed on the ballot, and `choices` (所选项目): numbers or codes of projects, "
        "with blanks between them. When the file has arrived every row is checked. Then the job is `FAILED`, its `problems` "
        "naming each wrong row by line; or it is `WAITING_FOR_APPROVAL`, and `result` says what would count. Another "
        "organizer of the campaign, who finds it with `jobs`, compares that with the paper and calls `approveImport`, and "
        "the ballots are counted. Until then none of them is.",
    )
    async def start_import(self, info: Info, input: Input) -> JobPayload | None:
        """Of a file that is sent afterwards."""
        return await _payload(_start_import(info.context, input))

    @strawberry.field(
        description="Have the ballots of an import counted that is `WAITING_FOR_APPROVAL`: as an organizer of the campaign "
        "who is not the one that uploaded them (`SECOND_ORGANIZER`). A batch that says the same as one before is refused "
        "(`BATCH_KNOWN`), and so is one that comes when a stage has been decided by these votes (`FROZEN`). The trail keeps "
        "who uploaded and who approved. Ask for the job until it is `DONE`; counting goes on whatever becomes of the server."
    )
    async def approve_import(self, info: Info, job: JobArgument) -> JobPayload | None:
        """By a second organizer."""
        key = job_key(job)
        return await _payload(info.context.jobs.approve(info.context.viewer, key))

    @strawberry.field(
        description="Cancel a job that is not over, as whoever requested it or an organizer of the campaign. Nothing of it "
        "is kept: no ballot, no file. One that is `RUNNING` is `CANCELLED` within some seconds; ask again. Ballots that were "
        "approved are counted to the end (`WRONG_STATE`)."
    )
    async def cancel_job(self, info: Info, job: JobArgument) -> JobPayload | None:
        """With all that it has done."""
        key = job_key(job)
        return await _payload(info.context.jobs.cancel(info.context.viewer, key))


async def _start_import(context: Context, input: ImportInput) -> jobs.Job:
    campaign, makes_one = None, input.content is ImportContent.CAMPAIGN
    if not makes_one:
        if input.campaign is None:
            raise refused(
                ProblemCode.INVALID_INPUT,
                Text("请写明是哪个评选的。", "Name the campaign that it is for."),
                "input",
                "campaign",
            )
        campaign = context.campaign(input.campaign)
    slug = input.campaign if makes_one else None
    return await context.jobs.start_import(context.viewer, campaign, slug, input.terms(), input.size, context.language)


async def _payload(doing: Awaitable[jobs.Job]) -> JobPayload:
    """Do it, and show the job or what stood in the way."""
    try:
        job = await doing
    except ActFailed as refusal:
        return JobPayload(job=None, problems=published_problems(refusal.problems))
    return JobPayload(job=Job.of(job), problems=[])
