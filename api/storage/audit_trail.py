"""The audit trail on a database: written with the change that an event records, or in the background; read newest first.

Of each kind of event that is written in the background, a process writes MAX_BURST at once and one a second on average;
what is beyond is counted, and the count written as one event a minute.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from api.clock import Clock
from api.domain.audit_trail import AuditEvent, RecordedEvent, TrailFilter, TrailKind
from api.storage.background_writer import BackgroundWriter
from api.storage.database.connection import Database, as_moment

COLUMNS = "at, kind, campaign, actor, details"
TYPES = ("timestamptz", "varchar", "varchar", "varchar", "jsonb")
WRITE = f"insert into trail ({COLUMNS}) {{}}"
READ_ON = f"select number, {COLUMNS} from trail where campaign = $1 and number > $2 order by number"  # noqa: S608 - columns only
MAX_BURST = 500  # events of a kind at once
SUMMARY_INTERVAL = 60.0  # seconds between two summaries of one kind


async def write(database: Database, events: Sequence[AuditEvent]) -> None:
    """Add events, in their order. Given a transaction, they are stored with everything else in it, or not at all."""
    await database.write_rows(WRITE, TYPES, [_row(event) for event in events])


async def read(
    database: Database, trail_filter: TrailFilter, limit: int | None, before: int | None = None
) -> tuple[RecordedEvent, ...]:
    """The events that pass the filter, the newest first, at most `limit` of them, with numbers below `before`."""
    condition, values = _condition(trail_filter, before)
    limited = "" if limit is None else f" limit {limit:d}"
    sql = f"select number, {COLUMNS} from trail where {condition} order by number desc{limited}"  # noqa: S608 - our own words only
    return tuple(_recorded_event(row) for row in await database.rows(sql, *values))


async def read_on(database: Database, campaign: str, after: int, limit: int) -> tuple[RecordedEvent, ...]:
    """The events of a campaign, the earliest first, at most `limit` of them, with numbers above `after`."""
    rows = await database.rows(f"{READ_ON} limit {limit:d}", campaign, after)
    return tuple(_recorded_event(row) for row in rows)


async def count(database: Database, trail_filter: TrailFilter) -> int:
    """How many events pass the filter."""
    condition, values = _condition(trail_filter, None)
    sql = f"select count(*) as total from trail where {condition}"  # noqa: S608 - as above
    return int((await database.rows(sql, *values))[0]["total"])


def _condition(trail_filter: TrailFilter, before: int | None) -> tuple[str, list[object]]:
    """The SQL of a filter, and the values of its placeholders."""
    comparisons: list[tuple[str, object]] = []
    if trail_filter.campaign is not None:
        comparisons.append(("campaign =", trail_filter.campaign))
    if trail_filter.since is not None:
        comparisons.append(("at >=", trail_filter.since))
    if before is not None:
        comparisons.append(("number <", before))
    conditions = ["1 = 1"] + [f"{comparison} ${place}" for place, (comparison, _) in enumerate(comparisons, 1)]
    if trail_filter.kinds:
        names = ", ".join(f"'{kind.name}'" for kind in trail_filter.kinds)
        conditions.append(f"kind in ({names})")
    return " and ".join(conditions), [value for _, value in comparisons]


def _row(event: AuditEvent) -> tuple[object, ...]:
    details = json.dumps(dict(event.details), ensure_ascii=False)
    return (event.at, event.kind.name, event.campaign, event.actor, details)


def _recorded_event(row: dict[str, Any]) -> RecordedEvent:
    details = json.loads(row["details"]) if isinstance(row["details"], str) else row["details"]
    event = AuditEvent(as_moment(row["at"]), TrailKind[row["kind"]], row["campaign"], row["actor"], details)
    return RecordedEvent(row["number"], event)


class SqlAuditTrail:
    """ports.AuditTrail on a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._writer = BackgroundWriter("entries of the trail", partial(write, database), EventBudgets(clock))

    def note(self, event: AuditEvent) -> None:
        """Have an event written within about a second. No more than MAX_BURST of each kind wait, the database away or not."""
        self._writer.add([event])

    async def events(
        self, trail_filter: TrailFilter, limit: int, before: int | None = None
    ) -> tuple[RecordedEvent, ...]:
        """The newest events; those of the last second may be missing."""
        return await read(self._database, trail_filter, limit, before)

    async def count(self, trail_filter: TrailFilter) -> int:
        """How many events pass the filter."""
        return await count(self._database, trail_filter)

    async def drain(self) -> None:
        """Write what waits, at once; what the database does not take in time is lost, and the log says so."""
        await self._writer.drain()


class EventBudgets:
    """The policy of the writer's queue: a token bucket for each kind, and summaries that count what was left out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._budgets: dict[TrailKind, _EventBudget] = {}

    def admits(self, event: AuditEvent, waiting: int) -> bool:
        """Whether its kind has budget left."""
        now = self._clock()
        return self._budgets.setdefault(event.kind, _EventBudget(now)).take(now)

    @property
    def has_unreported(self) -> bool:
        """Whether a summary is still to be written, now or later."""
        return any(budget.omitted for budget in self._budgets.values())

    def report(self, *, closing: bool) -> list[AuditEvent]:
        """The summaries that are due: at most one a minute of each kind, and all of them when closing."""
        now = self._clock()
        return [
            AuditEvent(now, kind, details={"omitted": budget.summarise(now)})
            for kind, budget in self._budgets.items()
            if budget.is_due(now) or (budget.omitted and closing)
        ]


@dataclass
class _EventBudget:
    """How many events of one kind may still be written, and how many were not since the last summary."""

    refilled_at: datetime
    left: float = MAX_BURST
    omitted: int = 0
    summarised_at: datetime | None = None

    def take(self, now: datetime) -> bool:
        """Whether one more may be written; else it is counted as omitted."""
        self.left = min(MAX_BURST, self.left + max(0.0, (now - self.refilled_at).total_seconds()))
        self.refilled_at = now
        admitted = self.left >= 1
        self.left -= admitted
        self.omitted += not admitted
        return admitted

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to say how many were omitted."""
        last = self.summarised_at
        return self.omitted > 0 and (last is None or (now - last).total_seconds() >= SUMMARY_INTERVAL)

    def summarise(self, now: datetime) -> int:
        """How many were omitted; from now on they are counted anew."""
        omitted, self.omitted, self.summarised_at = self.omitted, 0, now
        return omitted
