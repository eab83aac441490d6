"""Snapshots without the second of delay that they have elsewhere: a test sees what it has stored."""

from datetime import datetime, timedelta

from api.services.snapshots import MAX_AGE, Snapshot, Snapshots


class ImmediateSnapshots(Snapshots):
    """Refreshes for every request, because no snapshot ever grows old by a clock that stands still."""

    def at_hand(self, now: datetime, max_age: timedelta = MAX_AGE) -> None:
        """There is none: what is stored now may be another."""

    async def fresh(self, now: datetime, max_age: timedelta = MAX_AGE) -> Snapshot:
        """Make a snapshot of what is stored now, whatever max_age; return the one before, if it is equal."""
        before = self.newest
        newest = await self.refresh(now)
        if before == newest:
            self.newest = newest = before
        return newest
