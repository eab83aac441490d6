"""Open the database that the settings name, and the snapshots of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.domain.errors import OperatorError
from api.instrumentation import NO_INSTRUMENTATION, Instrumentation
from api.services.snapshots import Snapshots
from api.settings import Settings
from api.storage.campaigns import SqlCampaigns
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import pending
from api.storage.database.urls import DatabaseUrl
from api.storage.earlier_counts import SqlTalliesOverTime
from api.storage.log.log_reader import SqlLogReader
from api.storage.roles import SqlAccessStore


class NotMigratedError(OperatorError):
    """Migrations that this version needs have not been applied."""


@asynccontextmanager
async def open_migrated(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of these settings. Raises NotMigratedError, or what open_database raises."""
    async with open_database(settings.database_url, create=False) as database:
        if migrations := await pending(database):
            place = DatabaseUrl.parse(settings.database_url).place
            raise NotMigratedError(f"The database {place} lacks {', '.join(migrations)}: run `pingxuan migrate` first.")
        yield database


def open_snapshots(
    database: Database, instrumentation: Instrumentation = NO_INSTRUMENTATION, kind: type[Snapshots] = Snapshots
) -> Snapshots:
    """The snapshots of what is stored in a database."""
    stores = SqlCampaigns(database), SqlTalliesOverTime(database), SqlAccessStore(database)
    return kind(*stores, instrumentation, SqlLogReader(database).logs)
