"""The command that decides stages again from their records, and compares with what was announced."""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.cli.errors import CommandError
from api.domain.campaigns.campaign import Campaign
from api.domain.selection.decided import Decided
from api.domain.selection.plain_values import RecordError
from api.domain.selection.replay import compare, is_same_outcome, replay, replay_version
from api.domain.selection.versions import SelectionTexts, SelectionVersion
from api.services.listing import find_campaign
from api.settings import read_settings
from api.settings.kept_clock import found_clock
from api.storage.campaigns import SqlCampaigns
from api.storage.selections import SqlSelections

STANDARD_INPUT = "-"
File = Annotated[
    str | None,
    typer.Argument(help="A record, as `Selection.record` gives it; - is standard input.", show_default=False),
]
Slug = Annotated[
    str | None, typer.Option("--campaign", help="Its slug; left out, the featured campaign.", show_default=False)
]
StageCode = Annotated[
    str | None, typer.Option("--stage", help="Its code; left out, every stage of the campaign.", show_default=False)
]


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version as it is stored, with its record and its trace."""

    version: SelectionVersion
    texts: SelectionTexts


def replay_selection(
    file: File = None,
    campaign: Slug = None,
    stage: StageCode = None,
    digest: Annotated[str | None, typer.Option(help="The digest that was announced.", show_default=False)] = None,
    trace: Annotated[Path | None, typer.Option(help="The trace that was published.", show_default=False)] = None,
) -> None:
    """Decide a stage again from its record alone, and print the trace; docs/selection.md states it. Exit 1 if anything differs.

    Without a file, all versions in the database are replayed, and compared with what is stored; with --stage, the trace of
    the one that holds is printed.
    """
    if file is None:
        if digest or trace:
            raise CommandError("--digest and --trace belong to a record in a file; the database has its own.")
        _replay_stored(campaign, stage)
        return
    if campaign or stage:
        raise CommandError("Name a file with a record, or a campaign and its stage in the database, not both.")
    decided = replay(_text(file))
    _print(decided)
    wrong = compare(decided, digest and digest.lower(), _text(str(trace)) if trace else None)
    _tell([f"{file}: {sentence}" for sentence in wrong])


def _replay_stored(slug: str | None, stage: str | None) -> None:
    found, versions = asyncio.run(_versions(slug, stage))
    where = found.slug if stage is None else f"{found.slug} {stage}"
    if not versions:
        raise CommandError(f"{where}: nothing has been decided yet; there is nothing to replay.")
    shown = versions[-1] if stage else None
    _tell([sentence for stored in versions for sentence in _replay_one(found, stored, is_printed=stored is shown)])


def _replay_one(campaign: Campaign, stored: StoredVersion, *, is_printed: bool) -> Iterator[str]:
    version = stored.version
    where = f"{campaign.slug} {version.stage} version {version.version}"
    try:
        again = replay_version(stored.texts.record, version.digest, stored.texts.trace)
    except RecordError as error:
        yield f"{where}: the record cannot be read: {error}"
        return
    if is_printed:
        _print(again.decided)
    for sentence in again.wrong:
        yield f"{where}: {sentence}"
    if not is_same_outcome(again.decided.outcome, version.outcome):
        yield f"{where}: the outcome that is shown is not what the record comes to"
    elif not again.wrong:
        typer.echo(f"{where}: the same to the byte, digest {version.digest}", err=True)


async def _versions(slug: str | None, stage: str | None) -> tuple[Campaign, list[StoredVersion]]:
    settings = read_settings()
    async with open_migrated(settings) as database:
        campaign = find_campaign(await SqlCampaigns(database).directory(), slug, found_clock(settings)())
        codes = [each.code for each in campaign.stages]
        if stage is not None and stage not in codes:
            raise CommandError(f"{campaign.slug} has no stage {stage}; it has {', '.join(codes)}.")
        selections, found = SqlSelections(database), list[StoredVersion]()
        for code in [stage] if stage else codes:
            for version in await selections.versions(campaign.slug, code):
                if texts := await selections.texts(campaign.slug, code, version.version):
                    found.append(StoredVersion(version, texts))
        return campaign, found


def _text(file: str) -> str:
    """Read a text in UTF-8 as it is, line ends included."""
    try:
        return (sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: byte {error.start} is no UTF-8; give the file as it was published.") from error


def _print(decided: Decided) -> None:
    """Print the trace in UTF-8, whatever the terminal's encoding, so that its SHA-256 is the digest."""
    typer.echo(decided.trace.encode(), nl=False)
    typer.echo(f"digest {decided.digest}", err=True)


def _tell(wrong: list[str]) -> None:
    for sentence in wrong:
        typer.echo(sentence, err=True)
    if wrong:
        raise typer.Exit(1)
