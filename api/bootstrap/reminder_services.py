"""The services of reminders: which class implements which port."""

import secrets
from datetime import datetime
from typing import Any, NamedTuple

from api.clock import Clock, system_clock
from api.domain.campaigns.directory import Directory
from api.domain.voting.quota import ALPHABET
from api.identity.recipients import AesGcmSeal
from api.ports.reminders import ReminderMessages
from api.services.jobs.runner import worker_name
from api.services.reminder_sender import ReminderSender
from api.services.reminders import Reminders
from api.services.snapshots import Snapshots
from api.storage.database.connection import Database
from api.storage.reminders import SqlReminders

KEY_LENGTH = 26


class ReminderParts(NamedTuple):
    """What reminders stand on. secret: of the server."""

    database: Database
    messages: ReminderMessages
    secret: bytes
    snapshots: Snapshots
    clock: Clock


def reminder_services(parts: ReminderParts) -> dict[str, Any]:
    """What stores and what sends reminders, by the names that Services has for it."""

    async def directory(now: datetime) -> Directory:
        return (await parts.snapshots.fresh(now)).directory

    common = SqlReminders(parts.database), parts.messages, AesGcmSeal(), parts.secret
    return {
        "reminders": Reminders(*common, new_key),
        "reminder_sender": ReminderSender(*common, directory, parts.clock, system_clock, worker_name()),
    }


def new_key() -> str:
    """A key that nobody guesses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH))
