"""The command `export`: a content of a campaign as a file, to a pipe or into a file."""

import asyncio
import secrets
import sys
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.bootstrap.database import open_migrated, open_snapshots
from api.bootstrap.exports import open_exports
from api.cli.errors import CommandError
from api.domain.campaigns.problems import ActFailed
from api.domain.exchange.formats import EXPORTED, ExportContent, FileFormat
from api.domain.results.ranking import standings
from api.domain.results.tallies import NOTHING
from api.domain.texts import Language
from api.services.exchange.export_contents import CampaignView
from api.services.exchange.export_contents import Progress as Report
from api.services.listing import find_campaign
from api.settings import read_settings
from api.settings.kept_clock import found_clock

ALIASES = {"JSONL": "JSON_LINES", "PB": "PABULIB"}
DEFAULT = ExportContent.BALLOTS
Slug = Annotated[str, typer.Argument(help="The campaign's slug, such as shanghai-2017.", show_default=False)]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="The file to write; left out, it goes to standard output.", show_default=False),
]


def export(
    campaign: Slug,
    format: Annotated[
        str, typer.Option(help=f"{', '.join(each.name for each in FileFormat)}, in small letters or large.")
    ],
    content: Annotated[
        str | None,
        typer.Option(
            help=f"{', '.join(each.name for each in ExportContent)}; left out, BALLOTS, or what the format holds.",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
    language: Annotated[str, typer.Option(help="zh, en or zh-Hant, of headings and texts in CSV.")] = "zh",
    progress: Annotated[bool, typer.Option("--progress", help="Show a bar although no terminal is there.")] = False,
) -> None:
    """Write a content of a campaign, as its staff see it, into a file or a pipe: docs/files.md says what there is."""
    as_format = FileFormat[_name(format, FileFormat.__members__, "--format", ALIASES)]
    held = EXPORTED[as_format]
    wanted = (DEFAULT if DEFAULT in held else held[0]).name if content is None else content
    as_content = ExportContent[_name(wanted, ExportContent.__members__, "--content", {})]
    in_language = Language[_name(language, Language.__members__, "--language", {})]
    with _bar(shown=progress) as report, _written(output) as file:
        asyncio.run(_export(campaign, as_content, as_format, in_language, report, file))


def _name(given: str, known: Collection[str], option: str, aliases: Mapping[str, str]) -> str:
    name = given.upper().replace("-", "_")
    name = aliases.get(name, name)
    if name not in known:
        raise CommandError(f"{option} is {given!r}; there are {', '.join(known)}")
    return name


async def _export(
    slug: str, content: ExportContent, format: FileFormat, language: Language, report: Report, file: BinaryIO
) -> None:
    settings = read_settings()
    async with open_migrated(settings) as database:
        now = found_clock(settings)()
        snapshot = await open_snapshots(database).refresh(now)
        campaign = find_campaign(snapshot.directory.published(now, snapshot.directory.drafts), slug, now)
        ranked = standings(campaign, snapshot.counts.get(campaign.slug, NOTHING), campaign.calendar.local(now))
        view = CampaignView(ranked, now, language, for_staff=True)
        await _copy(open_exports(database).write(content, format, view, report), file)


async def _copy(pieces: AsyncGenerator[bytes, None], file: BinaryIO) -> None:
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                file.write(piece)
    except ActFailed as refusal:
        raise CommandError(str(refusal)) from None


@contextmanager
def _bar(*, shown: bool) -> Iterator[Report]:
    """A function that shows how many rows of how many are written, where there is a terminal to show it on."""
    console = Console(stderr=True, force_terminal=True if shown else None)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("exporting", total=None)

        async def report(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield report


@contextmanager
def _written(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that is there whole in the end, or as it was before."""
    if output is None:
        yield sys.stdout.buffer
        return
    unfinished = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    try:
        file = unfinished.open("xb")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(output)) from None
    try:
        with file:
            yield file
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
