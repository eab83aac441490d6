"""On which layouts do the contracts run that the modules beside this one take over? `fresh_url` names databases of each."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import FreshUrl
from tests.databases import PostgresServer
from tests.poolers import KEEPS_STATEMENTS, STATEMENTS, pgbouncer_version, pooled

PAGE = Path(__file__).parents[2] / "docs" / "postgresql-at-scale.md"
SESSIONS = (
    8  # of the pooler for a database: some contracts hold as many transactions open, and would wait for each other
)
POOLER, KEEPING, PARTITIONS = "pooler", "pooler that keeps statements", "partitions"


def partitioning() -> str:
    """The SQL that the page gives."""
    [found] = re.findall(r"^```sql\n(BEGIN;.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture(scope="session")
def contract_pooler(postgres_server: PostgresServer) -> Iterator[int]:
    """The port of a pooler in front of PostgreSQL."""
    with (
        TemporaryDirectory(prefix="pingxuan-pgbouncer-", dir="/tmp") as folder,
        pooled(postgres_server, Path(folder), SESSIONS) as port,
    ):
        yield port


@pytest.fixture(scope="session")
def partitioned_template(postgres_server: PostgresServer, migrated_template: str) -> str:
    """A migrated database whose ballots lie in partitions, to be copied, by its name."""
    postgres_server.run(f"CREATE DATABASE partitioned TEMPLATE {migrated_template}")
    postgres_server.run(partitioning(), "partitioned")
    return "partitioned"


@pytest.fixture(params=[POOLER, KEEPING, PARTITIONS])
def fresh_url(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, migrated_template: str
) -> Iterator[FreshUrl]:
    """Each call names another database of a layout. Where ballots lie in partitions it is migrated in any case."""
    layout, ending, port, template = request.param, "", postgres_server.port, migrated_template
    if layout == KEEPING and pgbouncer_version() < KEEPS_STATEMENTS:
        pytest.skip("this PgBouncer does not keep track of statements")
    if layout == PARTITIONS:
        template = request.getfixturevalue("partitioned_template")
    else:
        port = request.getfixturevalue("contract_pooler")
        ending = f"?statement_cache_size={STATEMENTS // 2}" if layout == KEEPING else ""
    with ExitStack() as databases:

        def url(*, migrated: bool = False) -> str:
            from_template = template if migrated or layout == PARTITIONS else "template0"
            made = databases.enter_context(postgres_server.fresh_database(from_template))
            return made.replace(f":{postgres_server.port}/", f":{port}/") + ending

        yield url
