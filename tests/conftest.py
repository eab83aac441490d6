"""Which fixtures does every test share?"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from api.storage.database import Database, open_database
from api.storage.migrating import migrate
from tests.databases import PostgresServer, running_postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Each call names another empty database. A test that uses it runs once on each dialect."""
    numbers = count(1)
    with ExitStack() as databases:

        def url() -> str:
            if request.param == "sqlite":
                return f"sqlite://{tmp_path}/folder{next(numbers)}/test.sqlite3"
            server: PostgresServer = request.getfixturevalue("postgres_server")
            return databases.enter_context(server.fresh_database())

        yield url


@pytest.fixture
def database_url(fresh_url: Callable[[], str]) -> str:
    """An empty database."""
    return fresh_url()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated database."""
    async with open_database(database_url) as database:
        await migrate(database)
        yield database
