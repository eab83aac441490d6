"""The command that writes the report of a selection."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated, open_snapshots
from api.domain.results.ranking import standings
from api.domain.results.tallies import NOTHING
from api.formats.report import render_report
from api.services.listing import find_campaign
from api.services.reports import CampaignReports
from api.settings import read_settings
from api.settings.kept_clock import found_clock
from api.storage.ballot_records import SqlBallotRecords
from api.storage.reviews import SqlPanels
from api.storage.selections import SqlSelections

Slug = Annotated[str, typer.Argument(help="The campaign's slug, such as shanghai-2017.", show_default=False)]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="The file to write; left out, it goes to standard output.", show_default=False),
]


def report(campaign: Slug, output: Output = None) -> None:
    """Write the report as one HTML page, in both languages: what staff may see, UNOFFICIAL until every stage is final."""
    page = asyncio.run(_page(campaign))
    if output is None:
        typer.echo(page, nl=False)
        return
    output.write_text(page, encoding="utf-8")
    typer.echo(f"{output}: written")


async def _page(slug: str) -> str:
    settings = read_settings()
    async with open_migrated(settings) as database:
        now = found_clock(settings)()
        snapshot = await open_snapshots(database).refresh(now)
        directory = snapshot.directory.published(now, snapshot.directory.drafts)
        campaign = find_campaign(directory, slug, now)
        ranked = standings(campaign, snapshot.counts.get(slug, NOTHING), campaign.calendar.local(now))
        reports = CampaignReports(
            SqlBallotRecords(database), SqlPanels(database), SqlSelections(database), render_report
        )
        return await reports.write(ranked, for_staff=True)
