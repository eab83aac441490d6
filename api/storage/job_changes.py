"""Which jobs have changed: one small query for however many are watched."""

from collections.abc import Collection, Mapping

from api.domain.exchange.jobs import JobMark, JobState
from api.storage.database.connection import Database

MARKS = "select key, state, received, size, done, total, problem_count, campaign, cancel_requested from jobs where key in ({})"


class SqlJobChanges:
    """ports.JobChanges on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def marks(self, keys: Collection[str]) -> Mapping[str, JobMark]:
        """The marks of these jobs as they are stored now, by id; those that are gone are missing."""
        placeholders = ", ".join(f"${number}" for number in range(1, len(keys) + 1))
        rows = await self._database.rows(MARKS.format(placeholders), *sorted(keys))
        return {
            row["key"]: JobMark(
                JobState[row["state"]],
                row["received"],
                row["size"],
                row["done"],
                row["total"],
                row["problem_count"],
                row["campaign"],
                bool(row["cancel_requested"]),
            )
            for row in rows
        }
