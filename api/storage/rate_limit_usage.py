"""How do processes tell each other what callers have spent? One small upsert a second, and nothing is kept for long."""

from collections.abc import Mapping

from api.storage.database.connection import Database

TTL_PERIODS = 2  # periods before the present one whose rows are left, for processes whose clocks are a little behind
ADD = (
    "insert into spendings (id, period, spent) {} "
    "on conflict (id) do update set spent = spendings.spent + excluded.spent returning id, spent"
)
FORGET = "delete from spendings where period < $1"


class SqlRateLimitUsage:
    """ports.RateLimitUsage on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._forgotten = 0

    async def add(self, spent: Mapping[str, int], period: int) -> Mapping[str, int]:
        """Add these, all at once, and return the sums."""
        rows = [(key, period, count) for key, count in sorted(spent.items())]  # one order: no two wait in a circle
        sums = await self._database.write_rows(ADD, ("text", "bigint", "integer"), rows)
        if period != self._forgotten:
            await self._database.rows(FORGET, period - TTL_PERIODS)
            self._forgotten = period
        return {row["id"]: row["spent"] for row in sums}
