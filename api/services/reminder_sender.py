"""Send the reminders that are due, each by one process, and delete each as soon as it is sent."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from api.clock import Clock
from api.domain.campaigns.directory import Directory
from api.domain.errors import ApiError, ErrorCode
from api.domain.people.reminders import MAX_LATENESS, Reminder, is_moot, postponed
from api.domain.voting.quota import reminder_key
from api.ports.reminders import Lease, RecipientSeal, ReminderMessages, ReminderStore, SendOutcome
from api.services.reminders import secret_of

POLL_INTERVAL = 2.0  # seconds between two looks for reminders that are due
BATCH = 200  # reminders that a process takes up at once
AT_ONCE = 20  # messages under way
LEASE = timedelta(minutes=10)  # longer than a batch takes, each message within the time limit of a sign-in
RETRY_INTERVAL = timedelta(minutes=5)  # before a message is tried again
log = logging.getLogger("pingxuan.reminders")


class ReminderSender:
    """Sends reminders from this process. clock: that of the campaigns; time: the machine's, which leases go by."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it takes to send one
        self,
        store: ReminderStore,
        messages: ReminderMessages,
        seal: RecipientSeal,
        server_secret: bytes,
        directory: Callable[[datetime], Awaitable[Directory]],
        clock: Clock,
        time: Clock,
        worker: str,
    ) -> None:
        self._store = store
        self._messages = messages
        self._seal = seal
        self._server_secret = server_secret
        self._directory = directory
        self._clock = clock
        self._time = time
        self._worker = worker

    async def keep_sending(self) -> None:
        """Send what is due until cancelled. Whatever goes wrong, the next look comes."""
        while True:
            try:
                while await self.send_due() == BATCH:
                    pass
            except Exception as error:
                if isinstance(error, ApiError) and error.code is ErrorCode.OVERLOADED:
                    log.warning("reminders wait for the database: %s", error)
                else:
                    log.exception("reminders could not be sent")
            await asyncio.sleep(POLL_INTERVAL)

    async def send_due(self) -> int:
        """Send a batch of those that are due; return how many there were. A server that sends none deletes old ones."""
        now = self._clock()
        await self._store.delete_late(now - MAX_LATENESS)
        if not self._messages.templates:
            return 0
        since = self._time()
        due = await self._store.claim(self._worker, now, Lease(since, since + LEASE), BATCH)
        if due:
            directory, turn = await self._directory(now), asyncio.Semaphore(AT_ONCE)
            outcomes = Counter(await asyncio.gather(*(self._send(each, directory, now, turn) for each in due)))
            log.info("reminders: %s", ", ".join(f"{number} {name}" for name, number in sorted(outcomes.items())))
        return len(due)

    async def _send(self, reminder: Reminder, directory: Directory, now: datetime, turn: asyncio.Semaphore) -> str:
        """See to one reminder; return what became of it, in a word."""
        campaign = directory.campaigns.get(reminder.campaign)
        if campaign is None or is_moot(reminder, campaign, now):
            await self._store.finish(reminder.key, self._worker)
            return "dropped"
        if (later := postponed(reminder, campaign, now)) is not None:
            await self._store.put_off(reminder.key, self._worker, later)
            return "postponed"
        key = reminder_key(secret_of(self._server_secret, campaign))
        recipient = self._seal.open(key, reminder.recipient, reminder.key)
        if recipient is None:
            await self._store.finish(reminder.key, self._worker)
            return "unreadable"
        async with turn:
            outcome = await self._messages.send(reminder, recipient, campaign)
        if outcome is SendOutcome.LATER:
            await self._store.put_off(reminder.key, self._worker, reminder.send_at, self._time() + RETRY_INTERVAL)
        else:
            await self._store.finish(reminder.key, self._worker)
        return outcome.name.lower()
