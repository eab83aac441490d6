"""Which fixtures does every test share?"""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

from api import catalogues
from api.storage.database.connection import Database, open_database
from api.storage.database.migrator import migrate
from api.testing.sandbox import SandboxServer
from tests.commands import SEED
from tests.databases import PostgresServer, running_postgres
from tests.servers import SECRET, Server, edited_campaign, prepare, serving

# How long an example takes is the machine's affair, which may be busy.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
catalogues.install()

TRIAL = "trial-2016"
TRIAL_CHANGES = {
    "title": 'title = { zh = "试投", en = "Trial Vote" }',
    "edition": "",
    "opens_at": "opens_at = 2016-03-22T00:00:00+08:00",
    "closes_at": "closes_at = 2016-03-31T12:00:00+08:00",
}
# Of every sandbox: the secret of our other servers, and the engine under which the suite runs.
SETTINGS = {
    "PINGXUAN_SECRET": SECRET,
    "PINGXUAN_SESSION": "30d",
    "PINGXUAN_EXECUTION": os.environ.get("PINGXUAN_EXECUTION", "compiled"),
}


# The files that take longest are begun first, lest one worker is left with them while the others have nothing to do.
LONG = (
    "faults/test_faults.py",
    "clients/test_journeys.py",
    "clients/test_generating.py",
    "api/test_fuzzing.py",
    "contracts/test_log_sealing.py",
    "sandbox/test_plugin.py",
    "sandbox/test_command.py",
    "api/test_leaks.py",
    "api/test_leaks_of_jobs.py",
    "api/test_leaks_of_exports.py",
    "api/test_job_changes.py",
    "api/test_log_faults.py",
    "api/test_suspicions.py",
    "api/test_subscriptions.py",
    "cli/test_commands.py",
    "api/test_erasure.py",
    "api/test_revocation.py",
    "api/test_outages.py",
    "sandbox/test_control_api.py",
    "contracts/test_group_commit.py",
    "contracts/test_engines.py",
    "execution/test_equality.py",
    "execution/limits/test_document_limits.py",
    "contracts/test_moderation.py",
    "contracts/test_suspicions.py",
    "api/test_roles.py",
    "api/test_health.py",
    "api/test_paging.py",
    "api/test_sign_in_providers.py",
    "api/test_edge.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, and leave everything else in its order."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))


def pytest_collection_finish() -> None:
    """Keep the garbage collector away from ten thousand tests, which it would look through again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def pingxuan_campaigns(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The selection of 2017, and a trial a year before it that is over."""
    return SEED, edited_campaign(tmp_path_factory.mktemp("campaigns"), TRIAL, TRIAL_CHANGES)


@pytest.fixture(scope="session")
def pingxuan_settings() -> Mapping[str, str]:
    """Those of our other servers."""
    return SETTINGS


@pytest.fixture(scope="session")
def pingxuan_sandbox(pingxuan_sandbox: SandboxServer) -> Iterator[SandboxServer]:
    """The sandbox of the whole run, which does not fail unseen."""
    yield pingxuan_sandbox
    assert "Traceback" not in pingxuan_sandbox.log, pingxuan_sandbox.log


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "migrated.sqlite3"
    prepare(f"sqlite://{file}")
    return file


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> str:
    """A migrated PostgreSQL database, to be copied, by its name."""
    postgres_server.run("CREATE DATABASE migrated TEMPLATE template0")
    prepare(postgres_server.url("migrated"))
    return "migrated"


class FreshUrl(Protocol):
    """Names another database at each call, empty unless it is to be migrated."""

    def __call__(self, *, migrated: bool = False) -> str: ...


@pytest.fixture(params=["sqlite", "postgres"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FreshUrl]:
    """Each call names another empty database. A test that uses it runs once on each dialect."""
    numbers = count(1)
    with ExitStack() as databases:

        def url(*, migrated: bool = False) -> str:
            if request.param == "postgres":
                server: PostgresServer = request.getfixturevalue("postgres_server")
                template = request.getfixturevalue("migrated_template") if migrated else "template0"
                return databases.enter_context(server.fresh_database(template))
            file = tmp_path / f"folder{next(numbers)}" / "test.sqlite3"
            if migrated:
                file.parent.mkdir()
                shutil.copy(request.getfixturevalue("migrated_file"), file)
            return f"sqlite://{file}"

        yield url


@pytest.fixture
def database_url(fresh_url: FreshUrl, request: pytest.FixtureRequest) -> str:
    """An empty database, or a migrated one for a test that has it opened."""
    return fresh_url(migrated="database" in request.fixturenames)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated database."""
    async with open_database(database_url) as database:
        await migrate(database)
        yield database


@pytest.fixture(scope="session")
def seeded_2017(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the selection of 2017 and no ballot, to be copied."""
    file = tmp_path_factory.mktemp("seeded") / "2017.sqlite3"
    prepare(f"sqlite://{file}", SEED)
    return file


@pytest.fixture
def fresh_server(seeded_2017: Path, tmp_path: Path) -> Iterator[Server]:
    """One whose first ballot is the test's."""
    with serving(f"sqlite://{shutil.copy(seeded_2017, tmp_path / '2017.sqlite3')}") as server:
        yield server
