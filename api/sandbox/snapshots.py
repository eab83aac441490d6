"""What readers see in a sandbox: everything that has been stored by now, not by a second ago."""

from datetime import datetime, timedelta

from api.services.snapshots import MAX_AGE, Snapshot, Snapshots


class ImmediateSnapshots(Snapshots):
    """Reads what is stored for every request: under a clock that stands still nothing would ever be a second old."""

    async def fresh(self, now: datetime, age: timedelta = MAX_AGE) -> Snapshot:
        """A snapshot of what was stored when it was asked for, whatever age would do; the one before, if it is the same."""
        before = self.newest
        newest = await self.refresh(now)
        if before == newest:
            self.newest = newest = before
        return newest
