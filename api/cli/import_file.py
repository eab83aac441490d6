"""The command `import`: a file becomes a campaign with its ballots, in this process."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, BinaryIO
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.bootstrap.app import open_services
from api.bootstrap.services import Services
from api.cli.errors import CommandError
from api.cli.import_outcome import refuse, show
from api.cli.import_sheets import ChannelName, Day, Place, SheetOptions, SkipRefused, import_sheet, sheet_terms
from api.domain.campaigns.problems import ActFailed
from api.domain.exchange.formats import FileFormat, ImportContent
from api.domain.exchange.jobs import ImportTerms, Job
from api.domain.texts import Language
from api.domain.voting.channels import Channel
from api.services.jobs.attempt import Show
from api.services.jobs.endings import of_file
from api.services.jobs.operator_imports import Imported, OperatorFile, OperatorImports
from api.settings import read_settings
from api.settings.kept_clock import found_clock
from api.settings.kept_secret import found_secret
from api.storage.campaigns import SqlCampaigns
from api.storage.imports import SqlImports

STDIN = "-"
PIECE = 1 << 20  # bytes of a file that are read at once
ALIASES = {"PB": "PABULIB", "JSONL": "JSON_LINES"}
SUFFIXES = {".pb": FileFormat.PABULIB, ".toml": FileFormat.TOML, ".csv": FileFormat.CSV}
TOML_BEGINS = (b"[", b"slug", b"title", b"languages", b"organizer", b"time_zone", b"edition")


File = Annotated[
    Path,
    typer.Argument(
        help="A Pabulib file (.pb), a campaign file (.toml), or a sheet of ballots or projects (.csv); - for standard input."
    ),
]
Slug = Annotated[
    str | None,
    typer.Option("--slug", "--campaign", help="The campaign's; left out, one is made of the file.", show_default=False),
]
FormatName = Annotated[
    str | None, typer.Option(help="pabulib, toml or csv; left out, it is guessed.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="What came of it as one line of JSON.")]
LanguageName = Annotated[str, typer.Option(help="en or zh, of what is wrong.")]
ShowsBar = Annotated[bool, typer.Option("--progress", help="Show a bar although no terminal is there.")]


def import_(
    file: File,
    slug: Slug = None,
    format: FormatName = None,
    place: Place = None,
    day: Day = None,
    channel: ChannelName = Channel.PAPER.name,
    skip_refused: SkipRefused = False,
    as_json: AsJson = False,
    language: LanguageName = "en",
    progress: ShowsBar = False,
) -> None:
    """Make a campaign of a file, with its ballots; or bring projects, or ballots of a polling place, into one that there is.

    Exit 1, and nothing is kept, where the file is not in order. Cut off, run it again with the same file: it goes on.
    """
    in_language, name = _language(language), "stdin" if str(file) == STDIN else str(file)
    try:
        with _opened(file) as content, _bar(shown=progress) as show_progress:
            terms = ImportTerms(ImportContent.CAMPAIGN, _format(format, file, content), Path(name).name)
            of_sheet = sheet_terms(terms, slug, SheetOptions(place, day, channel, skip_refused))
            imported = asyncio.run(_import(content, of_sheet or terms, slug, in_language, show_progress))
    except ActFailed as error:
        refuse(name, [of_file(problem) for problem in error.problems], in_language, as_json=as_json)
    show(name, imported, in_language, as_json=as_json)


async def _import(content: BinaryIO, terms: ImportTerms, slug: str | None, language: Language, show: Show) -> Imported:
    """Import a file, or go on with an import of it. Raises ActFailed; cut off, it leaves nothing behind."""
    file = _operator_file(content)
    settings = read_settings().with_secret(found_secret)
    async with open_services(settings, found_clock(settings)) as services:
        if terms.content is not ImportContent.CAMPAIGN:
            return await import_sheet(services, file, terms, slug or "", language, show)
        imports = OperatorImports(services.jobs, SqlImports(services.database))
        if (earlier := await imports.earlier(file, slug)) is not None:
            return earlier
        job = await imports.job(file, terms, slug, language)
        try:
            imported = await imports.run(job, file, show)
        except asyncio.CancelledError:
            await imports.give_up(job, show)
            raise
        if imported.result.accepted > 0:
            await _tell_of_the_clock(services, imported.campaign)
        return imported


async def _tell_of_the_clock(services: Services, slug: str) -> None:
    """Say so where the clock, as that of a demonstration, stands before the vote whose ballots have come in."""
    campaign, now = await SqlCampaigns(services.database).campaign(slug), services.clock()
    if campaign is not None and now < campaign.window.opens_at:
        zone = ZoneInfo(campaign.time_zone)
        today, opening = now.astimezone(zone).date(), campaign.window.opens_at.astimezone(zone).date()
        typer.echo(
            f"by the clock here it is {today}, and {slug} opens on {opening}: until then its results are empty. "
            "Run server and commands with a later PINGXUAN_CLOCK",
            err=True,
        )


def _language(name: str) -> Language:
    if name.upper() not in Language.__members__:
        raise typer.BadParameter(f"{name} is no language here; give en or zh.", param_hint="--language")
    return Language[name.upper()]


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """A file that can be read more than once: standard input is kept on the disk meanwhile."""
    if str(file) != STDIN:
        with file.open("rb") as content:
            yield content
        return
    with TemporaryFile() as kept:
        while piece := sys.stdin.buffer.read(PIECE):
            kept.write(piece)
        kept.seek(0)
        yield kept


def _operator_file(content: BinaryIO) -> OperatorFile:
    content.seek(0)
    digest, size = sha256(), 0
    while piece := content.read(PIECE):
        digest.update(piece)
        size += len(piece)

    async def pieces(start: int) -> AsyncIterator[bytes]:
        content.seek(start)
        for piece in iter(partial(content.read, PIECE), b""):
            yield piece

    return OperatorFile(digest.hexdigest(), size, pieces)


def _format(given: str | None, file: Path, content: BinaryIO) -> FileFormat:
    """The format that was asked for, or as the file's name or its beginning tell."""
    if given is not None:
        name = given.upper().replace("-", "_")
        name = ALIASES.get(name, name)
        if name not in FileFormat.__members__:
            raise CommandError(f"--format is {given!r}; there are {', '.join(FileFormat.__members__)}")
        return FileFormat[name]
    if file.suffix.lower() in SUFFIXES:
        return SUFFIXES[file.suffix.lower()]
    begin = content.read(PIECE).removeprefix(b"\xef\xbb\xbf")
    content.seek(0)
    lines = (line.strip() for line in begin.splitlines())
    first = next((line for line in lines if line and not line.startswith(b"#")), b"")
    return FileFormat.TOML if first.startswith(TOML_BEGINS) else FileFormat.PABULIB


@contextmanager
def _bar(*, shown: bool) -> Iterator[Show]:
    """What shows the progress of a job, where there is a terminal to show it on."""
    console = Console(stderr=True, force_terminal=True if shown else None)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=None)

        def show(job: Job) -> None:
            bar.update(
                task, completed=job.done, total=job.total, description="reading" if job.total is None else "casting"
            )

        yield show
