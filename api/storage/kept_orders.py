"""The orders of results that cursors refer to: a small row each, compressed, and deleted a day after it was last in use."""

import zlib

from api.storage.database.connection import Database

KEPT_FOR = 25 * 3600  # seconds: a day, and the hour for which a process does not say again that an order is in use
SWEEP_INTERVAL = 3600  # seconds
KEEP = (
    "insert into kept_orders (id, places, seen_at) values ($1, $2, $3) "
    "on conflict (id) do update set seen_at = excluded.seen_at where kept_orders.seen_at < excluded.seen_at"
)
DELETE = "delete from kept_orders where seen_at < $1"


class SqlOrderStore:
    """ports.OrderStore on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._swept_at = 0

    async def keep(self, key: str, places: bytes, now: int) -> None:
        """Store an order, or that it is in use again. Once an hour, delete those that no longer are."""
        await self._database.rows(KEEP, key, zlib.compress(places), now)
        if now - self._swept_at >= SWEEP_INTERVAL:
            await self._database.rows(DELETE, now - KEPT_FOR)
            self._swept_at = now

    async def find(self, key: str) -> bytes | None:
        """The order under this key."""
        rows = await self._database.rows("select places from kept_orders where id = $1", key)
        return zlib.decompress(bytes(rows[0]["places"])) if rows else None
