"""The command `trail`: print the audit trail."""

import asyncio
import json
from datetime import datetime
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.cli.errors import CommandError
from api.domain.audit_trail import RecordedEvent, TrailFilter, TrailKind
from api.settings import read_settings
from api.storage.audit_trail import read

Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="Only this kind; may be given several times.", show_default=False)
]


def trail(
    kind: Kinds = None,
    since: Annotated[
        datetime | None, typer.Option(help="Only entries from this moment on, such as 2017-03-22T09:00:00+08:00.")
    ] = None,
    campaign: Annotated[str | None, typer.Option(help="Only entries of the campaign with this slug.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, one entry a line.")] = False,
) -> None:
    """Print what has been put on record, the oldest first."""
    wanted = TrailFilter(tuple(map(_kind, kind or ())), campaign, since)
    for recorded in reversed(asyncio.run(_read(wanted))):
        typer.echo(_as_json(recorded) if as_json else _as_line(recorded))


async def _read(wanted: TrailFilter) -> tuple[RecordedEvent, ...]:
    async with open_migrated(read_settings()) as database:
        return await read(database, wanted, limit=None)


def _kind(name: str) -> TrailKind:
    if name.upper() in TrailKind.__members__:
        return TrailKind[name.upper()]
    raise CommandError(f"{name} is no kind of entry; there are {', '.join(TrailKind.__members__)}")


def _as_json(recorded: RecordedEvent) -> str:
    entry = recorded.entry
    fields = {
        "number": recorded.number,
        "at": entry.at.isoformat(),
        "kind": entry.kind.name,
        "campaign": entry.campaign,
        "actor": entry.actor,
        "details": dict(entry.details),
    }
    return json.dumps(fields, ensure_ascii=False)


def _as_line(recorded: RecordedEvent) -> str:
    entry = recorded.entry
    details = " ".join(f"{name}={_words(value)}" for name, value in entry.details.items())
    words = (entry.at.isoformat(timespec="seconds"), entry.kind.name, entry.campaign, entry.actor, details)
    return "  ".join(word or "-" for word in words)


def _words(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
