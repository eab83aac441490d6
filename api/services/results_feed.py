"""When those who watch are to look again, and whether they still may: asked only while anybody watches."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

from api.clock import Clock
from api.services.sessions import Authenticator
from api.services.snapshots import Snapshots

POLL_INTERVAL = 0.5  # seconds between two looks, so that a ballot is seen well within a second of its casting


@dataclass(frozen=True)
class ResultsFeed:
    """From where those who watch see what is counted."""

    snapshots: Snapshots
    authenticator: Authenticator
    clock: Clock

    async def admit(self, token: str | None) -> None:
        """Raise ApiError UNAUTHENTICATED when the token is not valid now; without one anybody may watch."""
        await self.snapshots.fresh(self.clock())
        self.check(token)

    def check(self, token: str | None) -> None:
        """The same, by the newest snapshot there is: for those who look again and again."""
        newest = self.snapshots.newest
        if token is not None and newest is not None:
            newest.access.check(self.authenticator.recognise(token, self.clock()))

    async def changes(self, anybody: Callable[[], bool]) -> AsyncIterator[bool]:
        """Twice a second, until nobody is left: whether anything has changed since the last look.

        What is stored is read each time, whoever else has asked for it; the snapshot that comes of it is everybody's.
        """
        before, loop = None, asyncio.get_running_loop()
        due = loop.time()
        while anybody():
            now = self.clock()
            version = (await self.snapshots.fresh(now, timedelta(seconds=POLL_INTERVAL / 2))).version(now)
            yield version != before
            before = version
            due = max(
                due + POLL_INTERVAL, loop.time() + POLL_INTERVAL / 10
            )  # whoever is late does not put off the next look as well
            await asyncio.sleep(due - loop.time())
