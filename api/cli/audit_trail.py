"""The command `trail`: print the audit trail."""

import asyncio
import json
from datetime import datetime
from typing import Annotated

import typer

from api.bootstrap.database import open_migrated
from api.cli.errors import CommandError
from api.domain.audit_trail import RecordedEvent, TrailFilter, TrailKind
from api.settings import parsers, read_settings
from api.storage.audit_trail import read

Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="Only this kind; may be given several times.", show_default=False)
]


def trail(
    kind: Kinds = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="INSTANT",
            help="Only entries from this moment on, such as 2017-03-22T09:00:00+08:00.",
            show_default=False,
        ),
    ] = None,
    campaign: Annotated[str | None, typer.Option(help="Only entries of the campaign with this slug.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, one entry a line.")] = False,
) -> None:
    """Print what has been put on record, the oldest first."""
    moment = None if since is None else _parse_moment(since)
    trail_filter = TrailFilter(tuple(map(_parse_kind, kind or ())), campaign, moment)
    for recorded in reversed(asyncio.run(_read(trail_filter))):
        typer.echo(_format_json(recorded) if as_json else _format_line(recorded))


async def _read(trail_filter: TrailFilter) -> tuple[RecordedEvent, ...]:
    async with open_migrated(read_settings()) as database:
        return await read(database, trail_filter, limit=None)


def _parse_moment(text: str) -> datetime:
    try:
        return parsers.instant(text)
    except ValueError as error:
        raise CommandError(f"--since is {text!r}: {error}.") from None


def _parse_kind(name: str) -> TrailKind:
    if name.upper() in TrailKind.__members__:
        return TrailKind[name.upper()]
    raise CommandError(f"{name} is no kind of entry; there are {', '.join(TrailKind.__members__)}")


def _format_json(recorded: RecordedEvent) -> str:
    event = recorded.event
    fields = {
        "number": recorded.number,
        "at": event.at.isoformat(),
        "kind": event.kind.name,
        "campaign": event.campaign,
        "actor": event.actor,
        "details": dict(event.details),
    }
    return json.dumps(fields, ensure_ascii=False)


def _format_line(recorded: RecordedEvent) -> str:
    event = recorded.event
    details = " ".join(f"{name}={_format_value(value)}" for name, value in event.details.items())
    columns = (event.at.isoformat(timespec="seconds"), event.kind.name, event.campaign, event.actor, details)
    return "  ".join(column or "-" for column in columns)


def _format_value(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
