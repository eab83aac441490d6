"""What do the tests of jobs share? A SQLite database of their own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.storage.database.connection import open_database
from api.storage.database.migrator import migrate
from tests.job_worlds import JobWorld


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[JobWorld]:
    """Jobs of a campaign that is being voted in."""
    async with open_database(f"sqlite://{tmp_path}/jobs.sqlite3") as database:
        await migrate(database)
        yield JobWorld(database)
