"""What do the API's tests share? Databases with the campaigns in them, and a client of the sandbox for all who need no more."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from api.testing.sandbox import SandboxServer
from tests.databases import DURABLE, PostgresServer, running_postgres
from tests.servers import SEED, Client, prepare

NUMBERS = count(1)


@pytest.fixture(scope="session")
def seeded_file(pingxuan_campaigns: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the campaigns and no ballot, to be copied."""
    file = tmp_path_factory.mktemp("seeded") / "seeded.sqlite3"
    prepare(f"sqlite://{file}", *pingxuan_campaigns)
    return file


@pytest.fixture(scope="session")
def seeded_template(pingxuan_campaigns: tuple[Path, ...], postgres_server: PostgresServer) -> str:
    """The same as a PostgreSQL database, to be copied, by its name."""
    postgres_server.run("CREATE DATABASE api_seeded TEMPLATE template0")
    prepare(postgres_server.url("api_seeded"), *pingxuan_campaigns)
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


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL with the 2017 campaign that a test may stop; what it has committed survives that."""
    with running_postgres(DURABLE) as server:
        prepare(server.url("postgres"), SEED)
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections as any client has them, a few hundred at once, given up before the server gives up those that are idle."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=400, keepalive_timeout=2)) as session:
        yield session
    await drop_unsent()


async def drop_unsent() -> None:
    """Abort connections that are closed but have not sent all: a server that rejects a long body does not read its rest.

    They would outlive the event loop, and fail whichever test runs when they are collected. asyncio has no public list of them.
    """
    for transport in list(getattr(asyncio.get_running_loop(), "_transports", {}).values()):
        if transport.get_write_buffer_size():  # one that is already closed has no loop left to abort it
            transport.abort()
    await asyncio.sleep(0)


@pytest.fixture
def api(http: aiohttp.ClientSession, pingxuan_server: SandboxServer) -> Client:
    """A client of the sandbox, on the morning of the first voting day."""
    return Client(http, pingxuan_server)
