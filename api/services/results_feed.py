"""The changes of results and jobs, polled for subscriptions, and whether a subscriber's session is still valid."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

from api.clock import Clock
from api.ports.job_changes import JobChanges
from api.services.sessions import Authenticator
from api.services.snapshots import Snapshots

POLL_INTERVAL = 0.25  # seconds, so that what is left of a second after a ballot is enough to tell 20,000 subscribers


@dataclass(frozen=True)
class ResultsFeed:
    """Reports changes of the results to subscriptions; reads nothing while there is no subscriber."""

    snapshots: Snapshots
    authenticator: Authenticator
    clock: Clock
    jobs: JobChanges

    async def admit(self, token: str | None) -> None:
        """Raise ApiError UNAUTHENTICATED for a token that is not valid now; no token is fine."""
        await self.snapshots.fresh(self.clock())
        self.check(token)

    def check(self, token: str | None) -> None:
        """Check the token like admit, against the newest snapshot, however old that is."""
        newest = self.snapshots.newest
        if token is not None and newest is not None:
            newest.access.check(self.authenticator.tokens.verify(token, self.clock()))

    async def changes(self, has_subscribers: Callable[[], bool]) -> AsyncIterator[bool]:
        """Yield four times a second whether anything has changed since the last time, until there are no subscribers.

        Each time a snapshot younger than half the interval is made, which serves everybody else too.
        """
        before, loop = None, asyncio.get_running_loop()
        next_poll = loop.time()
        while has_subscribers():
            now = self.clock()
            version = (await self.snapshots.fresh(now, timedelta(seconds=POLL_INTERVAL / 2))).version(now)
            yield version != before
            before = version
            # A round that took too long does not delay the next one as well.
            next_poll = max(next_poll + POLL_INTERVAL, loop.time() + POLL_INTERVAL / 10)
            await asyncio.sleep(next_poll - loop.time())
