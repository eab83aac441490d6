"""The services of reminders: which class implements which port."""

from datetime import datetime
from typing import Any

from api.bootstrap.sign_in import reminder_messages
from api.clock import Clock, system_clock
from api.domain.campaigns.directory import Directory
from api.identity.http_client import ProviderClient
from api.identity.recipients import AesGcmSeal
from api.services.jobs.runner import worker_name
from api.services.random_keys import random_key
from api.services.reminder_sender import ReminderSender
from api.services.reminders import Reminders
from api.services.snapshots import Snapshots
from api.settings import Settings, required_secret
from api.storage.database.connection import Database
from api.storage.reminders import SqlReminders


def reminder_services(
    database: Database, settings: Settings, client: ProviderClient, snapshots: Snapshots, clock: Clock
) -> dict[str, Any]:
    """What stores and what sends reminders, by the names that Services has for it. Raises RemindersFileError."""

    async def directory(now: datetime) -> Directory:
        return (await snapshots.fresh(now)).directory

    messages = reminder_messages(settings.signing_in, client)
    common = SqlReminders(database), messages, AesGcmSeal(), required_secret(settings)
    return {
        "reminders": Reminders(*common, random_key),
        "reminder_sender": ReminderSender(*common, directory, clock, system_clock, worker_name()),
    }
