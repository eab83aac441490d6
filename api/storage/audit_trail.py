"""How the trail is written and read."""

import json
from collections.abc import Sequence
from typing import Any

from api.domain.audit_trail import AuditEvent, RecordedEvent, TrailFilter, TrailKind
from api.storage.database.connection import Database, as_moment

COLUMNS = "at, kind, campaign, actor, details"
TYPES = ("timestamptz", "varchar", "varchar", "varchar", "jsonb")
WRITE = f"insert into trail ({COLUMNS}) {{}}"


async def write(transaction: Database, entries: Sequence[AuditEvent]) -> None:
    """Add entries, in their order: with what they record when it is given that transaction, or not at all."""
    await transaction.write_rows(WRITE, TYPES, [_row(entry) for entry in entries])


async def read(
    database: Database, wanted: TrailFilter, limit: int | None, before: int | None = None
) -> tuple[RecordedEvent, ...]:
    """The wanted entries, the newest first, at most `limit` of them, with numbers below `before`."""
    condition, values = _condition(wanted, before)
    most = "" if limit is None else f" limit {limit:d}"
    sql = f"select number, {COLUMNS} from trail where {condition} order by number desc{most}"  # noqa: S608 - our own words only
    return tuple(_recorded(row) for row in await database.rows(sql, *values))


async def count(database: Database, wanted: TrailFilter) -> int:
    """How many entries are wanted."""
    condition, values = _condition(wanted, None)
    sql = f"select count(*) as total from trail where {condition}"  # noqa: S608 - as above
    return int((await database.rows(sql, *values))[0]["total"])


def _condition(wanted: TrailFilter, before: int | None) -> tuple[str, list[object]]:
    asked: list[tuple[str, object]] = []
    if wanted.campaign is not None:
        asked.append(("campaign =", wanted.campaign))
    if wanted.since is not None:
        asked.append(("at >=", wanted.since))
    if before is not None:
        asked.append(("number <", before))
    conditions = ["1 = 1"] + [f"{comparison} ${place}" for place, (comparison, _) in enumerate(asked, 1)]
    if wanted.kinds:
        names = ", ".join(f"'{kind.name}'" for kind in wanted.kinds)
        conditions.append(f"kind in ({names})")
    return " and ".join(conditions), [value for _, value in asked]


def _row(entry: AuditEvent) -> tuple[object, ...]:
    details = json.dumps(dict(entry.details), ensure_ascii=False)
    return (entry.at, entry.kind.name, entry.campaign, entry.actor, details)


def _recorded(row: dict[str, Any]) -> RecordedEvent:
    details = json.loads(row["details"]) if isinstance(row["details"], str) else row["details"]
    entry = AuditEvent(as_moment(row["at"]), TrailKind[row["kind"]], row["campaign"], row["actor"], details)
    return RecordedEvent(row["number"], entry)
