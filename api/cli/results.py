"""The commands that show the ranking, and that recount every ballot."""

import asyncio
import json
from collections.abc import Collection
from typing import Annotated, Any

import typer
from rich.bar import Bar
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from api.bootstrap.database import open_migrated, open_snapshots
from api.domain.results.ranking import Standings, standings
from api.domain.results.tallies import NOTHING, Counts
from api.domain.texts import Language, counted
from api.formats.spreadsheets import spreadsheet
from api.services.listing import find_campaign
from api.settings import read_settings
from api.settings.kept_clock import found_clock
from api.storage.ballot_records import audits
from api.storage.campaigns import SqlCampaigns
from api.storage.distribution import recount_snapshot

Slug = Annotated[
    str | None, typer.Option("--campaign", help="Its slug; left out, the featured campaign.", show_default=False)
]

MIN_TITLE_WIDTH, OTHER_COLUMNS_WIDTH = 16, 66  # cells of the terminal
COLUMNS = (
    Column("#", justify="right"),
    Column("No", justify="right"),
    Column("Project"),
    Column("Votes", justify="right"),
    Column("Share", justify="right"),
    Column(""),
    Column("Gain", justify="right"),
)


def results(
    campaign: Slug = None,
    language: Annotated[str, typer.Option(help="zh, en or zh-Hant.")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, one object.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV for spreadsheets, one line a project.")] = False,
) -> None:
    """Show the ranking. Staff see it at any time, whatever the campaign's visibility."""
    by_tag = {each.tag: each for each in Language}
    if language not in by_tag:
        raise typer.BadParameter(f"{language} is no language here; give {', '.join(by_tag)}.", param_hint="--language")
    standings = asyncio.run(_standings(campaign))
    rows = [_row(standings, number, by_tag[language]) for number in standings.by_number]
    if as_json:
        typer.echo(json.dumps(_summary(standings) | {"results": rows}, ensure_ascii=False, indent=2))
    elif as_csv:
        typer.echo(spreadsheet(rows), nl=False)
    else:
        _print(standings, standings.campaign.title.to(by_tag[language]), rows)


def audit(campaign: Slug = None) -> None:
    """Recount every ballot, compare with the tallies, and look for what the rules forbid. Exit 1, with all that is wrong."""
    found = asyncio.run(_audit(campaign))
    for slug, (recount, wrong) in found.items():
        for sentence in wrong:
            typer.echo(f"{slug} {sentence}", err=True)
        typer.echo(audit_summary(slug, recount, wrong))
    if any(wrong for _, wrong in found.values()):
        raise typer.Exit(1)


async def _standings(slug: str | None) -> Standings:
    settings = read_settings()
    async with open_migrated(settings) as database:
        now = found_clock(settings)()
        snapshot = await open_snapshots(database).refresh(now)
        directory = snapshot.directory.published(now, snapshot.directory.drafts)
        campaign = find_campaign(directory, slug, now)
        return standings(campaign, snapshot.counts.get(campaign.slug, NOTHING), campaign.calendar.local(now))


async def _audit(slug: str | None) -> dict[str, tuple[Counts, list[str]]]:
    """The recount of each campaign, and what is wrong in it, by slug: all from one snapshot."""
    settings = read_settings()
    async with open_migrated(settings) as database, recount_snapshot(database) as view:
        if slug is None:
            return await audits(view)
        directory = await SqlCampaigns(view).directory()
        return await audits(view, [find_campaign(directory, slug, found_clock(settings)()).slug])


def audit_summary(slug: str, recount: Counts, wrong: Collection[str]) -> str:
    """The line that says what an audit of a campaign came to."""
    withdrawn = f" (held: {sum(recount.held.values())}, voided: {sum(recount.voided.values())})"
    summary = f"{slug}: {counted(recount.cast, 'ballot')} recounted, {counted(len(wrong), 'difference')}"
    return summary + (withdrawn if recount.held or recount.voided else "")


def _row(standings: Standings, number: int, language: Language) -> dict[str, Any]:
    standing, project = standings.by_number[number], standings.campaign.by_number[number]
    return {
        "rank": standing.rank,
        "number": number,
        "title": project.title.to(language),
        "district": project.district.code if project.district else None,
        "votes": standing.votes,
        "share": round(standing.share, 6),
        "gain": standing.gain,
        "tied": standing.tie_count > 0,
    }


def _summary(standings: Standings) -> dict[str, Any]:
    return {
        "campaign": standings.campaign.slug,
        "asOf": standings.as_of.isoformat(),
        "ballots": standings.ballots,
        "held": standings.held,
        "voided": standings.voided,
        "choices": standings.choices,
        "byDay": {day.isoformat(): ballots for day, ballots in standings.turnout},
    }


def _print(standings: Standings, title: str, rows: list[dict[str, Any]]) -> None:
    console, line = Console(), standings.cut_line
    heading = f"{title} · {counted(standings.ballots, 'ballot', grouped=True)}"
    table = Table(*COLUMNS, title=heading, caption=_caption(standings))
    max_votes = max((row["votes"] for row in rows), default=0) or 1
    for place, row in enumerate(rows, 1):
        project = Text(row["title"])
        project.truncate(max(MIN_TITLE_WIDTH, console.width - OTHER_COLUMNS_WIDTH), overflow="ellipsis")
        cells = (str(row["rank"]) + ("=" if row["tied"] else ""), str(row["number"]), project, f"{row['votes']:,}")
        bar = Bar(max_votes, 0, row["votes"], width=20)
        above_line = line is not None and place == line.seats
        table.add_row(*cells, f"{row['share']:.1%}", bar, f"+{row['gain']:,}", end_section=above_line)
    console.print(table)


def _caption(standings: Standings) -> str:
    line = standings.cut_line
    if line is None:
        return f"as of {standings.as_of:%Y-%m-%d %H:%M:%S} ({standings.as_of.tzinfo})"
    tie = ", and a tie straddles it" if line.crosses_tie else ""
    passing = "1 passes" if line.seats == 1 else f"{line.seats} pass"
    return f"the line: {passing} by votes alone, the last of them with {counted(line.votes, 'vote', grouped=True)}{tie}"
