"""Reminders on a database. A lease is one statement, so that of all processes that try it one has it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.domain.people.reminders import Reminder, ReminderKind
from api.domain.texts import Language
from api.ports.reminders import Lease
from api.storage.ballots.lookup import placeholders
from api.storage.database.connection import Database, as_moment
from api.storage.database.urls import Dialect

COLUMNS = "key, campaign_id, kind, send_at, language, owner, recipient"
ADD = f"""
    insert into reminders ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (owner, kind) do update set key = excluded.key, send_at = excluded.send_at, language = excluded.language,
        recipient = excluded.recipient, lease = null, leased_until = null
"""  # noqa: S608 - our own words
DUE = "send_at <= $1 and (leased_until is null or leased_until <= $2)"
LOOK = f"select 1 as one from reminders where {DUE} limit 1"  # noqa: S608 - as above
CLAIM = (
    "update reminders set lease = $3, leased_until = $4 "  # noqa: S608 - as above
    f"where key in (select key from reminders where {DUE} order by send_at, key limit $5{{}}) returning {COLUMNS}"
)
SKIP_LOCKED = " for update skip locked"  # SQLite lets only one write at all
FINISH = "delete from reminders where key = $1 and lease = $2"
PUT_OFF = "update reminders set send_at = $3, lease = null, leased_until = $4 where key = $1 and lease = $2"
LATE = "select 1 as one from reminders where send_at < $1 limit 1"
DELETE_LATE = "delete from reminders where send_at < $1"


class SqlReminders:
    """ports.reminders.ReminderStore on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, reminder: Reminder) -> None:
        """Store a reminder, in the place of any of its owner's of the same kind."""
        terms = reminder.kind.name, reminder.send_at, reminder.language.name, reminder.owner, reminder.recipient
        await self._database.rows(ADD, reminder.key, reminder.campaign, *terms)

    async def of(self, owners: Sequence[str]) -> tuple[Reminder, ...]:
        """The reminders of these owners, by when they are sent."""
        sql = f"select {COLUMNS} from reminders where owner in ({placeholders(owners)}) order by send_at, key"  # noqa: S608 - placeholders
        return _reminders(await self._database.rows(sql, *owners))

    async def cancel(self, key: str, owners: Sequence[str]) -> Reminder | None:
        """Delete a reminder if it is one of these owners', and return it."""
        places = placeholders([*owners, key])
        owned, _, last = places.rpartition(", ")
        sql = f"delete from reminders where owner in ({owned}) and key = {last} returning {COLUMNS}"  # noqa: S608 - placeholders
        return next(iter(_reminders(await self._database.rows(sql, *owners, key))), None)

    async def claim(self, worker: str, now: datetime, lease: Lease, limit: int) -> tuple[Reminder, ...]:
        """Take up reminders that are due. Looks first, since a claim writes."""
        if not await self._database.rows(LOOK, now, lease.since):
            return ()
        sql = CLAIM.format(SKIP_LOCKED if self._database.dialect is Dialect.POSTGRES else "")
        return _reminders(await self._database.rows(sql, now, lease.since, worker, lease.until, limit))

    async def finish(self, key: str, worker: str) -> None:
        """Delete a reminder that this worker still holds."""
        await self._database.rows(FINISH, key, worker)

    async def put_off(self, key: str, worker: str, send_at: datetime, not_before: datetime | None = None) -> None:
        """Let go of a reminder that this worker still holds."""
        await self._database.rows(PUT_OFF, key, worker, send_at, not_before)

    async def delete_late(self, before: datetime) -> None:
        """Delete every reminder that should have been sent before this moment. Looks first, since a deletion writes."""
        if await self._database.rows(LATE, before):
            await self._database.rows(DELETE_LATE, before)


def _reminders(rows: Sequence[dict[str, Any]]) -> tuple[Reminder, ...]:
    return tuple(
        Reminder(
            row["key"],
            row["campaign_id"],
            ReminderKind[row["kind"]],
            as_moment(row["send_at"]),
            Language[row["language"]],
            row["owner"],
            bytes(row["recipient"]),
        )
        for row in rows
    )
