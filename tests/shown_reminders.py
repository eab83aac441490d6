"""Reminders in memory: everybody has asked for one, and may ask for others."""

from collections.abc import Sequence
from typing import ClassVar, cast

from api.domain.people.reminders import Reminder, ReminderKind
from api.domain.texts import Language
from api.ports.reminders import RecipientSeal, ReminderMessages, ReminderStore
from api.services.reminders import Reminders
from tests.campaigns import DURING


class OneReminder:
    """ports.reminders.ReminderStore as far as voters come to it: whoever asks has the same one."""

    def __init__(self, campaign: str) -> None:
        self.reminder = Reminder(
            "r" * 26, campaign, ReminderKind.VOTING_CLOSES, DURING, Language.ZH, "owner", b"sealed"
        )

    async def add(self, reminder: Reminder) -> None:
        pass

    async def of(self, owners: Sequence[str]) -> tuple[Reminder, ...]:
        return (self.reminder,)

    async def cancel(self, key: str, owners: Sequence[str]) -> Reminder | None:
        return self.reminder if key == self.reminder.key else None


class EveryMessage:
    """ports.reminders.ReminderMessages of a server that has a template of each kind."""

    templates: ClassVar = {kind: f"template of {kind.name}" for kind in ReminderKind}

    async def recipient(self, code: str) -> str:
        return f"openid of {code}"


class NoSeal:
    """ports.reminders.RecipientSeal that only joins what it is given."""

    def seal(self, key: bytes, recipient: str, reminder: str) -> bytes:
        return f"{recipient} {reminder}".encode()


def shown_reminders(campaign: str) -> Reminders:
    """Reminders of one campaign."""
    store, messages = cast(ReminderStore, OneReminder(campaign)), cast(ReminderMessages, EveryMessage())
    return Reminders(store, messages, cast(RecipientSeal, NoSeal()), b"a secret", lambda: "n" * 26)
