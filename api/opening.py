"""How the database of these settings is opened, and what is read of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.domain.faults import StaffError
from api.services.snapshots import Snapshots
from api.settings import Settings
from api.storage.campaigns import StoredCampaigns
from api.storage.database import Database, open_database
from api.storage.migrating import pending
from api.storage.people import StoredPeople
from api.storage.tallies import StoredTallies
from api.watching import UNWATCHED, Watch


class NotMigratedError(StaffError):
    """The database lacks migrations that this version needs."""


@asynccontextmanager
async def open_migrated(settings: Settings) -> AsyncIterator[Database]:
    """Open the database of these settings. Raises NotMigratedError, or what open_database raises."""
    async with open_database(settings.database_url) as database:
        if missing := await pending(database):
            raise NotMigratedError(f"The database lacks {', '.join(missing)}: run `pingxuan migrate` first.")
        yield database


def snapshots_of(database: Database, watch: Watch = UNWATCHED, kind: type[Snapshots] = Snapshots) -> Snapshots:
    """The snapshots of what is stored in a database."""
    return kind(StoredCampaigns(database), StoredTallies(database), StoredPeople(database), watch)
