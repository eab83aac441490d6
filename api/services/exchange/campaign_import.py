"""Make a campaign of a file, with its ballots: read whole first, cast through the one door while hidden, then revealed at once.

Killed at any moment, an import is taken up from its checkpoint. What was cast since then is known again: a row's ballot is cast
so many microseconds after voting opens as its number is, and no voter has two of one moment.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.clock import Clock
from api.domain.audit_trail import AuditEvent, TrailKind
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Pause
from api.domain.campaigns.problems import FormError, ProblemCode
from api.domain.campaigns.projects import Project, Replacement, Standing
from api.domain.campaigns.states import CampaignState
from api.domain.exchange.ballot_files import BallotFile, FileBallot
from api.domain.exchange.formats import FileFormat
from api.domain.exchange.jobs import ImportResult, ImportTerms, Job, JobState
from api.domain.exchange.problems import FileProblem, FileRefused
from api.domain.ids import MAX_SLUG_LENGTH
from api.domain.people.access import Grant
from api.domain.people.identity import Role
from api.domain.texts import LocalizedText, Text, localized
from api.ports import CampaignForms, Campaigns
from api.ports.exchange import BallotFileParser, ImportedFile, ImportStore
from api.ports.jobs import JobEnd
from api.services.audit_trail import AuditRecorder
from api.services.casting import BallotCasting
from api.services.exchange.ballot_replay import BallotReplay, ReplayState, code_of
from api.services.jobs.work import JobWork

PARSED_AT_ONCE = 1 << 15  # bytes of a file that are parsed while nothing else is done
MAX_TRIES = 1_000  # of slugs, where nobody has asked for a certain one
WITHDRAWN = {
    "zh": "导入的文件将该项目标为已退出。",
    "en": "The imported file marks this project as withdrawn.",
    "pl": "Importowany plik oznacza ten projekt jako wycofany.",
}
HAS_BALLOTS = {
    "zh": "选票来自导入的文件，不再接受其他选票。",
    "en": "The ballots are those of the imported file; no others are taken.",
    "pl": "Głosy pochodzą z importowanego pliku; innych się nie przyjmuje.",
}
Readers = Mapping[FileFormat, Callable[[], BallotFileParser]]


@dataclass(frozen=True, slots=True)
class CampaignImportHandler:
    """A JobHandler of imports that make a campaign. new_salt: makes a campaign's half of the voter secret."""

    readers: Readers
    forms: CampaignForms
    campaigns: Campaigns
    store: ImportStore
    casting: BallotCasting
    audit: AuditRecorder
    clock: Clock
    new_salt: Callable[[], str]

    async def run(self, work: JobWork) -> JobEnd:
        """Make the campaign, or go on making it. Raises FileRefused, and ActFailed SLUG_IN_USE."""
        if (done := await self._done(work.job)) is not None:
            return done
        state = ReplayState.of(work.job.checkpoint)
        campaign = await self.store.begun(work.job.id)
        if (
            campaign is None or campaign.state is CampaignState.ARCHIVED
        ):  # of one that is being discarded little is left
            await self.store.discard(work.job.id)
            state, campaign = ReplayState(), await self._begin(work)
        else:
            state.goes_on = True
        file = await self._cast(work, campaign, state)
        result = await self._result(work.job, campaign, file, state)
        await work.progress(state.row, campaign=campaign.slug)  # not before: nobody shall know of it
        await self._reveal(work.job, campaign, file, result)
        return JobEnd(JobState.DONE, result, state.problems, sum(state.refused.values()))

    async def undo(self, work: JobWork) -> JobEnd | None:
        """Delete what was stored so far, unless the campaign is revealed: a commit that is under way is waited for."""
        await self.store.discard(work.job.id)
        return await self._done(work.job)

    async def _done(self, job: Job) -> JobEnd | None:
        """The end of a job that has revealed its campaign, and was cut off before it could end."""
        made = await self.store.made_by(job.id)
        if made is None:
            return None
        return JobEnd(JobState.DONE, made.result, problem_count=sum(made.result.refused.values()))

    async def _begin(self, work: JobWork) -> Campaign:
        """Read the whole file, and store the campaign without its ballots."""
        parser = self._parser(work.job)
        async for _ in _parsed(parser, work):
            await work.progress(0)
        file = parser.file()
        for slug in _slugs(work.job, file):
            campaign = await self._campaign(work.job, file, slug)
            begun = await self.store.begin(campaign, self.forms.electors(file.tree), work.job.id)
            if begun is not None:
                await work.progress(0, file.ballots)
                return begun
        raise FileRefused([_slug_in_use(slug, file)])

    async def _campaign(self, job: Job, file: BallotFile, slug: object) -> Campaign:
        """The campaign that a file describes. Raises FileRefused with all that is wrong with it.

        What a viewer uploads as a campaign file stays a draft until they present it.
        """
        is_draft = job.format is FileFormat.TOML and job.requested_by is not None
        tree: dict[str, Any] = {"projects": [], **file.tree, "slug": slug}
        districts = await self.campaigns.districts()
        made = await asyncio.to_thread(self.forms.read, tree, districts, draft=is_draft)
        if not isinstance(made, Campaign):
            raise FileRefused([_file_problem(error, file) for error in made])
        state = CampaignState.DRAFT if is_draft else CampaignState.PRESENTED
        return replace(made, state=state, voter_salt=self.new_salt())

    async def _cast(self, work: JobWork, campaign: Campaign, state: ReplayState) -> BallotFile:
        """Cast the ballots that come after the checkpoint."""
        parser = self._parser(work.job)
        replay = BallotReplay(self.casting, campaign, work, state)
        async for ballots in _parsed(parser, work):
            await replay.take(ballots)
        await replay.end()
        return parser.file()

    async def _result(self, job: Job, campaign: Campaign, file: BallotFile, state: ReplayState) -> ImportResult:
        counted: dict[str, int] = {}
        if job.format is FileFormat.PABULIB:
            votes = await self.store.votes(campaign.slug)
            counted = {code_of(project): votes.get(project.position, 0) for project in campaign.projects}
        refused = dict(sorted(state.refused.items()))
        return ImportResult(len(campaign.projects), state.accepted, refused, file.official, counted)

    async def _reveal(self, job: Job, campaign: Campaign, file: BallotFile, result: ImportResult) -> None:
        now, name, sha256 = self.clock(), _terms(job).file_name, job.sha256 or ""
        refused = sum(result.refused.values())
        details = {"file": name, "sha256": sha256, "accepted": result.accepted, "refused": refused}
        by = job.requested_by
        actor = None if by is None else self.audit.actor(campaign, by)
        event = AuditEvent(now, TrailKind.CAMPAIGN_IMPORTED, campaign.slug, actor, details)
        reason = _said(WITHDRAWN, campaign)

        def after(project: Project) -> Project:
            if code_of(project) not in file.withdrawn:
                return project
            return replace(
                project,
                standing=Standing.WITHDRAWN,
                standing_reason=reason,
                standing_since=now,
                replacement=Replacement.REFILL,
            )

        revealed = replace(_still(campaign, file, now), projects=tuple(map(after, campaign.projects)))
        imported = ImportedFile(campaign.slug, job.id, job.format, name, sha256, file.extras, result)
        grant = None if by is None else Grant(by, Role.ORGANIZER, campaign.slug)
        await self.store.reveal(campaign, revealed, imported, grant, event)

    def _parser(self, job: Job) -> BallotFileParser:
        return self.readers[job.format]()


def _still(campaign: Campaign, file: BallotFile, now: datetime) -> Campaign:
    """The campaign with its voting paused from now on, if others could add ballots to those of the file."""
    if not file.ballots or now >= campaign.window.closes_at:
        return campaign
    return replace(campaign, pauses=(Pause(now, None, _said(HAS_BALLOTS, campaign)),))


def _said(words: Mapping[str, str], campaign: Campaign) -> LocalizedText:
    """A reason in the campaign's languages, in English where there are no words in one."""
    given = {tag: words.get(tag.partition("-")[0], words["en"]) for tag in campaign.languages}
    return localized(given, languages=campaign.languages)


async def _parsed(parser: BallotFileParser, work: JobWork) -> AsyncIterator[Sequence[FileBallot]]:
    """The ballots of a file as they become known. Others have their turn after each small part of it."""
    async for piece in work.pieces():
        for start in range(0, len(piece), PARSED_AT_ONCE):
            yield parser.feed(piece[start : start + PARSED_AT_ONCE])
            await asyncio.sleep(0)
    yield await asyncio.to_thread(parser.close)


def _terms(job: Job) -> ImportTerms:
    if not isinstance(job.terms, ImportTerms):
        raise TypeError(f"{job.id} is no import")
    return job.terms


def _slugs(job: Job, file: BallotFile) -> Iterator[object]:
    """The slugs to try: the one that was asked for, here or in a campaign file; else the suggested one, and others like it."""
    suggested: object = file.tree.get("slug")
    chosen = _terms(job).slug_chosen
    yield job.campaign if chosen else suggested
    if chosen or job.format is FileFormat.TOML or not isinstance(suggested, str):
        return
    for number in range(2, MAX_TRIES):
        ending = f"-{number}"
        yield suggested[: MAX_SLUG_LENGTH - len(ending)].rstrip("-") + ending


def _slug_in_use(slug: object, file: BallotFile) -> FileProblem:
    message = Text(
        "已有名为“{slug}”的评选，请另取slug。", "There is a campaign {slug} already. Choose another slug.", slug=slug
    )
    return FileProblem(ProblemCode.SLUG_IN_USE, message, ("slug",), file.lines.get(("slug",)))


def _file_problem(error: FormError, file: BallotFile) -> FileProblem:
    """A mistake in what a file says of its campaign, at the line of the smallest part of it whose line is known."""
    lines = (file.lines.get(error.place[:length]) for length in range(len(error.place), 0, -1))
    line = next((line for line in lines if line is not None), None)
    return FileProblem(ProblemCode.INVALID_INPUT, error.message, error.path, line)
