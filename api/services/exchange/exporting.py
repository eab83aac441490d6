"""Exports: one content of a campaign in one format, as pieces of a file; and the job that writes one."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.exchange.export_tables import table_of
from api.domain.exchange.formats import EXPORTED, ExportContent, FileFormat, unsupported
from api.domain.exchange.jobs import ExportTerms, JobState
from api.domain.exchange.tables import FileHead
from api.domain.texts import Language
from api.ports.exports import BallotFileWriter, TableWriter
from api.ports.jobs import JobEnd
from api.services.exchange.export_contents import CampaignView, ExportContents, Progress
from api.services.exchange.permissions import may_export
from api.services.exchange.views import ExportViews
from api.services.jobs.work import JobWork
from api.services.listing import find_campaign
from api.services.reports import CampaignReports
from api.services.snapshots import Snapshot

Extras = Callable[
    [str], Awaitable[Mapping[str, Any] | None]
]  # what the file says that a campaign was made from, by slug


@dataclass(frozen=True, slots=True)
class FileWriters:
    """How files are written: tables by format, a campaign with its ballots, a campaign file.

    ballot_file: makes the writer of one, of the campaign, of what the file said that it was made from, of how many of the
    ballots name each project, by its position, and of how many name any.
    """

    tables: Mapping[FileFormat, TableWriter]
    ballot_file: Callable[[Campaign, Mapping[str, Any], Mapping[int, int], int], BallotFileWriter]
    campaign_file: Callable[[Mapping[str, Any]], bytes]


@dataclass(frozen=True, slots=True)
class Exports:
    """Writes the files of exports. Whether whoever asks may have them was found out before."""

    contents: ExportContents
    writers: FileWriters
    reports: CampaignReports
    extras: Extras

    async def write(
        self, content: ExportContent, format: FileFormat, view: CampaignView, progress: Progress
    ) -> AsyncGenerator[bytes, None]:
        """The pieces of the file. Close the iterator if it is not read to its end. Raises ActFailed, also between pieces.

        progress: is told after each piece how many rows have been written, and how many there are; it may raise.
        """
        if content not in EXPORTED[format]:
            raise unsupported(format, content)
        match format:
            case FileFormat.REPORT:
                pieces = self._report(view)
            case FileFormat.TOML:
                pieces = self._campaign_file(view)
            case FileFormat.PABULIB:
                pieces = self._ballot_file(view, progress)
            case _:
                pieces = self._table(self.writers.tables[format], content, view, progress)
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece

    async def _table(
        self, writer: TableWriter, content: ExportContent, view: CampaignView, progress: Progress
    ) -> AsyncGenerator[bytes, None]:
        table, campaign, done = table_of(content, view.campaign), view.campaign, 0
        made_on = campaign.calendar.local(view.now).date()
        async with self.contents.opened(content, view, progress) as found:
            head = FileHead(campaign.slug, made_on, view.language, found.facts)
            yield writer.head(table, head)
            async for rows in found.chunks:
                yield await asyncio.to_thread(writer.rows, table, head, rows)
                done += len(rows)
                await progress(done, found.total)

    async def _ballot_file(self, view: CampaignView, progress: Progress) -> AsyncGenerator[bytes, None]:
        campaign, done = view.campaign, 0
        extras = await self.extras(campaign.slug) or {}
        async with self.contents.shuffled(view, progress) as found:
            writer = self.writers.ballot_file(campaign, extras, found.votes, found.count - found.empty)
            yield writer.head()
            async for ballots in found.chunks():
                yield await asyncio.to_thread(writer.rows, ballots)
                done += len(ballots)
                await progress(done, found.count)

    async def _campaign_file(self, view: CampaignView) -> AsyncGenerator[bytes, None]:
        yield self.writers.campaign_file(await self.contents.tree(view))

    async def _report(self, view: CampaignView) -> AsyncGenerator[bytes, None]:
        yield (await self.reports.write(view.standings, for_staff=view.for_staff)).encode()


class ExportHandler:
    """Does the jobs that write a file. One that dies is begun again from nothing."""

    def __init__(self, exports: Exports, views: ExportViews) -> None:
        self._exports = exports
        self._views = views

    async def run(self, work: JobWork) -> JobEnd:
        """Write the file, if whoever asked for it may have it still. Raises ActFailed, ApiError, and what the work raises."""
        job = work.job
        if not isinstance(job.terms, ExportTerms):
            raise TypeError(f"job {job.id} is no export")
        seen = await self._views.of_requester(job)
        campaign = find_campaign(seen.snapshot.directory, job.campaign, seen.now)
        for_staff = await may_export(seen, self._exports.reports, campaign, job.terms)
        view = campaign_view(seen.snapshot, campaign, seen.now, job.language, for_staff=for_staff)
        pieces = self._exports.write(job.terms.content, job.terms.format, view, work.progress)
        async with aclosing(pieces):
            async for piece in pieces:
                await work.write(piece)
        return JobEnd(JobState.DONE)

    async def undo(self, work: JobWork) -> None:
        """Leave nothing behind: what was written is deleted with the job's pieces."""


def campaign_view(
    snapshot: Snapshot, campaign: Campaign, now: datetime, language: Language, *, for_staff: bool
) -> CampaignView:
    """A campaign of a snapshot with the standings that are seen of it."""
    earlier = snapshot.earlier.get(campaign.slug)
    until = None if earlier is None else earlier.moment
    return CampaignView(snapshot.standings(campaign), now, language, for_staff, until)
