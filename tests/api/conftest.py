"""What do the API's tests share? Databases with the campaigns in them, and one server for all who need none of their own."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from tests.databases import PostgresServer
from tests.servers import SEED, Client, Server, edited_campaign, prepare, serving

TRIAL = "trial-2016"
TRIAL_CHANGES = {
    "title": 'title = { zh = "试投", en = "Trial Vote" }',
    "edition": "",
    "opens_at": "opens_at = 2016-03-22T00:00:00+08:00",
    "closes_at": "closes_at = 2016-03-31T12:00:00+08:00",
}
NUMBERS = count(1)


@pytest.fixture(scope="session")
def campaign_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The selection of 2017, and a trial a year before it that is over."""
    return SEED, edited_campaign(tmp_path_factory.mktemp("campaigns"), TRIAL, TRIAL_CHANGES)


@pytest.fixture(scope="session")
def seeded_file(campaign_files: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the campaigns and no ballot, to be copied."""
    file = tmp_path_factory.mktemp("seeded") / "seeded.sqlite3"
    prepare(f"sqlite://{file}", *campaign_files)
    return file


@pytest.fixture(scope="session")
def seeded_template(campaign_files: tuple[Path, ...], postgres_server: PostgresServer) -> str:
    """The same as a PostgreSQL database, to be copied, by its name."""
    postgres_server.run("CREATE DATABASE api_seeded TEMPLATE template0")
    prepare(postgres_server.url("api_seeded"), *campaign_files)
    return "api_seeded"


@pytest.fixture(scope="session")
def new_sqlite(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Each call names another database with the campaigns and no ballot."""
    folder = tmp_path_factory.mktemp("databases")

    def new() -> str:
        return f"sqlite://{shutil.copy(seeded_file, folder / f'{next(NUMBERS)}.sqlite3')}"

    return new


@pytest.fixture(params=["sqlite", "postgres"])
def seeded_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with the campaigns and no ballot. A test that uses it runs once on each dialect."""
    if request.param == "sqlite":
        yield request.getfixturevalue("new_sqlite")()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"api_{next(NUMBERS)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('seeded_template')}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def shared_server(new_sqlite: Callable[[], str]) -> Iterator[Server]:
    """A server on the morning of the first voting day, for tests that mind nobody else's ballots."""
    with serving(new_sqlite()) as server:
        yield server


@pytest.fixture(scope="session")
def early_server(shared_server: Server) -> Iterator[Server]:
    """A server on the same database an hour before voting opens."""
    with serving(shared_server.database_url, clock="2017-03-21T23:00:00+08:00") as server:
        yield server


@pytest.fixture(scope="session")
def late_server(shared_server: Server) -> Iterator[Server]:
    """A server on the same database the day after voting has closed."""
    with serving(shared_server.database_url, clock="2017-04-01T09:00:00+08:00") as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections as any client has them, a few hundred at once."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=400)) as session:
        yield session


@pytest.fixture
def api(http: aiohttp.ClientSession, shared_server: Server) -> Client:
    """A client of the shared server."""
    return Client(http, shared_server)
