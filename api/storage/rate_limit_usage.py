"""The usage of rate limits that processes share: one small upsert a second each, and nothing is kept for long."""

from collections.abc import Mapping

from api.storage.database.connection import Database

TTL_PERIODS = 2  # periods before the present one whose rows are kept, for processes whose clocks are a little behind
ADD = (
    "insert into spendings (id, period, spent) {} "
    "on conflict (id) do update set spent = spendings.spent + excluded.spent returning id, spent"
)
DELETE = "delete from spendings where period < $1"


class SqlRateLimitUsage:
    """ports.RateLimitUsage on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cleaned_in = 0

    async def add(self, usage: Mapping[str, int], period: int) -> Mapping[str, int]:
        """Add to the usage of each key in this period, all at once; return the sums of all processes."""
        rows = [(key, period, count) for key, count in sorted(usage.items())]  # one order: no two wait in a circle
        sums = await self._database.write_rows(ADD, ("text", "bigint", "integer"), rows)
        if period != self._cleaned_in:
            await self._database.rows(DELETE, period - TTL_PERIODS)
            self._cleaned_in = period
        return {row["id"]: row["spent"] for row in sums}
