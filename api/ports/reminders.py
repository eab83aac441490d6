"""What the services ask of storage and of WeChat about reminders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple, Protocol

from api.domain.campaigns.campaign import Campaign
from api.domain.people.reminders import Reminder, ReminderKind


class ReminderStore(Protocol):
    """The reminders that wait. One that was sent, was cancelled or helps nobody any more is deleted."""

    async def add(self, reminder: Reminder) -> None:
        """Store a reminder durably, in the place of any of its owner's of the same kind."""
        ...

    async def of(self, owners: Sequence[str]) -> tuple[Reminder, ...]:
        """The reminders of these owners, by when they are sent."""
        ...

    async def cancel(self, key: str, owners: Sequence[str]) -> Reminder | None:
        """Delete a reminder if it is one of these owners', and return it."""
        ...

    async def claim(self, worker: str, now: datetime, lease: "Lease", limit: int) -> tuple[Reminder, ...]:
        """Take up reminders that are due by now and that nobody works at, for as long as the lease lasts."""
        ...

    async def finish(self, key: str, worker: str) -> None:
        """Delete a reminder that this worker still holds."""
        ...

    async def put_off(self, key: str, worker: str, send_at: datetime, not_before: datetime | None = None) -> None:
        """Let go of a reminder that this worker still holds; not_before: by the machine's clock."""
        ...

    async def delete_late(self, before: datetime) -> None:
        """Delete every reminder that should have been sent before this moment."""
        ...


class Lease(NamedTuple):
    """From when to when, by the machine's clock, whoever claims reminders holds them."""

    since: datetime
    until: datetime


class SendOutcome(Enum):
    """What came of sending a message."""

    SENT = auto()
    REFUSED = auto()  # for good: the person takes none, or is not known any more
    LATER = auto()


class ReminderMessages(Protocol):
    """WeChat, as far as messages that somebody subscribed to are sent by it."""

    @property
    def templates(self) -> Mapping[ReminderKind, str]:
        """The ids of the templates of those kinds of reminders that can be sent; none where nothing is set up."""
        ...

    async def recipient(self, code: str) -> str:
        """Whom WeChat knows by this code of `wx.login`. Raises ApiError, as a sign-in does."""
        ...

    async def send(self, reminder: Reminder, recipient: str, campaign: Campaign) -> SendOutcome:
        """Send a reminder. Never fails, and nothing of the recipient gets into a log."""
        ...


class RecipientSeal(Protocol):
    """Encrypts recipients, so that a stolen database has none; key: 32 bytes. bound_to: what else has to be the same."""

    def seal(self, key: bytes, recipient: str, bound_to: str) -> bytes:
        """Encrypt and authenticate a recipient."""
        ...

    def open(self, key: bytes, sealed: bytes, bound_to: str) -> str | None:
        """Decrypt a recipient; None where key or text are others."""
        ...
