"""The commands about the ballot logs: how they stand, their keys, going on after a loss, and saving them as files."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from api.bootstrap.ballot_log import origin_prefix
from api.cli.errors import CommandError
from api.cli.log_context import OpenLogs, open_logs
from api.domain.log.published_log import PublishedLog
from api.domain.texts import counted
from api.ports.log import Log
from api.services.listing import find_campaign
from api.services.log.continuing import LogContinuation
from api.services.log.log_files import LogFiles
from api.services.log.log_state import LogState
from api.settings import read_settings
from api.transparency.key_file import make_key_file, read_keys
from api.transparency.log_keys import LogKeys

log = typer.Typer(help="Look after the ballot logs; docs/operations.md says when to do what.", no_args_is_help=True)
Slug = Annotated[
    str | None, typer.Option("--campaign", help="Its slug; left out, the featured campaign.", show_default=False)
]
CONSEQUENCES = """From now on the campaign has another log:
  - its first entry commits to the head of the old one, and all ballots and rulings are sealed in it anew;
  - its name is new, so whoever keeps the old one's key or policy needs the new one's: tell your witnesses first;
  - the old log is served as it is, and never signed again; receipts that name it go on being valid."""


@log.command()
def state(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, one object a campaign.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the witnesses.")] = False,
) -> None:
    """Show how each log stands, and what anchor and witnesses say of it. Exit 1 where one must not be signed."""
    states = asyncio.run(_states(offline=offline))
    if as_json:
        typer.echo(json.dumps([_summary(each) for each in states], ensure_ascii=False, indent=2))
    for each in [] if as_json else states:
        typer.echo("\n".join(_lines(each)))
    if any(each.problem is not None for each in states):
        raise typer.Exit(1)


@log.command()
def keys(
    file: Annotated[Path, typer.Argument(help="The file with the keys; made if there is none.", show_default=False)],
    origin: Annotated[
        str | None,
        typer.Option(help="The log's name; left out, what the names of all logs here begin with.", show_default=False),
    ] = None,
) -> None:
    """Print the public keys of a key file under a log's name. Make the file with new keys where there is none."""
    if not file.exists():
        if not file.parent.is_dir():
            raise CommandError(f"{file} cannot be made: there is no folder {file.parent}.")
        make_key_file(file)
        typer.echo(f"{file}: made. Keep it secret, and a copy of it elsewhere.", err=True)
    logs, name = LogKeys(read_keys(file)), origin or origin_prefix(read_settings())
    for key in (*logs.verifier_keys(name), *logs.receipt_keys(name), *logs.retired_keys(name)):
        typer.echo(key)


@log.command("continue")
def continue_(
    campaign: Annotated[str, typer.Argument(help="Its slug.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Go on with a log under a new name, after its database has lost what was published. docs/operations.md says when."""
    if not yes:
        typer.confirm(f"{CONSEQUENCES}\nGo on with the log of {campaign} under a new name?", abort=True)
    begun, verifiers = asyncio.run(_continue(campaign))
    head = begun.continues or {}
    typer.echo(
        f"{campaign}: {begun.origin} continues {head['origin']} at {head['size']:,} entries, root {head['root']}"
    )
    for key in verifiers:
        typer.echo(key)


@log.command()
def save(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.", show_default=False)],
    campaign: Slug = None,
    generation: Annotated[int, typer.Option(min=0, help="Which of its logs; 0: the newest that is published.")] = 0,
) -> None:
    """Write all that is published of a log into a folder, as it is served, for `pingxuan verify`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"{folder} is there already, and is no empty folder: name a new one.")
    origin, size = asyncio.run(_save(folder, campaign, generation))
    typer.echo(f"{folder}: {origin}, {size:,} entries")


async def _states(*, offline: bool) -> list[LogState]:
    async with open_logs() as opened, opened.inspection(offline=offline) as inspection:
        directory = await opened.campaigns.directory()
        return await inspection.states(slug for slug in directory.campaigns if slug not in directory.drafts)


async def _continue(slug: str) -> tuple[Log, tuple[str, ...]]:
    async with open_logs() as opened:
        campaign = find_campaign(await opened.campaigns.directory(), slug, opened.now)
        try:
            begun = await LogContinuation(opened.store, opened.anchor, opened.directory).continue_log(campaign.slug)
        except LookupError:
            raise CommandError(f"{slug} has no log yet that could go on.") from None
        return begun, () if opened.keys is None else opened.keys.verifier_keys(begun.origin)


async def _save(folder: Path, slug: str | None, generation: int) -> tuple[str, int]:
    async with open_logs() as opened:
        campaign = find_campaign(await opened.campaigns.directory(), slug, opened.now)
        found = await _published(opened, campaign.slug, generation)
        files = LogFiles(opened.published, opened.openings, campaign, opened.now)
        try:
            async for path, content in files.of(found):
                file = folder / path
                await asyncio.to_thread(_write, file, content)
        except LookupError as error:
            raise CommandError(
                f"{found.origin} lacks {error}, which it has published: see `pingxuan log state`."
            ) from None
        return found.origin, found.size


async def _published(opened: OpenLogs, slug: str, generation: int) -> PublishedLog:
    """The generation that is asked for, the newest of which anything is published where that is 0."""
    generations = (await opened.reader.logs()).get(slug, ())
    shown = [each for each in generations if each.size and generation in (0, each.generation)]
    if not shown:
        asked = f"generation {generation} of the log" if generation else "the log"
        raise CommandError(f"Nothing is published of {asked} of {slug} yet; `pingxuan log state` says why.")
    return shown[-1]


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _summary(each: LogState) -> dict[str, Any]:
    return {
        "campaign": each.campaign,
        "origin": each.origin,
        "generation": each.generation,
        "sealed": each.sealed,
        "published": each.published,
        "publishedAt": each.published_at and each.published_at.isoformat(),
        "waiting": each.waiting,
        "anchored": each.anchored,
        "problem": each.problem,
        "witnesses": [
            {"name": one.name, "cosignedAt": one.cosigned_at and one.cosigned_at.isoformat(), "answer": one.answer}
            for one in each.witnesses
        ],
    }


def _lines(each: LogState) -> list[str]:
    when = f" since {each.published_at.isoformat(timespec='seconds')}" if each.published_at else ""
    anchored = "has nothing of it" if each.anchored is None else f"has {each.anchored:,}"
    lines = [
        f"{each.campaign}: {each.origin}",
        f"  {each.published:,} entries are published{when}, {each.sealed:,} sealed; "
        f"{counted(each.waiting, 'ballot', grouped=True)} waiting; the anchor {anchored}",
    ]
    for one in each.witnesses:
        at = f"cosigned it at {one.cosigned_at.isoformat()}; now: " if one.cosigned_at else "has not cosigned it; now: "
        lines.append(f"  witness {one.name} {at}{one.answer}")
    return [*lines, f"  IT IS NOT SIGNED: {each.problem}"] if each.problem else lines
